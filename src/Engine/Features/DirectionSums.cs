using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Features;

/// <summary>
/// The sums of one direction of an ended flow. Sizes are what the profile accounts for: frames, or payloads in <c>cic</c>.
/// </summary>
/// <param name="side">What the direction's end sent: in the records, or zeros where it sent nothing.</param>
/// <param name="carried">Bits 64 to 95 of its sum of squared sizes.</param>
/// <param name="gapTotal">The sum of its gaps, ns.</param>
internal readonly unsafe struct DirectionSums(EndpointSums* side, uint carried, ulong gapTotal)
{
    /// <summary>Packets.</summary>
    public ulong Packets => side->Packets;

    /// <summary>The sum of sizes, bytes.</summary>
    public ulong Bytes => side->Bytes;

    /// <summary>The sum of squared sizes, byte².</summary>
    public UInt128 Squares => new(carried, side->SizeSquares);

    /// <summary>The smallest size, 0 without packets.</summary>
    public uint Minimum => side->SizeMinimum;

    /// <summary>The largest size, 0 without packets.</summary>
    public uint Maximum => side->SizeMaximum;

    /// <summary>The sum of gaps, ns.</summary>
    public ulong GapTotal => gapTotal;

    /// <summary>Squares, minimum and maximum of gaps; only where there are two packets.</summary>
    public GapSums* Gaps => &side->Gaps;
}
