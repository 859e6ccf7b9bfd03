namespace FlowMeter.Engine.Capture;

/// <summary>
/// The progress of one worker's loop, for observers: how long its batches took, and whether it is stuck in one. The worker marks the
/// beginning and the end of every batch, which costs two readings of the clock; waiting for packets, or for an interface, however long, is
/// no lack of progress. Written by its worker; others may read it at any time.
/// </summary>
/// <param name="clock">Measures the time that passes.</param>
public sealed class WorkerProgress(TimeProvider clock)
{
    private const long None = long.MinValue;

    private long _began = None;

    /// <summary>How long batches took, from their packets being there to their being accounted for.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>Packets may be there, and are metered from now on.</summary>
    /// <returns>When that was, for <see cref="Done"/>.</returns>
    public long Begin()
    {
        long now = clock.GetTimestamp();
        Volatile.Write(ref _began, now);
        return now;
    }

    /// <summary>A batch has been accounted for, by all workers of a team.</summary>
    /// <param name="began">When its packets were there.</param>
    public void Done(long began) => Latency.Observe((long)clock.GetElapsedTime(began).TotalNanoseconds);

    /// <summary>The worker looks for the next batch.</summary>
    public void End() => Volatile.Write(ref _began, None);

    /// <summary>Whether the worker has been in one batch for longer than <paramref name="limit"/>.</summary>
    public bool IsStuck(TimeSpan limit)
    {
        long began = Volatile.Read(ref _began);
        return began != None && clock.GetElapsedTime(began) > limit;
    }
}
