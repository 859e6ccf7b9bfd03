using System.Diagnostics;
using FlowMeter.Engine.Metering;

namespace FlowMeter.Cli.Telemetry;

/// <summary>
/// What one worker's loop looks like from outside: how long its batches took, and whether it is stuck in one. The worker marks the beginning and the end of every batch, which costs two
/// readings of the clock; waiting for packets, however long, is no lack of progress. Written by its worker; others may read it at any time.
/// </summary>
internal sealed class WorkerProgress
{
    private long _began;

    /// <summary>How long batches took, from their packets being there to their being accounted for.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>Packets are there, and are metered from now on.</summary>
    public void Begin() => Volatile.Write(ref _began, Stopwatch.GetTimestamp());

    /// <summary>The batch is done, and the worker looks for the next.</summary>
    public void End()
    {
        Latency.Observe((long)Stopwatch.GetElapsedTime(_began).TotalNanoseconds);
        Volatile.Write(ref _began, 0);
    }

    /// <summary>Whether the worker has been in one batch for longer than <paramref name="limit"/>.</summary>
    public bool IsStuck(TimeSpan limit)
    {
        long began = Volatile.Read(ref _began);
        return began != 0 && Stopwatch.GetElapsedTime(began) > limit;
    }
}
