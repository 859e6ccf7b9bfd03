using FlowMeter.Engine.Features;
using FlowMeter.Engine.Scoring;
using FlowMeter.Tests.Support;
using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Metering;

/// <summary>Flows of too few packets for a score, judged by what their source did: in profile <c>full</c>.</summary>
public sealed class VerdictByHostTests
{
    private const long Second = 1_000_000_000;
    private const int Ports = 60;

    [Theory]
    [InlineData(1, 1L)]
    [InlineData(3, 1L)]
    [InlineData(3, 4L)]
    public void A_scan_is_malicious_from_its_twentieth_flow_on(int workers, long minPackets)
    {
        EngineResult result = Run("full", workers, minPackets, [.. Scan(), .. Talk(minPackets)]);
        IEnumerable<string> scan =
            [.. Enumerable.Repeat("203.0.113.9 malicious,host", Ports - 19), .. Enumerable.Repeat("203.0.113.9 undecided,", 19)];
        string[] talks = ["192.0.2.50 undecided,", "203.0.113.9 malicious,flow", "203.0.113.9 malicious,host"];
        Assert.Equal(
            talks.Concat(minPackets > 1 ? [] : scan).Order(StringComparer.Ordinal),
            result.Table.Rows.Select(row => $"{Text(result, row, "src_ip")} {Verdict(result, row)}").Order(StringComparer.Ordinal));
        Assert.Equal(["score", "verdict", "verdict_by"], result.Table.Header[^3..]);
        Assert.Equal(minPackets > 1 ? 1 : Ports - 18, result.Totals!.ByHost);
    }

    [Theory]
    [InlineData("flowmeter")]
    [InlineData("extended")]
    public void Other_profiles_judge_no_flow_by_its_source(string profile)
    {
        EngineResult result = Run(profile, 1, 1, [.. Scan(), .. Talk(1)]);
        Assert.DoesNotContain("verdict_by", result.Table.Header);
        Assert.Equal(1, result.Table.Rows.Count(row => Text(result, row, "verdict") == "malicious"));
    }

    [Fact]
    public void Without_a_model_there_is_no_verdict_of_either_kind() =>
        Assert.DoesNotContain(
            "verdict_by", new EngineMeter { Profile = "full" }.Run(CaptureWriter.Pcap(Scan())).Table.Header);

    /// <summary>Half-open: a SYN, answered by a RST.</summary>
    private static List<Frame> Scan() =>
    [
        .. Enumerable.Range(1, Ports).SelectMany(port => new[]
        {
            Frame.Whole(LinkRaw, Second + (port * 1000), IPv4("203.0.113.9", "192.0.2.1", TcpProtocol, Tcp(40_000, port, Syn))),
            Frame.Whole(
                LinkRaw, Second + (port * 1000) + 500, IPv4("192.0.2.1", "203.0.113.9", TcpProtocol, Tcp(port, 40_000, Rst | Ack))),
        }),
    ];

    /// <summary>After it, of the scanner a flow too short for a score and one long enough; of somebody else a short one.</summary>
    private static IEnumerable<Frame> Talk(long packets) =>
        new[] { ("203.0.113.9", 5001, Math.Max(packets, 2)), ("203.0.113.9", 5002, 6), ("192.0.2.50", 5003, Math.Max(packets, 2)) }
            .SelectMany(talk => Enumerable.Range(0, (int)talk.Item3).Select(packet => Frame.Whole(
                LinkRaw, ((2 + packet) * Second) + talk.Item2,
                IPv4(talk.Item1, "192.0.2.1", UdpProtocol, Udp(talk.Item2, 53, Payload(4))))))
            .OrderBy(frame => frame.TimestampNs);

    private static EngineResult Run(string profile, int workers, long minPackets, List<Frame> frames) => new EngineMeter
    {
        Profile = profile,
        Workers = workers,
        MinPackets = minPackets,
        Model = new Model
        {
            Name = "m",
            Profile = profile,
            Intercept = 1,
            Threshold = 0.5,
            MinPackets = 5,
            Features = [ModelFeature.Log1P(Profile.Find(profile)!.FeatureNames[0], 1, 1, 0.001)],
        },
    }.Run(CaptureWriter.Pcap(frames));

    private static string Verdict(EngineResult result, string[] row) => $"{Text(result, row, "verdict")},{Text(result, row, "verdict_by")}";

    private static string Text(EngineResult result, string[] row, string column) => row[result.Table.Column(column)];
}
