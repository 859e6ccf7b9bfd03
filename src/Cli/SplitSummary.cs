using FlowMeter.Engine.Export;

namespace FlowMeter.Cli;

/// <summary>What a split capture spares the deep inspector.</summary>
/// <param name="SuspiciousFrames">Frames sent on: all that no verdict cleared.</param>
/// <param name="SuspiciousBytes">Their bytes on the wire.</param>
/// <param name="BenignFrames">Frames of flows judged benign.</param>
/// <param name="BenignBytes">Their bytes on the wire.</param>
/// <param name="FramesSpared">The share of frames not sent on, 0 to 1.</param>
/// <param name="BytesSpared">The share of bytes not sent on, 0 to 1.</param>
internal sealed record SplitSummary(long SuspiciousFrames, long SuspiciousBytes, long BenignFrames, long BenignBytes, double FramesSpared, double BytesSpared)
{
    /// <summary>Takes the counters of a live capture.</summary>
    public static SplitSummary Of(Engine.Metering.DataReduction counted) => new(
        counted.SuspiciousFrames,
        counted.SuspiciousBytes,
        counted.BenignFrames,
        counted.BenignBytes,
        counted.FramesSpared,
        counted.BytesSpared);

    /// <summary>All frames of the split.</summary>
    public static SplitSummary Of(CaptureSplit split) => new(
        split.Suspicious.Frames,
        split.Suspicious.Bytes,
        split.Benign.Frames,
        split.Benign.Bytes,
        Share(split.Benign.Frames, split.Suspicious.Frames),
        Share(split.Benign.Bytes, split.Suspicious.Bytes));

    private static double Share(long part, long others) => (double)part / Math.Max(part + others, 1);
}
