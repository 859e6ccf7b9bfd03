using FlowMeter.Engine.Packets;

namespace FlowMeter.Cli.Summary;

/// <summary>What a split capture spares the deep inspector.</summary>
/// <param name="SuspiciousFrames">Frames sent on: all that no verdict cleared.</param>
/// <param name="SuspiciousBytes">Their bytes on the wire.</param>
/// <param name="BenignFrames">Frames of flows judged benign.</param>
/// <param name="BenignBytes">Their bytes on the wire.</param>
/// <param name="FramesSpared">The share of frames not sent on, 0 to 1.</param>
/// <param name="BytesSpared">The share of bytes not sent on, 0 to 1.</param>
internal sealed record SplitSummary(long SuspiciousFrames, long SuspiciousBytes, long BenignFrames, long BenignBytes, double FramesSpared, double BytesSpared)
{
    /// <summary>Takes what was counted.</summary>
    public static SplitSummary Of(DataReduction counted) =>
        new(counted.SuspiciousFrames, counted.SuspiciousBytes, counted.BenignFrames, counted.BenignBytes, counted.FramesSpared, counted.BytesSpared);
}
