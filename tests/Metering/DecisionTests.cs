using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Scoring;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Metering;

/// <summary>
/// A flow that is judged at its N-th packet gets what its first N packets, cut off and scored by themselves, get; and its row is that of
/// the whole flow.
/// </summary>
public sealed class DecisionTests
{
    [Theory]
    [InlineData("flowmeter", 1, 1)]
    [InlineData("flowmeter", 2, 3)]
    [InlineData("flowmeter", 3, 1)]
    [InlineData("flowmeter", 7, 2)]
    [InlineData("extended", 4, 2)]
    [InlineData("extended", 20, 1)]
    [InlineData("full", 4, 1)]
    [InlineData("full", 20, 3)]
    [InlineData("cic", 5, 1)]
    [InlineData("deepfence", 4, 3)]
    public void The_score_is_that_of_the_first_packets(string profile, int decideAfter, int workers)
    {
        Profile found = Profile.Find(profile)!;
        Model model = ModelOf(found, decideAfter);
        int decided = 0;
        for (int seed = 0; seed < 6; seed++)
        {
            byte[] capture = CaptureWriter.Pcap(
                Traffic.Random(seed, new TrafficShape { Conversations = 150, MaxDisorderNs = seed % 2 * 8_000_000_000L }));
            FlowOptions flow = new() { Rules = found.Rules, MinPackets = 1
                + (seed % 3 * 3), SweepFrom = seed < 3 ? 0 : 1 << 16, DecideAfter = decideAfter };
            MeteringOptions options = new() { Flow = flow, Workers = workers };
            string[] judged = Flows(found, options, model, capture);
            Assert.Equal(Flows(found, options, null, capture, model), judged);
            decided += judged.Count(flow => !flow.StartsWith("whole", StringComparison.Ordinal));
        }

        Assert.True(decided > 20, $"{decided} flows are judged early");
    }

    [Fact]
    public void Flows_that_are_pushed_out_and_begin_again_within_a_window_are_judged_apart()
    {
        // Reset and opened again: flows of one row, of 2, 4, 1, 3 packets and so on, many in a window.
        Profile profile = Profile.All[0];
        Model model = ModelOf(profile, 2);
        List<Frame> frames = [];
        for (int flow = 0; flow < 100; flow++)
        {
            for (int packet = 0; packet < 1 + (flow * 7 % 5); packet++)
            {
                byte flags = packet == 0 ? TcpFlag.Syn : flow * 7 % 5 == packet ? TcpFlag.Rst : TcpFlag.Ack;
                frames.Add(Samples.Ethernet(
                    flow * 0.001,
                    PacketBuilder.IPv4("192.0.2.1", "192.0.2.2", 6, PacketBuilder.Tcp((ushort)(1000 + (flow % 3)), 80, flags))));
            }
        }

        List<string> all = [];
        foreach (long room in new long[] { 1, 2, 1 << 10 })
        {
            MeteringOptions options = new() { Flow = new FlowOptions { DecideAfter = 2, MaxFlows = room } };
            string[] judged = Flows(profile, options, model, CaptureWriter.Pcap(frames));
            Assert.Equal(Flows(profile, options, null, CaptureWriter.Pcap(frames), model), judged);
            all.AddRange(judged);
        }

        Assert.Contains(all, flow => flow.StartsWith("whole", StringComparison.Ordinal));
        Assert.Contains(all, flow => flow.StartsWith("early", StringComparison.Ordinal));
    }

    [Fact]
    public void The_table_has_whole_flows()
    {
        Model model = ModelOf(Profile.All[0], 5);
        byte[] capture = CaptureWriter.Pcap(Traffic.Random(3, new TrafficShape { Conversations = 200 }));
        EngineResult plain = new EngineMeter().Run(capture);
        EngineResult early = new EngineMeter { Model = model, DecideAfter = 5, Workers = 2 }.Run(capture);
        string[] unjudged =
            [.. early.SortedRows.Select(row => row[..row.LastIndexOf(',', row.LastIndexOf(',') - 1)]).Order(StringComparer.Ordinal)];
        Assert.Equal(plain.SortedRows, unjudged);
        EngineResult late = new EngineMeter { Model = model }.Run(capture);
        Assert.NotEqual(late.SortedRows, early.SortedRows);

        // What is spared are the packets after the fifth of flows judged benign there.
        int packets = early.Table.Column("packets");
        long spared = early.Table.Rows.Where(row => row[^1] == "benign").Sum(
            row => Math.Max(long.Parse(row[packets], System.Globalization.CultureInfo.InvariantCulture) - 5, 0));
        Assert.Equal(spared, early.Totals!.Bypassed.Packets);
        Assert.InRange(early.Totals.Bypassed.Bytes, spared * 20, early.Sum("bytes"));
        Assert.Equal(late.Totals!.ByVerdict(Verdict.Benign).Packets, late.Totals.Bypassed.Packets);
    }

    /// <summary>A model whose score depends on many features, and so on every packet up to the decision.</summary>
    private static Model ModelOf(Profile profile, int decideAfter) => new()
    {
        Name = "early",
        Profile = profile.Name,
        Intercept = -0.3,
        Threshold = 0.5,
        MinPackets = 2,
        DecideAfter = decideAfter,
        Features = [.. profile.FeatureNames.Select((name, i) => i % 2 == 0
            ? ModelFeature.Log1P(name, 3 + (i % 5), 1 + (i * 0.1), i % 4 == 0 ? 0.21 : -0.23)
            : ModelFeature.Bins(name, [1.0, 40.0 + i, 500.0, 60_000.0, 2_000_000.0], [0.1, -0.2, 0.05 * (i % 3), -0.1, 0.3, 0.07]))],
    };

    /// <summary>
    /// All flows in order: who, when, how large, score bit for bit, verdict. With a scorer instead of a model, the score is that of the
    /// features that come out.
    /// </summary>
    private static string[] Flows(Profile profile, MeteringOptions options, Model? model, byte[] capture, Model? scorer = null)
    {
        List<string> flows = [];
        using IPacketSource source = Savefile.Open("capture", new MemoryStream(capture), _ => { });
        using MeteringProcess process = new(
            profile, options, model, block => new ListingSink(profile, block, options.Flow.DecideAfter!.Value, scorer, flows));
        process.Run(source, CancellationToken.None);
        flows.Sort(StringComparer.Ordinal);
        return [.. flows];
    }

    private sealed class ListingSink(Profile profile, FeatureBlock features, long decideAfter, Model? model, List<string> flows) : IFlowSink
    {
        public unsafe void Write(FlowRecordBlock records, BlockScorer? verdicts)
        {
            double[] scores = new double[FeatureBlock.Capacity];
            if (model != null)
            {
                new Scorer(model, profile.FeatureNames).Score(features, scores);
            }

            lock (flows)
            {
                for (int i = 0; i < records.Count; i++)
                {
                    FlowHeader* flow = records.Header(i);
                    (ulong packets, ulong bytes) = records.WholeVolume(i);
                    double score = verdicts?.Probability(i) ?? scores[i];
                    Verdict verdict = verdicts?.VerdictOf(i) ?? new VerdictRule(model!).Decide(score, (long)records.Volume(i).Packets);
                    ulong tail = flow->Key.Tail & FlowKey.TailMask;
                    flows.Add($"{(packets >= (ulong)decideAfter ? "early" : "whole")} {flow->Key.AUpper:x}{flow->Key.ALower:x}"
                        + $"{flow->Key.BUpper:x}{flow->Key.BLower:x}{tail:x} {flow->First} {packets} {bytes} "
                        + $"{BitConverter.DoubleToInt64Bits(score):x} {verdict}");
                }
            }
        }

        public void Flush()
        {
        }

        public void Dispose()
        {
        }
    }
}
