using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;

namespace FlowMeter.Cli.Telemetry;

/// <summary>The sources of the counters of a run: its workers.</summary>
/// <param name="totals">The counters of the workers.</param>
/// <param name="rows">Flows that were written, where that is what counts as flows; null for those that ended.</param>
internal sealed class RunCounts(MeteringTotals totals, long? rows = null)
{
    /// <summary>All that is counted of frames, as of one moment: frames = metered + skipped, always.</summary>
    public FrameCounts Frames { get; } = totals.Frames;

    /// <summary>What each worker counts of flows.</summary>
    public IEnumerable<FlowCounts> Flows => Enumerable.Range(0, totals.Workers).Select(totals.FlowsOf);

    /// <summary>All workers together.</summary>
    public MeteringTotals Totals => totals;

    /// <summary>Flows that came out.</summary>
    public long FlowCount => rows ?? totals.Flows;
}
