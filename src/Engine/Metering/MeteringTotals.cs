using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Engine.Metering;

/// <summary>The counters of all workers together. Each is owned by its worker; reading them costs the workers nothing.</summary>
public sealed class MeteringTotals
{
    private readonly FlowWorker[] _workers;
    private readonly BlockScorer[] _scorers;

    private readonly Exporter[] _exporters;

    private readonly IReadOnlyList<DriftCounter> _drift;

    internal MeteringTotals(FlowWorker[] workers, Exporter[] exporters, BlockScorer[] scorers, IReadOnlyList<DriftCounter> drift)
    {
        _drift = drift;
        _workers = workers;
        _exporters = exporters;
        _scorers = scorers;
    }

    /// <summary>Frames by decode result, and their bytes. Each frame is decoded, and counted, by one worker.</summary>
    public FrameCounts Frames => FrameCounts.Sum(_workers.Select(worker => worker.FrameCounts));

    /// <summary>Worker threads.</summary>
    public int Workers => _workers.Length;

    /// <summary>Flows that ended but were not written, since the output was too slow for a live capture.</summary>
    public long SinkOverruns => _exporters.Sum(exporter => exporter.Overruns);

    /// <summary>Blocks of ended flows that wait for the output.</summary>
    public long SinkWaiting => _exporters.Sum(exporter => (long)exporter.Waiting);

    /// <summary>Live flows as of the last tick of a live capture.</summary>
    public long LiveFlows => _workers.Sum(worker => worker.Flows.Live);

    /// <summary>
    /// Frames that a worker decoded, by decode result. Where several share a handle, whose flows they are is another matter.
    /// </summary>
    public FrameCounts FramesOf(int worker) => _workers[worker].FrameCounts;

    /// <summary>Flows of a worker.</summary>
    public FlowCounts FlowsOf(int worker) => _workers[worker].Flows;

    /// <summary>Flows of a worker that ended but were not written.</summary>
    public long SinkOverrunsOf(int worker) => _exporters[worker].Overruns;

    /// <summary>Flows that came out.</summary>
    public long Flows => _workers.Sum(worker => worker.Flows.Flows);

    /// <summary>Packets that were older than the newest of their flow.</summary>
    public long OutOfOrder => _workers.Sum(worker => worker.Flows.OutOfOrder);

    /// <summary>Times that were wrong (<see cref="PacketClock.Jumps"/>). Each handle of a live capture has a clock of its own.</summary>
    public long ClockJumps => _workers.Sum(worker => worker.Clock.Jumps);

    /// <summary>Flows that had too few packets to come out.</summary>
    public long BelowMinimum => _workers.Sum(worker => worker.Flows.BelowMinimum);

    /// <summary>Flows that the profile leaves out since their last packet is older than their first.</summary>
    public long Backwards => _workers.Sum(worker => worker.Flows.Backwards);

    /// <summary>Flows that ended because there was no room for their next packet.</summary>
    public long HistoryOverflows => _workers.Sum(worker => worker.Flows.HistoryOverflows);

    /// <summary>The most flows that were live at one time; with several workers the sum of theirs.</summary>
    public long PeakFlows => _workers.Sum(worker => worker.Flows.Peak);

    /// <summary>Whether there is a model, and so verdicts.</summary>
    public bool HasVerdicts => _scorers.Length > 0;

    /// <summary>
    /// How far the flows are from those that the model was trained with; null where the model does not know, or for few flows.
    /// </summary>
    public Drift? Drift => Scoring.Drift.From(_drift);

    /// <summary>Flows that ended for this reason.</summary>
    public long FlowsByReason(FlowEndReason reason) => _workers.Sum(worker => worker.Flows[reason]);

    /// <summary>Flows, packets and bytes with this verdict.</summary>
    public (long Flows, long Packets, long Bytes) ByVerdict(Verdict verdict) => (
        _scorers.Sum(scorer => scorer.Counts.Flows(verdict)),
        _scorers.Sum(scorer => scorer.Counts.Packets(verdict)),
        _scorers.Sum(scorer => scorer.Counts.Bytes(verdict)));

    /// <summary>Flows with a verdict that rests on what their source did.</summary>
    public long ByHost => _scorers.Sum(scorer => scorer.Counts.ByHost);

    /// <summary>
    /// Packets and bytes that bypass the inspection: those of flows with the verdict benign, behind their decision point.
    /// </summary>
    public (long Packets, long Bytes) Bypassed =>
        (_scorers.Sum(scorer => scorer.Counts.BypassedPackets), _scorers.Sum(scorer => scorer.Counts.BypassedBytes));
}
