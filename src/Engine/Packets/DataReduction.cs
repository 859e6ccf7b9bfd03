namespace FlowMeter.Engine.Packets;

/// <summary>Frames and bytes of a capture that are inspected, and those that bypass the inspection.</summary>
/// <param name="SuspiciousFrames">Frames inspected: all whose flow has no benign verdict before them.</param>
/// <param name="SuspiciousBytes">Their bytes on the wire.</param>
/// <param name="BenignFrames">Frames of flows with the verdict benign, behind their decision point.</param>
/// <param name="BenignBytes">Their bytes on the wire.</param>
/// <param name="LeftOutFrames">Frames of both whose addresses could not be replaced, so that no part has them.</param>
public sealed record DataReduction(
    long SuspiciousFrames, long SuspiciousBytes, long BenignFrames, long BenignBytes, long LeftOutFrames = 0)
{
    /// <summary>The share of frames that bypass the inspection, 0 to 1.</summary>
    public double FramesBypassed => Share(BenignFrames, SuspiciousFrames);

    /// <summary>The share of bytes that bypass the inspection, 0 to 1.</summary>
    public double BytesBypassed => Share(BenignBytes, SuspiciousBytes);

    private static double Share(long part, long others) => (double)part / Math.Max(part + others, 1);
}
