using FlowMeter.Cli.Telemetry;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;

namespace FlowMeter.Cli.Watch;

/// <summary>The counters of a run at one moment. Those that only grow are sums since its beginning.</summary>
/// <param name="Time">When, in milliseconds since the epoch.</param>
/// <param name="Packets">Packets taken.</param>
/// <param name="Bytes">Bytes on the wire of those metered.</param>
/// <param name="Dropped">Packets lost before they were seen.</param>
/// <param name="Flows">Flows that ended.</param>
/// <param name="Live">Flows that have begun and not ended.</param>
/// <param name="NotWritten">Flows that ended and could not be written.</param>
/// <param name="Benign">Flows with this verdict.</param>
/// <param name="Malicious">Flows with this verdict.</param>
/// <param name="Undecided">Flows with this verdict.</param>
/// <param name="Memory">Bytes of memory that the process has in use.</param>
internal readonly record struct RunSample(
    long Time, long Packets, long Bytes, long Dropped, long Flows, long Live, long NotWritten, long Benign, long Malicious, long Undecided,
    long Memory)
{
    /// <summary>Takes the counters as they are now.</summary>
    /// <param name="totals">The workers.</param>
    /// <param name="losses">What the handles of a live capture lost; null: files are read.</param>
    /// <param name="notWritten">Flows that ended and could not be written.</param>
    public static RunSample Take(MeteringTotals totals, IReadOnlyList<LossCounts>? losses, long notWritten)
    {
        FrameCounts frames = totals.Frames;
        return new RunSample(
            DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), frames.Frames, frames.Bytes,
            losses == null ? 0 : Counters.Drops.Sum(drops => losses.Sum(drops.Read)), totals.Flows, totals.LiveFlows,
            notWritten, Of(Verdict.Benign), Of(Verdict.Malicious), Of(Verdict.Undecided),
            Environment.WorkingSet);

        long Of(Verdict verdict) => totals.HasVerdicts ? totals.ByVerdict(verdict).Flows : 0;
    }
}
