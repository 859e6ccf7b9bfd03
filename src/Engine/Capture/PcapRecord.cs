using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Capture;

/// <summary>
/// Packets as a pcap file has them, with nanoseconds and in this machine's byte order (draft-ietf-opsawg-pcap): a header for the file, one
/// for each packet.
/// </summary>
internal static unsafe class PcapRecord
{
    /// <summary>Bytes before the first packet.</summary>
    public const int FileHeaderLength = 24;

    /// <summary>Bytes before those of a packet.</summary>
    public const int HeaderLength = 16;

    private const uint NanosecondMagic = 0xA1B23C4D;

    /// <summary>What a file begins with.</summary>
    public static byte[] FileHeader(LinkType linkType, int snapLength)
    {
        byte[] header = new byte[FileHeaderLength];
        MemoryMarshal.Write(header, NanosecondMagic);
        MemoryMarshal.Write(header.AsSpan(4), (ushort)2);
        MemoryMarshal.Write(header.AsSpan(6), (ushort)4);
        MemoryMarshal.Write(header.AsSpan(16), snapLength);
        MemoryMarshal.Write(header.AsSpan(20), (uint)linkType);
        return header;
    }

    /// <summary>Writes the header of a packet.</summary>
    /// <param name="to">Where it goes.</param>
    /// <param name="time">Nanoseconds since the epoch.</param>
    /// <param name="captured">Bytes that follow.</param>
    /// <param name="wire">Bytes that the packet had on the wire.</param>
    public static void Write(byte* to, long time, uint captured, uint wire)
    {
        (long seconds, long rest) = Math.DivRem(time, CaptureTime.Second);
        uint* header = (uint*)to;
        header[0] = (uint)seconds;
        header[1] = (uint)rest;
        header[2] = captured;
        header[3] = wire;
    }

    /// <summary>Says that fewer bytes follow a header.</summary>
    public static void SetLength(byte* record, uint captured) => ((uint*)record)[2] = captured;

    /// <summary>Bytes of a record, of which at least the header is there.</summary>
    public static long LengthOf(ReadOnlySpan<byte> record) => HeaderLength + (long)MemoryMarshal.Read<uint>(record[8..]);

    /// <summary>Bytes that a record's packet had on the wire.</summary>
    public static uint WireLength(byte* record) => ((uint*)record)[3];
}
