using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.EndToEnd;

/// <summary><c>read --packets</c>: every verdict equals its flow's.</summary>
[Trait("Category", "EndToEnd")]
public sealed class PacketsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryTheory]
    [InlineData("flowmeter")]
    [InlineData("extended")]
    [InlineData("extended", "--decapsulate", "--local-net", "192.168.0.0/16", "--workers", "3")]
    [InlineData("extended", "--min-packets", "5", "--idle-timeout", "1", "--active-timeout", "3")]
    public void Every_packet_of_the_sample_has_the_verdict_of_its_flow(string profile, params string[] options) =>
        Check(Samples.Office, profile, options);

    [BinaryTheory(Need.SharedFolder)]
    [InlineData("flowmeter")]
    [InlineData("extended")]
    public void Every_packet_of_the_corpus_has_the_verdict_of_its_flow(string profile)
    {
        string[] captures = [.. SharedFolder.Captures().Where(path => new FileInfo(path).Length is > 1_000_000 and < 20_000_000)
            .Where((_, i) => i % 12 == 3).Take(4)];
        Assert.NotEmpty(captures);
        foreach (string capture in captures)
        {
            Check(capture, profile);
        }
    }

    /// <summary>
    /// Joins packets and flows by Community ID and time of the first packet. Flows of ICMP have no ID; their packets are counted by time
    /// and verdict alone.
    /// </summary>
    private void Check(string capture, string profile, params string[] options)
    {
        FlowMeterBinary.Run(
            [
                "read", "-q", capture, "--profile", profile, "--community-id", "-o", _folder["flows.csv"], "--packets",
                _folder["packets.csv"], "--summary", _folder["s.json"], .. options,
            ]).Succeeded();
        CsvTable flows = CsvTable.ReadFile(_folder["flows.csv"]);
        CsvTable packets = CsvTable.ReadFile(_folder["packets.csv"]);
        Assert.Equal(Summary.Read(_folder["s.json"]).Frames, packets.Rows.Count);
        int[] inFlows = [.. Enumerable.Range(0, packets.Rows.Count).Where(row => packets.Text(row, "outside").Length == 0)];
        Assert.Equal(flows.Sum("packets"), inFlows.Length);
        HashSet<string> known = [.. flows.Texts("community_id").Where(id => id.Length > 0)];
        Assert.NotEmpty(known);
        Dictionary<string, double> byFlow = Enumerable.Range(0, flows.Rows.Count)
            .GroupBy(row => Name(flows, row, "start_time", known), row => flows.Number(row, "packets"))
            .ToDictionary(group => group.Key, group => group.Sum());
        Dictionary<string, double> byPacket = inFlows
            .GroupBy(row => Name(packets, row, "flow_start_time", known))
            .ToDictionary(group => group.Key, group => (double)group.Count());
        Assert.Equal(byFlow.OrderBy(flow => flow.Key, StringComparer.Ordinal), byPacket.OrderBy(flow => flow.Key, StringComparer.Ordinal));
        Assert.Equal(3, flows.Texts("verdict").Concat(["benign", "malicious", "undecided"]).Distinct().Count());
    }

    private static string Name(CsvTable table, int row, string start, HashSet<string> known) =>
        $"{(known.Contains(table.Text(row, "community_id")) ? table.Text(row, "community_id") : "")} {table.Text(row, start)} "
            + $"{table.Text(row, "verdict")} {table.Text(row, "score")}";
}
