namespace FlowMeter.Engine.Packets;

/// <summary>What verdicts spare a deep inspector of a capture.</summary>
/// <param name="SuspiciousFrames">Frames sent on: all that no verdict cleared.</param>
/// <param name="SuspiciousBytes">Their bytes on the wire.</param>
/// <param name="BenignFrames">Frames of flows judged benign, after the verdict.</param>
/// <param name="BenignBytes">Their bytes on the wire.</param>
public sealed record DataReduction(long SuspiciousFrames, long SuspiciousBytes, long BenignFrames, long BenignBytes)
{
    /// <summary>The share of frames not sent on, 0 to 1.</summary>
    public double FramesBypassed => Share(BenignFrames, SuspiciousFrames);

    /// <summary>The share of bytes not sent on, 0 to 1.</summary>
    public double BytesBypassed => Share(BenignBytes, SuspiciousBytes);

    private static double Share(long part, long others) => (double)part / Math.Max(part + others, 1);
}
