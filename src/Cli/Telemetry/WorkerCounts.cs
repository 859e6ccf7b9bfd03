using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Flow;

namespace FlowMeter.Cli.Telemetry;

/// <summary>
/// One worker of a live capture. Where several share a handle, its drops stand at the first; frames are those that the worker decoded, also
/// where another one accounted for them.
/// </summary>
internal sealed record WorkerCounts(CaptureCounts Capture, int Number)
{
    private int WorkersOfHandle => Capture.Totals.Workers / Capture.Losses.Count;

    /// <summary>The interface it meters.</summary>
    public string Interface => Capture.Capture.Interfaces[Number / WorkersOfHandle];

    /// <summary>What it counts of frames.</summary>
    public FrameCounts Frames => Capture.Totals.FramesOf(Number);

    /// <summary>What it counts of flows.</summary>
    public FlowCounts Flows => Capture.Totals.FlowsOf(Number);

    /// <summary>What its handle lost; nothing where that stands at another worker.</summary>
    public IEnumerable<LossCounts> Losses => Number % WorkersOfHandle == 0 ? [Capture.Losses[Number / WorkersOfHandle]] : [];
}
