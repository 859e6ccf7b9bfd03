using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Learning.Data;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Learning.Data;

/// <summary>Captures that share a flow are one group, by whatever profile and format; captures that do not are not.</summary>
public sealed class CaptureGroupsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _told = [];

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Profiles => [.. Profile.All.Select(profile => profile.Name)];

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_flow_of_15_packets_that_two_captures_share_makes_them_one(string profile)
    {
        string[] captures =
            [Capture("a", Flow(15, seed: 1), Flow(20, seed: 2)), Capture("b", Flow(30, seed: 3), Flow(15, seed: 1)), Capture(
                "c", Flow(15, 4))];
        Assert.Equal([0, 0, 1], Groups(profile, null, captures));
        Assert.Contains("3 captures, 2 groups: captures that share a flow are one", _told);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_flow_of_14_packets_says_too_little(string profile)
    {
        string[] captures = [Capture("a", Flow(14, seed: 1), Flow(16, 2)), Capture("b", Flow(14, seed: 1), Flow(17, 3))];
        Assert.Equal([0, 1], Groups(profile, null, captures));
        Assert.Contains("2 captures, 2 groups: no two share a flow", _told);
    }

    [Fact]
    public void Captures_in_a_chain_are_one()
    {
        string[] captures =
        [
            Capture("a", Flow(15, seed: 1)), Capture("x", Flow(15, seed: 9)), Capture("c", Flow(15, seed: 2)),
            Capture("b", Flow(15, seed: 1), Flow(15, seed: 2)),
        ];
        Assert.Equal([0, 1, 0, 0], Groups("flowmeter", null, captures));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(100)]
    public void Where_flows_are_decided_early_whole_flows_are_compared(int decideAfter)
    {
        int[] flow = Flow(40, seed: 1);
        int[] other = [.. flow[..25], -flow[25], .. flow[26..]];
        Assert.Equal(
            [0, 1, 0], Groups("extended", decideAfter, Capture("a", flow), Capture("b", other), Capture("c", Flow(15, 7), flow)));
    }

    [Fact]
    public void The_first_83_packets_are_compared_and_no_more()
    {
        int[] flow = Flow(90, seed: 1);
        int[] differsAt83 = [.. flow[..82], flow[82] + Math.Sign(flow[82]), .. flow[83..]];
        int[] differsAt84 = [.. flow[..83], flow[83] + Math.Sign(flow[83]), .. flow[84..]];
        Assert.Equal([0, 1, 0], Groups("flowmeter", null, Capture("a", flow), Capture("b", differsAt83), Capture("c", differsAt84)));
    }

    [Fact]
    public void The_same_sizes_in_other_directions_are_another_sequence()
    {
        int[] flow = [.. Enumerable.Repeat(100, 15)];
        Assert.Equal([0, 1], Groups("flowmeter", null, Capture("a", flow), Capture("b", [.. flow[..14], -100])));
    }

    [Fact]
    public void Formats_are_no_difference()
    {
        List<Frame> frames = [.. Frames(0, 0, Flow(20, seed: 1))];
        string pcap = _folder.WriteCapture("a.pcap", frames);
        string pcapng = _folder.Write("b.pcapng", CaptureWriter.PcapNg(frames));
        string zipped = _folder["c.pcap.gz"];
        using (FileStream file = File.Create(zipped))
        using (System.IO.Compression.GZipStream gzip = new(file, System.IO.Compression.CompressionLevel.Fastest))
        {
            gzip.Write(File.ReadAllBytes(pcap));
        }

        Assert.Equal([0, 0, 0], Groups("flowmeter", null, pcap, pcapng, zipped));
    }

    [Fact]
    public void Flows_that_are_thinned_out_count_and_flows_without_a_label_do_not()
    {
        string a = Capture("a", Flow(15, 11), Flow(15, seed: 1));
        string b = Capture("b", Flow(15, 12), Flow(15, seed: 1));
        Assert.Equal([0, 0], Groups("flowmeter", null, [a, b], flowsPerCapture: 1));
        string labels = _folder.Write("labels.tsv", string.Concat(new[] { "a", "b" }.Select(
            name => $"{name}.pcap\t17\t192.0.2.1\t10000\t198.51.100.2\t4000\t1700000000.0\tmalicious\n")));
        Assert.Equal([0, 1], Groups("flowmeter", null, [a, b], labels: FlowLabels.Load(labels, _told.Add)));
    }

    [SharedFact]
    public void Five_copies_of_a_capture_are_one_group()
    {
        string twins = Path.Combine(SharedFolder.Path!, "cases", "judgement", "twins");
        string[] malicious = [.. "abcde".Select(name => Copy(Path.Combine(twins, "a.pcap"), $"{name}"))];
        string[] benign = [.. Directory.GetFiles(twins, "ben*.pcap").Order(StringComparer.Ordinal)];
        LabelledCapture[] captures =
            [.. malicious.Select(path => new LabelledCapture(path, true)), .. benign.Select(path => new LabelledCapture(path, false))];
        DataSet data = Read("flowmeter", null, captures);
        Assert.Single(data.ByCapture(data.AllRows()).Where(rows => data.Positive[rows[0]]).Select(rows => data.Group[rows[0]]).Distinct());
        Assert.Equal(5, data.ByCapture(data.AllRows()).Count(rows => data.Positive[rows[0]]));
    }

    private string Copy(string capture, string name)
    {
        File.Copy(capture, _folder[name + ".pcap"]);
        return _folder[name + ".pcap"];
    }

    private int[] Groups(string profile, int? decideAfter, params string[] captures) => Groups(profile, decideAfter, captures, null);

    /// <summary>The group of each capture, numbered in order.</summary>
    private int[] Groups(
        string profile, int? decideAfter, string[] captures, int? flowsPerCapture = null, FlowLabels? labels = null)
    {
        DataSet data = Read(
            profile, decideAfter, [.. captures.Select(path => new LabelledCapture(path, labels == null ? true : null))], flowsPerCapture,
            labels);
        return [.. captures.Select(
            capture => data.Group[Array.IndexOf([.. data.Capture.Select(number => data.Captures[number])], capture)])];
    }

    private DataSet Read(
        string profile, long? decideAfter, LabelledCapture[] captures, int? flowsPerCapture = null, FlowLabels? labels = null)
    {
        Profile found = Profile.Find(profile)!;
        MeteringOptions options = new()
        {
            Flow = new FlowOptions { Rules = found.Rules, DecideAfter = found.KeepsHistory ? null : decideAfter },
        };
        return new CaptureData(found, options, labels, flowsPerCapture, _told.Add).Read(
            captures, new InputProgress(), CancellationToken.None);
    }

    /// <summary>A flow of so many packets: sizes of their payloads, negative for answers; the first packet is forward.</summary>
    private static int[] Flow(int packets, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, packets).Select(i => (10 + random.Next(1000)) * (i > 0 && random.Next(3) == 0 ? -1 : 1))];
    }

    /// <summary>A capture of flows at times and addresses of its own.</summary>
    private string Capture(string name, params int[][] flows) => _folder.WriteCapture(
        name + ".pcap",
        [.. flows.SelectMany((flow, i) => Frames(i, flow.Length * 0.01, flow)).OrderBy(frame => frame.TimestampNs)]);

    private static IEnumerable<Frame> Frames(int number, double shift, int[] flow) => flow.Select((size, i) => Samples.Ethernet(
        (i * (0.1 + shift)) + (number * 0.01),
        size > 0
            ? PacketBuilder.IPv4("192.0.2.1", "198.51.100.2", PacketBuilder.UdpProtocol, PacketBuilder.Udp(
                10_000 + number, 4000, PacketBuilder.Payload(size)))
            : PacketBuilder.IPv4("198.51.100.2", "192.0.2.1", PacketBuilder.UdpProtocol, PacketBuilder.Udp(
                4000, 10_000 + number, PacketBuilder.Payload(-size)))));
}
