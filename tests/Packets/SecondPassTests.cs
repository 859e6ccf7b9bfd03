using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Packets;
using FlowMeter.Engine.Scoring;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Packets;

/// <summary>
/// Every packet is labelled, and the packets of a flow are as many from each end, and have the verdict, as its row in the table says.
/// </summary>
public sealed class SecondPassTests : IDisposable
{
    internal const string ByPackets = """
        { "schema": "flowmeter-model/1", "name": "by packets", "profile": "flowmeter", "intercept": -5, "least_packets": 2,
          "features": [ { "name": "packets", "transform": "identity", "centre": 0, "scale": 1, "weight": 1 } ] }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, 1 << 16, 1, 0)]
    [InlineData(3, 1 << 16, 1, 10)]
    [InlineData(1, 0, 1, 5)]
    [InlineData(3, 0, 4, 5)]
    public void Packets_add_up_to_the_table(int workers, long sweepFrom, long minPackets, int disorderSeconds)
    {
        for (int seed = 0; seed < 6; seed++)
        {
            TrafficShape shape = new() { MaxDisorderNs = disorderSeconds * 1_000_000_000L, Conversations = 150 };
            Check(CaptureWriter.Pcap(Traffic.Random(seed, shape)), workers, sweepFrom, minPackets);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Packets_in_tunnels_add_up_to_the_table(int workers)
    {
        for (int seed = 0; seed < 6; seed++)
        {
            Check(CaptureWriter.Pcap(TunnelTraffic.Random(seed)), workers, sweepFrom: 1 << 16, minPackets: 1, TunnelPorts.Default);
        }
    }

    [Fact]
    public void Flows_of_a_key_that_begin_at_one_time_are_told_apart()
    {
        // Reset and opened again within the clock's resolution: three flows of one key and one first time, of 2, 3 and 2 packets.
        byte[] flags = [TcpFlag.Syn, TcpFlag.Rst, TcpFlag.Syn, TcpFlag.Fin, TcpFlag.Rst, TcpFlag.Syn, TcpFlag.Rst];
        List<Frame> frames = [.. flags.Select(
            flag => Samples.Ethernet(1, PacketBuilder.IPv4("192.0.2.1", "192.0.2.2", 6, PacketBuilder.Tcp(1000, 80, flag))))];
        CsvTable packets = Check(CaptureWriter.Pcap(frames), workers: 1, sweepFrom: 1 << 16, minPackets: 1);
        Assert.Equal(
            [2, 2, 3, 3, 3, 2, 2],
            packets.Texts("score").Select(score => ByScore(double.Parse(score, System.Globalization.CultureInfo.InvariantCulture))));
        CsvTable some = Check(CaptureWriter.Pcap(frames), workers: 1, sweepFrom: 1 << 16, minPackets: 3);
        Assert.Equal(["min_packets", "min_packets", "", "", "", "min_packets", "min_packets"], some.Texts("outside"));
    }

    private static int ByScore(double score) => (int)Math.Round(5 + Math.Log(score / (1 - score)));

    private CsvTable Check(byte[] capture, int workers, long sweepFrom, long minPackets, TunnelPorts? tunnels = null)
    {
        FlowOptions flow = new() { SweepFrom = sweepFrom, MinPackets = minPackets, Tunnels = tunnels };
        MeteringOptions options = new() { Flow = flow, Export = new ExportOptions { HasCommunityId = true }, Workers = workers };
        Model model = ModelFile.Load(
            _folder.Write("m.json", ByPackets), Profile.All.ToDictionary(profile => profile.Name, profile => profile.FeatureNames));
        using VerdictIndex index = new();
        MeteringTotals totals;
        using (OutputFile flows = OutputFile.Open(_folder["flows.csv"]))
        using (MeteringProcess process = new(Profile.All[0], options, model, flows, index))
        using (IPacketSource source = Savefile.Open("capture", new MemoryStream(capture), _ => { }))
        {
            process.Run(source, CancellationToken.None);
            flows.Complete();
            totals = process.Totals;
        }

        using (OutputFile packets = OutputFile.Open(_folder["packets.csv"]))
        using (IPacketSource source = Savefile.Open("capture", new MemoryStream(capture), _ => { }))
        {
            Assert.Null(SecondPass.Run(source, null, flow, index, packets, null, CancellationToken.None));
            packets.Complete();
        }

        CsvTable table = CsvTable.ReadFile(_folder["flows.csv"]);
        CsvTable labelled = CsvTable.ReadFile(_folder["packets.csv"]);
        Assert.Equal(totals.Frames.Frames, labelled.Rows.Count);
        Assert.Equal(Enumerable.Range(1, labelled.Rows.Count).Select(frame => $"{frame}"), labelled.Texts("frame"));
        Assert.Equal(totals.Frames[DecodeResult.NonIp], labelled.Texts("outside").Count(reason => reason == "non_ip"));
        Assert.Equal(totals.Frames[DecodeResult.Malformed], labelled.Texts("outside").Count(reason => reason == "malformed"));
        Assert.Equal(totals.Frames[DecodeResult.Truncated], labelled.Texts("outside").Count(reason => reason == "truncated"));
        Assert.Equal(table.Sum("packets"), labelled.Texts("outside").Count(reason => reason.Length == 0));
        HashSet<string> known = [.. table.Texts("community_id").Where(id => id.Length > 0)];
        foreach (string direction in new[] { "fwd", "bwd" })
        {
            Assert.Equal(Volumes(table, direction, _ => true, withId: false), Packets(labelled, direction, _ => true, withId: false));
            Assert.Equal(
                Volumes(table, direction, known.Contains, withId: true), Packets(labelled, direction, known.Contains, withId: true));
        }

        return labelled;
    }

    private static SortedDictionary<string, long> Volumes(CsvTable table, string direction, Func<string, bool> isWanted, bool withId) =>
        Sum(
            Enumerable.Range(0, table.Rows.Count).Where(row => isWanted(table.Text(row, "community_id")))
                .Select(row => (Name(table, row, "start_time", withId), (long)table.Number(row, $"{direction}_packets"))));

    private static SortedDictionary<string, long> Packets(CsvTable table, string direction, Func<string, bool> isWanted, bool withId) =>
        Sum(
            Enumerable.Range(0, table.Rows.Count).Where(row => table.Text(row, "outside").Length == 0
                && table.Text(row, "direction") == direction && isWanted(table.Text(row, "community_id")))
                .Select(row => (Name(table, row, "flow_start_time", withId), 1L)));

    private static string Name(CsvTable table, int row, string start, bool withId) =>
        $"{(withId ? table.Text(row, "community_id") : "")} {table.Text(row, start)} {table.Text(row, "verdict")} "
            + $"{table.Text(row, "score")}";

    private static SortedDictionary<string, long> Sum(IEnumerable<(string Name, long Packets)> parts) =>
        new(parts.GroupBy(part => part.Name).Where(group => group.Sum(part => part.Packets) > 0).ToDictionary(
            group => group.Key, group => group.Sum(part => part.Packets)), StringComparer.Ordinal);
}
