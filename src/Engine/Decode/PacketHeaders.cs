using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace FlowMeter.Engine.Decode;

/// <summary>
/// What the headers of one packet say. Addresses are the 16 bytes as they stand in memory, read as two words; an IPv4 address stands in its
/// IPv4-mapped place (RFC 4291 §2.5.5.2), and <see cref="Version"/> keeps it apart from a real IPv6 packet that carries a mapped one.
/// </summary>
internal unsafe struct PacketHeaders
{
    public ulong SourceUpper;
    public ulong SourceLower;
    public ulong DestinationUpper;
    public ulong DestinationLower;
    public ushort SourcePort;
    public ushort DestinationPort;
    public byte Protocol;
    public byte Version;
    public byte TcpFlags;

    /// <summary>A fragment other than the first: it has no transport header of its own.</summary>
    public bool IsLaterFragment;

    /// <summary>Type and code of an ICMP message; -1 where there is none.</summary>
    public int IcmpTypeAndCode;

    /// <summary>Set only by an <see cref="InternetLayer"/> that was told to.</summary>
    public PacketPayload Payload;

    /// <summary>Set only by an <see cref="InternetLayer"/> that was told to.</summary>
    public TransportPlace Place;

    /// <summary>Takes the addresses of an IPv4 header.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetIPv4(byte* source)
    {
        SourceUpper = 0;
        SourceLower = MapIPv4(Unsafe.ReadUnaligned<uint>(source));
        DestinationUpper = 0;
        DestinationLower = MapIPv4(Unsafe.ReadUnaligned<uint>(source + 4));
        Version = 4;
    }

    /// <summary>Takes the addresses of an IPv6 header.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetIPv6(byte* source)
    {
        SourceUpper = Unsafe.ReadUnaligned<ulong>(source);
        SourceLower = Unsafe.ReadUnaligned<ulong>(source + 8);
        DestinationUpper = Unsafe.ReadUnaligned<ulong>(source + 16);
        DestinationLower = Unsafe.ReadUnaligned<ulong>(source + 24);
        Version = 6;
    }

    /// <summary>The last eight bytes of ::ffff:a.b.c.d, as a word read from memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MapIPv4(uint address) => BitConverter.IsLittleEndian
        ? ((ulong)address << 32) | 0xFFFF_0000
        : address | 0x0000_FFFF_0000_0000UL;

    /// <summary>A 16-bit field in network byte order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort ReadUInt16(byte* at)
    {
        ushort value = Unsafe.ReadUnaligned<ushort>(at);
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    /// <summary>A 32-bit field in network byte order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ReadUInt32(byte* at)
    {
        uint value = Unsafe.ReadUnaligned<uint>(at);
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
    }
}
