using System.Numerics;

namespace FlowMeter.Tests.Oracle;

/// <summary>A pcapng interface: what its frames are, and what its clock ticks mean.</summary>
internal sealed class ReferenceInterface(int linkType, uint snapLength)
{
    // The difference of any two times in this range is a long, so nothing that follows has to care for overflow.
    private static readonly BigInteger s_earliest = -(BigInteger.One << 60);
    private static readonly BigInteger s_latest = long.MaxValue - (BigInteger.One << 60);

    public int LinkType { get; } = linkType;

    public uint SnapLength { get; } = snapLength;

    /// <summary>if_tsresol: a negative power of 10, or of 2 where the top bit is set. Microseconds unless told.</summary>
    public byte Resolution { get; set; } = 6;

    /// <summary>if_tsoffset.</summary>
    public long OffsetSeconds { get; set; }

    public long Nanoseconds(ulong ticks)
    {
        BigInteger ticksPerSecond = (Resolution & 0x80) != 0
            ? BigInteger.One << (Resolution & 0x7F)
            : BigInteger.Pow(10, Resolution);
        // Both operands are positive here, so truncation is the floor.
        BigInteger time = ((BigInteger)ticks * 1_000_000_000 / ticksPerSecond) + ((BigInteger)OffsetSeconds * 1_000_000_000);
        return (long)BigInteger.Clamp(time, s_earliest, s_latest);
    }
}
