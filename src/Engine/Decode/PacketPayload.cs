using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static FlowMeter.Engine.Decode.PacketHeaders;

namespace FlowMeter.Engine.Decode;

/// <summary>
/// What some profiles want to know of a packet beyond its key (SPEC §7): how long its payload is by the headers' own fields, how long its
/// transport header, the TCP window, and whether an HTTP answer of success begins in it. Eight bytes, so that it moves as a word.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
internal unsafe struct PacketPayload
{
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private const byte UdpLite = 136;

    private const byte UdpHeader = 8;

    private const uint StatusLength = 12;
    private const uint EthernetHeader = 14;
    private const uint InternetHeader = 20;

    /// <summary>Bytes behind the transport header. Padding does not count.</summary>
    public uint Length;

    /// <summary>The TCP window as the header has it, unscaled; 0 where there is none.</summary>
    public ushort Window;

    /// <summary>Bytes of the transport header; 0 for protocols that are not looked into, and for later fragments.</summary>
    public byte HeaderLength;

    /// <summary>1 where a TCP payload begins with an HTTP status line of 200 (RFC 9112 §4), whatever the port.</summary>
    public byte IsSuccess;

    /// <summary>
    /// The payload of a frame that <see cref="EthernetIPv4FastPath"/> has decoded: Ethernet, IPv4 without options, TCP or UDP.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PacketPayload FromFastPath(byte* frame, uint captured, uint wire)
    {
        const uint Transport = EthernetHeader + InternetHeader;
        return From(frame[EthernetHeader + 9], frame + Transport, (long)captured - Transport, RestOfFastPath(frame, wire));
    }

    /// <summary>Bytes of such a frame from its transport header on, by IP's own length; may be negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long RestOfFastPath(byte* frame, uint wire)
    {
        uint stated = ReadUInt16(frame + EthernetHeader + 2);
        return (stated == 0 ? (long)wire - EthernetHeader : stated) - InternetHeader;
    }

    /// <summary>The payload of a packet that is no later fragment.</summary>
    /// <param name="protocol">The protocol of the transport header.</param>
    /// <param name="at">Where it begins.</param>
    /// <param name="captured">Bytes that were captured from there on; may be negative.</param>
    /// <param name="rest">Bytes that there are from there on by IP's own fields; may be negative.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PacketPayload From(byte protocol, byte* at, long captured, long rest)
    {
        if (protocol != Tcp)
        {
            byte header = protocol is Udp or UdpLite ? UdpHeader : (byte)0;
            return new PacketPayload { Length = (uint)Math.Max(rest - header, 0), HeaderLength = header };
        }

        byte tcpHeader = captured > 12 ? (byte)((at[12] >> 4) * 4) : (byte)0;
        uint length = (uint)Math.Max(rest - tcpHeader, 0);
        return new PacketPayload
        {
            Length = length,
            HeaderLength = tcpHeader,
            Window = captured >= 16 ? ReadUInt16(at + 14) : (ushort)0,
            IsSuccess = length >= StatusLength && captured >= tcpHeader + StatusLength && IsHttp(at + tcpHeader)
                && IsStatusOfSuccess(at + tcpHeader, Math.Min(length, captured - tcpHeader))
                ? (byte)1
                : (byte)0,
        };
    }

    private static bool IsHttp(byte* at) => ReadUInt32(at) == 0x48545450;

    /// <summary>HTTP/d.d 200, and nothing behind it that would make it another number.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsStatusOfSuccess(byte* at, long length) =>
        at[4] == '/' && char.IsAsciiDigit((char)at[5]) && at[6] == '.' && char.IsAsciiDigit((char)at[7]) && ReadUInt32(at + 8) == 0x20323030
        && (length == StatusLength || at[12] is (byte)' ' or (byte)'\r' or (byte)'\n');
}
