using FlowMeter.Engine.Features;
using FlowMeter.Engine.Scoring;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Metering;

/// <summary>
/// The column that says what pushed the score: last, the same for any number of workers, and of the decision where there is one.
/// </summary>
public sealed class ExplanationTests
{
    [Theory]
    [InlineData("flowmeter")]
    [InlineData("extended")]
    [InlineData("cic")]
    [InlineData("appflow")]
    public void The_column_is_added_and_nothing_else_changes(string profile)
    {
        Profile found = Profile.Find(profile)!;
        byte[] capture = CaptureWriter.Pcap(Traffic.Random(11, new TrafficShape { Conversations = 150 }));
        EngineMeter meter = new() { Profile = profile, Model = ModelOf(found, null), Label = "x" };
        EngineResult plain = meter.Run(capture);
        EngineResult explained = (meter with { Explain = 3 }).Run(capture);
        Assert.Equal([.. plain.Table.Header, "explanation"], explained.Table.Header);
        Assert.Equal(
            plain.SortedRows, explained.SortedRows.Select(row => row[..row.LastIndexOf(',')]).Order(StringComparer.Ordinal));
        Assert.Equal(explained.SortedRows, (meter with { Explain = 3, Workers = 3 }).Run(capture).SortedRows);
        int verdict = explained.Table.Column("verdict");
        Assert.Contains(explained.Table.Rows, row => row[verdict] == "malicious" && row[^1].Contains(" +", StringComparison.Ordinal));
        Assert.All(explained.Table.Rows, row =>
        {
            Assert.Equal(3, row[^1].Split("; ").Length);
            Assert.All(row[^1].Split("; "), push => Assert.Contains(
                push[push.LastIndexOf(' ') + 1], row[verdict] == "malicious" ? "+" : row[verdict] == "benign" ? "-" : "+-"));
        });
    }

    [Theory]
    [InlineData("flowmeter", 5, 1)]
    [InlineData("extended", 4, 2)]
    [InlineData("flowmeter", 1, 1)]
    public void At_a_decision_it_is_that_of_the_first_packets(string profile, int decideAfter, int workers)
    {
        Profile found = Profile.Find(profile)!;
        Dictionary<string, string> early = Explanations(profile, Flows(int.MaxValue), ModelOf(found, decideAfter), decideAfter, workers);
        Dictionary<string, string> cut = Explanations(profile, Flows(decideAfter), ModelOf(found, null), null, 1);
        Assert.Equal(200, early.Count);
        Assert.Equal(cut, early);
        Assert.NotEqual(Explanations(profile, Flows(int.MaxValue), ModelOf(found, null), null, 1), early);
    }

    /// <summary>UDP flows of 1 to 12 packets each, interleaved, of which only the first so many are written.</summary>
    private static byte[] Flows(int most)
    {
        Random random = new(3);
        List<Frame> frames = [];
        for (int packet = 0; packet < 12; packet++)
        {
            for (int flow = 0; flow < 200; flow++)
            {
                byte[] payload = new byte[random.Next(1400)];
                double time = (packet * 1.0) + (flow * 0.001) + (random.NextDouble() * 0.5);
                if (packet < 1 + (flow % 12) && packet < most)
                {
                    frames.Add(Samples.Ethernet(
                        time, PacketBuilder.IPv4("192.0.2.1", "192.0.2.2", 17, PacketBuilder.Udp((ushort)(1000 + flow), 53, payload))));
                }
            }
        }

        return CaptureWriter.Pcap([.. frames.OrderBy(frame => frame.TimestampNs)]);
    }

    private static Dictionary<string, string> Explanations(string profile, byte[] capture, Model model, long? decideAfter, int workers)
    {
        EngineResult result =
            new EngineMeter { Profile = profile, Model = model, DecideAfter = decideAfter, Workers = workers, Explain = 4 }.Run(capture);
        int port = result.Table.Column("src_port");
        return result.Table.Rows.ToDictionary(row => row[port], row => $"{row[^3]} {row[^2]} {row[^1]}");
    }

    private static Model ModelOf(Profile profile, int? decideAfter) => new()
    {
        Name = "m",
        Profile = profile.Name,
        Intercept = -0.3,
        Threshold = 0.6,
        BenignBelow = 0.4,
        DecideAfter = decideAfter,
        Features = [.. profile.FeatureNames.Select((name, i) => i % 2 == 0
            ? ModelFeature.Log1P(name, 3 + (i % 5), 1 + (i * 0.1), i % 4 == 0 ? 0.21 : -0.23)
            : ModelFeature.Bins(name, [1.0, 40.0 + i, 500.0, 60_000.0, 2_000_000.0], [0.1, -0.2, 0.05 * (i % 3), -0.1, 0.3, 0.07]))],
    };
}
