using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Observe;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Packets;

namespace FlowMeter.Cli.Summary;

/// <summary>What a live capture took and lost. Frames on the wire = frames + kernel_drops, but for those that the interface itself dropped.</summary>
internal sealed record CaptureSummary
{
    /// <summary>Frames that a full ring cost.</summary>
    public required long KernelDrops { get; init; }

    /// <summary>Frames that the interfaces or their drivers dropped, where the system says so.</summary>
    public required long InterfaceDrops { get; init; }

    /// <summary>Frames that were let go at the start, since they came before all workers shared an interface: another worker had them, too.</summary>
    public required long BeforeStart { get; init; }

    /// <summary>Flows that ended but were not written, since the output was too slow.</summary>
    public required long SinkOverruns { get; init; }

    /// <summary>Rows that could not be written, since the output failed (a full disk, a reader that went away).</summary>
    public required long RowsLost { get; init; }

    /// <summary>Packets that should have been written to a part of the capture and were not, since the output failed.</summary>
    public required long PacketsLost { get; init; }

    /// <summary>Flows that left a full table before their time.</summary>
    public required long Evicted { get; init; }

    /// <summary>What was sent on to another interface; null without <c>--forward-to</c>.</summary>
    public required ForwardSummary? Forward { get; init; }

    /// <summary>The same by worker.</summary>
    public required WorkerSummary[] Workers { get; init; }

    /// <summary>Takes the counters as they are now.</summary>
    public static CaptureSummary Of(MeteringTotals totals, LiveCapture capture, ResilientOutput output, FrameRouting? routing)
    {
        int workersOfHandle = totals.Workers / capture.Losses.Count;
        WorkerSummary[] workers = [.. Enumerable.Range(0, totals.Workers).Select(number => WorkerOf(totals, capture, number, workersOfHandle))];
        return new CaptureSummary
        {
            KernelDrops = workers.Sum(worker => worker.KernelDrops),
            InterfaceDrops = workers.Sum(worker => worker.InterfaceDrops),
            BeforeStart = capture.Losses.Sum(losses => losses.BeforeStart),
            SinkOverruns = workers.Sum(worker => worker.SinkOverruns),
            RowsLost = output.LostRows,
            PacketsLost = routing?.LostFrames ?? 0,
            Evicted = workers.Sum(worker => worker.Evicted),
            Forward = ForwardSummary.Of(routing?.Forwarder),
            Workers = workers,
        };
    }

    private static WorkerSummary WorkerOf(MeteringTotals totals, LiveCapture capture, int number, int workersOfHandle)
    {
        // Workers that read the same handle share its drops, which are counted once.
        int handle = number / workersOfHandle;
        bool isFirst = number % workersOfHandle == 0;
        FrameCounts frames = totals.FramesOf(number);
        FlowCounts flows = totals.FlowsOf(number);
        return new WorkerSummary
        {
            Interface = capture.Interfaces[handle],
            Frames = frames.Frames,
            Metered = frames[FrameFate.Metered],
            Flows = flows.Flows,
            KernelDrops = isFirst ? capture.Losses[handle].Kernel : 0,
            InterfaceDrops = isFirst ? capture.Losses[handle].Interface : 0,
            SinkOverruns = totals.SinkOverrunsOf(number),
            Evicted = flows[FlowEndReason.LackOfResources],
        };
    }
}

/// <summary>One worker of a live capture. Where several share a handle, its drops stand at the first; frames are those that the worker decoded, whoever metered them.</summary>
internal sealed record WorkerSummary
{
    /// <summary>The interface it meters.</summary>
    public required string Interface { get; init; }

    /// <summary>Frames taken.</summary>
    public required long Frames { get; init; }

    /// <summary>Frames metered.</summary>
    public required long Metered { get; init; }

    /// <summary>Flows that ended.</summary>
    public required long Flows { get; init; }

    /// <summary>Frames that its full ring cost.</summary>
    public required long KernelDrops { get; init; }

    /// <summary>Frames that the interface dropped; counted at its first worker.</summary>
    public required long InterfaceDrops { get; init; }

    /// <summary>Flows that were not written.</summary>
    public required long SinkOverruns { get; init; }

    /// <summary>Flows that left the full table.</summary>
    public required long Evicted { get; init; }
}
