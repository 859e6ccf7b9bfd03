namespace FlowMeter.Tests.Support;

/// <summary>What may be chosen of a pcapng file.</summary>
internal sealed record PcapNgFormat
{
    public bool BigEndian { get; init; }

    /// <summary>Every other section is in the other byte order.</summary>
    public bool AlternateByteOrder { get; init; }

    /// <summary>A new section begins after so many frames; 0 for one section.</summary>
    public int FramesPerSection { get; init; }

    /// <summary>if_tsresol: a negative power of 10, or of 2 where the top bit is set; null leaves it out, which means µs.</summary>
    public byte? Resolution { get; init; } = 9;

    /// <summary>if_tsoffset; the ticks are written less these seconds.</summary>
    public long OffsetSeconds { get; init; }

    public uint SnapLength { get; init; }

    public PcapNgPacketBlock PacketBlock { get; init; }

    /// <summary>Section headers state how long their sections are.</summary>
    public bool StatesLength { get; init; }

    /// <summary>Puts a name resolution, a custom and a statistics block between the others, and comments on packets.</summary>
    public bool Decorated { get; init; }
}
