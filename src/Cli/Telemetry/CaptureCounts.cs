using FlowMeter.Engine.Brokers;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.HostVerdicts;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Packets;

namespace FlowMeter.Cli.Telemetry;

/// <summary>
/// The sources of the counters of a live capture. Frames on the wire = frames + kernel_drops, but for those that the interface itself
/// dropped.
/// </summary>
/// <param name="Totals">The workers.</param>
/// <param name="Capture">The handles.</param>
/// <param name="Output">Where the table goes.</param>
/// <param name="Routing">Where the frames go; null: disabled.</param>
internal sealed record CaptureCounts(MeteringTotals Totals, LiveCapture Capture, ResilientOutput Output, FrameRouting? Routing)
{
    /// <summary>The table of hosts; null: disabled.</summary>
    public HostTable? Hosts { get; init; }

    /// <summary>The broker that the table is published to; null: none.</summary>
    public BrokerOutput? Broker { get; init; }

    /// <summary>What each handle lost.</summary>
    public IReadOnlyList<LossCounts> Losses => Capture.Losses;

    /// <summary>What each worker counts of flows.</summary>
    public IEnumerable<FlowCounts> Flows => Enumerable.Range(0, Totals.Workers).Select(Totals.FlowsOf);

    /// <summary>Each worker.</summary>
    public IEnumerable<WorkerCounts> Workers => Enumerable.Range(0, Totals.Workers).Select(number => new WorkerCounts(this, number));
}
