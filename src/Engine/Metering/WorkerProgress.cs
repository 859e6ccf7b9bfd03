namespace FlowMeter.Engine.Metering;

/// <summary>
/// What one worker's loop looks like from outside: how long its batches took, and whether it is stuck in one. The worker marks the beginning and the end of every batch, which costs two
/// readings of the clock; waiting for packets, however long, is no lack of progress. Written by its worker; others may read it at any time.
/// </summary>
/// <param name="clock">Measures the time that passes.</param>
public sealed class WorkerProgress(TimeProvider clock)
{
    private const long None = long.MinValue;

    private long _began = None;

    /// <summary>How long batches took, from their packets being there to their being accounted for.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>Packets may be there, and are metered from now on.</summary>
    public void Begin() => Volatile.Write(ref _began, clock.GetTimestamp());

    /// <summary>The worker looks for the next batch.</summary>
    /// <param name="isBatch">Whether there were packets.</param>
    public void End(bool isBatch)
    {
        if (isBatch)
        {
            Latency.Observe((long)clock.GetElapsedTime(_began).TotalNanoseconds);
        }

        Volatile.Write(ref _began, None);
    }

    /// <summary>Whether the worker has been in one batch for longer than <paramref name="limit"/>.</summary>
    public bool IsStuck(TimeSpan limit)
    {
        long began = Volatile.Read(ref _began);
        return began != None && clock.GetElapsedTime(began) > limit;
    }
}
