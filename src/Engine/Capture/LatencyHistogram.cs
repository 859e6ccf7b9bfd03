namespace FlowMeter.Engine.Capture;

/// <summary>
/// How long things took, counted in fixed buckets from 10 µs to 10 s. Owned and written by one thread; others may read it at any time.
/// Observing is a walk over one cache line or three and no lock; it is meant for batches, not for packets.
/// </summary>
public sealed class LatencyHistogram
{
    private static readonly long[] s_bounds =
    [
        10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
        1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000,
        100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000, 10_000_000_000,
    ];

    private readonly long[] _counts = new long[s_bounds.Length + 1];
    private long _sum;

    /// <summary>Upper bounds of the buckets in nanoseconds, each inclusive, ascending. One more bucket has all that is longer.</summary>
    public static IReadOnlyList<long> Bounds => s_bounds;

    /// <summary>The sum of all that was observed, in nanoseconds.</summary>
    public long Sum => Volatile.Read(ref _sum);

    /// <summary>Observations in bucket <paramref name="index"/>, from 0 to the number of <see cref="Bounds"/>; not cumulative.</summary>
    public long this[int index] => Volatile.Read(ref _counts[index]);

    /// <summary>Counts one observation; a negative one, from a clock set back, as 0.</summary>
    public void Observe(long nanoseconds)
    {
        nanoseconds = Math.Max(nanoseconds, 0);
        int bucket = 0;
        while (bucket < s_bounds.Length && nanoseconds > s_bounds[bucket])
        {
            bucket++;
        }

        _counts[bucket]++;
        _sum += nanoseconds;
    }
}
