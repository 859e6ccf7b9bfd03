using System.Buffers.Binary;

namespace FlowMeter.Engine.Capture;

/// <summary>
/// An interface of a pcapng section: its link type, and how its timestamps become nanoseconds (options if_tsresol and if_tsoffset).
/// </summary>
internal sealed class PcapngInterface
{
    private const ushort EndOfOptions = 0;
    private const ushort TimestampResolution = 9;
    private const ushort TimestampOffset = 14;

    private readonly ulong _multiplier;
    private readonly UInt128 _divisor;
    private readonly long _offsetSeconds;

    private PcapngInterface(LinkType linkType, uint snapLength, byte resolution, long offsetSeconds)
    {
        LinkType = linkType;
        SnapLength = snapLength;
        _offsetSeconds = offsetSeconds;
        int exponent = resolution & 0x7F;
        if ((resolution & 0x80) != 0)
        {
            _multiplier = CaptureTime.Second;
            _divisor = UInt128.One << Math.Min(exponent, 127);
        }
        else if (exponent <= 9)
        {
            _multiplier = (ulong)PowerOfTen(9 - exponent);
            _divisor = 1;
        }
        else
        {
            _multiplier = 1;
            _divisor = PowerOfTen(Math.Min(exponent - 9, 38));
        }
    }

    public LinkType LinkType { get; }

    /// <summary>Most bytes captured of a packet; 0 for no limit.</summary>
    public uint SnapLength { get; }

    /// <summary>What the interface's last statistics block said was dropped.</summary>
    public StatedDrops Drops { get; set; } = StatedDrops.None;

    /// <summary>Reads the body of an interface description block (everything between its two lengths).</summary>
    public static PcapngInterface Parse(ReadOnlySpan<byte> body, bool bigEndian)
    {
        LinkType linkType = (LinkType)ReadUInt16(body, bigEndian);
        uint snapLength = ReadUInt32(body[4..], bigEndian);
        byte resolution = 6;
        long offset = 0;
        ReadOnlySpan<byte> options = body[8..];
        while (options.Length >= 4)
        {
            ushort code = ReadUInt16(options, bigEndian);
            int length = ReadUInt16(options[2..], bigEndian);
            if (code == EndOfOptions || length > options.Length - 4)
            {
                break;
            }

            ReadOnlySpan<byte> value = options.Slice(4, length);
            if (code == TimestampResolution && length >= 1)
            {
                resolution = value[0];
            }
            else if (code == TimestampOffset && length >= 8)
            {
                offset = bigEndian ? BinaryPrimitives.ReadInt64BigEndian(value) : BinaryPrimitives.ReadInt64LittleEndian(value);
            }

            options = options[Math.Min(4 + ((length + 3) & ~3), options.Length)..];
        }

        return new PcapngInterface(linkType, snapLength, resolution, offset);
    }

    /// <summary>A timestamp of this interface as nanoseconds since the epoch, rounded down.</summary>
    public long Nanoseconds(ulong timestamp)
    {
        if (_divisor == UInt128.One && _offsetSeconds == 0 && Math.BigMul(timestamp, _multiplier, out ulong product) == 0
            && product <= CaptureTime.Latest)
        {
            return (long)product;
        }

        UInt128 nanoseconds = (UInt128)timestamp * _multiplier / _divisor;
        return CaptureTime.Clamp((Int128)nanoseconds + ((Int128)_offsetSeconds * CaptureTime.Second));
    }

    private static UInt128 PowerOfTen(int exponent)
    {
        UInt128 power = 1;
        for (int i = 0; i < exponent; i++)
        {
            power *= 10;
        }

        return power;
    }

    private static ushort ReadUInt16(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint ReadUInt32(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
