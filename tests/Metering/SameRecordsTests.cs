using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Metering;

/// <summary>
/// The set of records is the same whatever the number of workers, the size of batches and tables, and whether idle flows are swept out
/// early (SPEC §2).
/// </summary>
public sealed class SameRecordsTests
{
    private const long Second = 1_000_000_000;

    public static TheoryData<int, int, long, long> Variations => new()
    {
        // Workers, bytes per read, flows from which on idle ones are swept out, flows at most.
        { 2, int.MaxValue, long.MaxValue, 1 << 20 },
        { 3, int.MaxValue, long.MaxValue, 1 << 20 },
        { 7, 10_000, long.MaxValue, 1 << 20 },
        { 1, 700, long.MaxValue, 1 << 20 },
        { 1, int.MaxValue, 0, 1 << 20 },
        { 1, 100, 0, 200_000 },
        { 1, int.MaxValue, 20, 100_000 },
        { 3, 3_000, 0, 150_000 },
    };

    [Theory, MemberData(nameof(Variations))]
    public void Of_random_traffic(int workers, int bytesPerRead, long sweepFrom, long maxFlows)
    {
        EngineMeter varied = new() { Workers = workers, BytesPerRead = bytesPerRead, SweepFrom = sweepFrom, MaxFlows = maxFlows };
        for (int seed = 100; seed < 112; seed++)
        {
            byte[] capture = CaptureWriter.Pcap(
                Traffic.Random(seed, new TrafficShape { MaxDisorderNs = 10 * Second, Conversations = 150 }));
            AssertSame(Plain("flowmeter", capture), varied.Run(capture), $"seed {seed}");
        }
    }

    [SharedFact]
    public void Of_real_captures()
    {
        // The largest have most flows; of the rest some, so that every kind is among them.
        string[] captures = [.. SharedFolder.Captures().OrderByDescending(path => new FileInfo(path).Length)];
        Parallel.ForEach(captures.Take(30).Concat(captures.Skip(30).Where((_, index) => index % 20 == 0)), path =>
        {
            byte[] capture = File.ReadAllBytes(path);
            EngineResult plain = Plain("flowmeter", capture);
            foreach (object[] variation in Variations)
            {
                (int workers, int bytesPerRead, long sweepFrom, long maxFlows) =
                    ((int)variation[0], (int)variation[1], (long)variation[2], (long)variation[3]);
                EngineMeter varied =
                    new() { Workers = workers, BytesPerRead = Math.Max(bytesPerRead, 10_000), SweepFrom = sweepFrom, MaxFlows = maxFlows };
                AssertSame(plain, varied.Run(capture), $"{Path.GetFileName(path)}, {varied}");
            }
        });
    }

    [Theory, MemberData(nameof(Variations))]
    public void Of_Deepfence_flows(int workers, int bytesPerRead, long sweepFrom, long maxFlows)
    {
        EngineMeter varied = new()
        {
            Profile = "deepfence",
            Workers = workers,
            BytesPerRead = bytesPerRead,
            SweepFrom = sweepFrom,
            MaxFlows = maxFlows,
        };
        for (int seed = 100; seed < 106; seed++)
        {
            byte[] capture = CaptureWriter.Pcap(Traffic.Random(seed, new TrafficShape { Conversations = 150 }));
            AssertSame(Plain("deepfence", capture), varied.Run(capture), $"seed {seed}");
        }
    }

    /// <summary>
    /// More first fragments than are remembered: every worker has to forget the same ones, or a later fragment is taken by two of them or
    /// by none.
    /// </summary>
    [Fact]
    public void Of_more_fragments_than_are_remembered()
    {
        byte[] capture = CaptureWriter.Pcap(FragmentFlood.Frames(40_000));
        EngineResult one = new EngineMeter().Run(capture);
        EngineResult three = new EngineMeter { Workers = 3 }.Run(capture);

        Assert.Equal(80_000, one.Sum("packets"));
        Assert.Equal(80_000, three.Sum("packets"));
    }

    /// <summary>One worker that never sweeps.</summary>
    private static EngineResult Plain(string profile, byte[] capture) =>
        new EngineMeter { Profile = profile, SweepFrom = long.MaxValue }.Run(capture);

    private static void AssertSame(EngineResult plain, EngineResult other, string name)
    {
        Assert.True(plain.Damage?.Message == other.Damage?.Message, name);
        if (plain.Totals is null)
        {
            return;
        }

        Assert.True(plain.SortedRows.SequenceEqual(other.SortedRows), $"{name}: {FirstDifference(plain.SortedRows, other.SortedRows)}");
        Assert.Equal(plain.Totals.Frames.Frames, other.Totals!.Frames.Frames);
        Assert.Equal(plain.Totals.Frames.Bytes, other.Totals.Frames.Bytes);
        Assert.Equal(plain.Totals.OutOfOrder, other.Totals.OutOfOrder);
        Assert.Equal(plain.Totals.ClockJumps, other.Totals.ClockJumps);
        Assert.Equal(plain.Totals.BelowMinimum, other.Totals.BelowMinimum);
    }

    private static string FirstDifference(string[] expected, string[] actual) =>
        $"{expected.Length} and {actual.Length} rows, first only in one: {expected.Except(actual).FirstOrDefault()} / "
            + $"{actual.Except(expected).FirstOrDefault()}";
}
