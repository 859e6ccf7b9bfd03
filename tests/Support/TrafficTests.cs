using FlowMeter.Tests.Oracle;

namespace FlowMeter.Tests.Support;

public sealed class TrafficTests
{
    [Fact]
    public void The_same_seed_makes_the_same_bytes()
    {
        TrafficShape shape = new() { MaxDisorderNs = 9_000_000_000 };

        Assert.Equal(CaptureWriter.Pcap(Traffic.Random(8, shape)), CaptureWriter.Pcap(Traffic.Random(8, shape)));
        Assert.NotEqual(CaptureWriter.Pcap(Traffic.Random(8, shape)), CaptureWriter.Pcap(Traffic.Random(9, shape)));
    }

    [Fact]
    public void Disorder_stays_below_its_bound()
    {
        TrafficShape shape = new() { MaxDisorderNs = 9_000_000_000 };
        List<Frame> frames = Traffic.Random(10, shape);
        long newest = 0;
        long worst = 0;
        foreach (Frame frame in frames)
        {
            newest = Math.Max(newest, frame.TimestampNs);
            worst = Math.Max(worst, newest - frame.TimestampNs);
        }
        Assert.InRange(worst, 1_000_000_000, shape.MaxDisorderNs);
        Assert.True(ReferenceMeter.Run(frames).OutOfOrder > 0);

        List<Frame> ordered = Traffic.Random(10);
        Assert.Equal(ordered.Select(frame => frame.TimestampNs).Order(), ordered.Select(frame => frame.TimestampNs));
    }

    [Fact]
    public void Every_way_to_end_and_to_be_skipped_happens()
    {
        HashSet<string> reasons = [];
        HashSet<ReferenceOutcome> outcomes = [ReferenceOutcome.UnsupportedLinkType];
        for (int seed = 0; seed < 10; seed++)
        {
            ReferenceResult result = ReferenceMeter.Run(Traffic.Random(seed));
            reasons.UnionWith(result.Records.Select(record => record.EndReason));
            outcomes.UnionWith(Enum.GetValues<ReferenceOutcome>().Where(outcome => result[outcome] > 0));
        }
        Assert.Equal(["active", "end", "forced", "idle"], reasons.Order());
        Assert.Equal(Enum.GetValues<ReferenceOutcome>(), outcomes.Order());
    }
}
