using static FlowMeter.Engine.Decode.PacketHeaders;

namespace FlowMeter.Engine.Decode;

/// <summary>
/// Data messages of L2TP over UDP: version 2 (RFC 2661) with PPP, version 3 (RFC 3931 §4.1.2.1) with an Ethernet or PPP frame or an IP
/// packet.
/// </summary>
internal static unsafe class L2tpTunnel
{
    private const byte IsControl = 0x80;

    public static DecodeResult Decode(byte* at, uint length, long room, InternetLayer internet, ref PacketHeaders headers)
    {
        if (length < 8 || (at[0] & IsControl) != 0)
        {
            return DecodeResult.NonIp;
        }

        return at[1] switch
        {
            2 => Version2(at, length, room, internet, ref headers),
            3 when at[0] == 0 && ReadUInt16(at + 2) == 0 && ReadUInt32(at + 4) != 0 => Version3(at, length, room, internet, ref headers),
            _ => DecodeResult.NonIp,
        };
    }

    private static DecodeResult Version2(byte* at, uint length, long room, InternetLayer internet, ref PacketHeaders headers)
    {
        const byte HasLength = 0x40;
        const byte HasSequence = 0x08;
        const byte HasOffset = 0x02;
        const byte Reserved = 0x34;
        byte flags = at[0];
        uint fields = 2u + ((flags & HasLength) != 0 ? 2u : 0);
        uint header = fields + 4u + ((flags & HasSequence) != 0 ? 4u : 0) + ((flags & HasOffset) != 0 ? 2u : 0);
        if ((flags & Reserved) != 0 || length < header || ReadUInt16(at + fields) == 0 || ReadUInt16(at + fields + 2) == 0)
        {
            return DecodeResult.NonIp;
        }

        if ((flags & HasLength) != 0 && (ReadUInt16(at + 2) > room || ReadUInt16(at + 2) < header))
        {
            return DecodeResult.Malformed;
        }

        header += (flags & HasOffset) != 0 ? ReadUInt16(at + header - 2) : 0u;
        return length < header ? DecodeResult.Truncated : PointToPointFrame.Decode(at + header, length - header, internet, ref headers);
    }

    /// <summary>
    /// Only the ends of a session know how long its cookie is (0, 4 or 8 bytes), whether a sublayer of 4 bytes follows, and what is inside.
    /// So each place is tried, and only a packet that fits exactly counts.
    /// </summary>
    private static DecodeResult Version3(byte* at, uint length, long room, InternetLayer internet, ref PacketHeaders headers)
    {
        for (uint offset = 8; offset <= 20 && length > offset; offset += 4)
        {
            uint skip = offset + HeaderOf(at + offset, length - offset);
            if (length > skip && InnerPacket.Fits(at + skip, length - skip, room - skip))
            {
                return at[skip] >> 4 == 4
                    ? internet.IPv4(at + skip, length - skip, ref headers)
                    : internet.IPv6(at + skip, length - skip, ref headers);
            }
        }

        return DecodeResult.NonIp;
    }

    /// <summary>Bytes of a frame's header up to IP, if it has one; 0 if it looks like no frame.</summary>
    private static uint HeaderOf(byte* at, uint length)
    {
        uint type = 12;
        while (type <= 20 && length >= type + 2 && ReadUInt16(at + type) is 0x8100 or 0x88A8)
        {
            type += 4;
        }

        if (length >= type + 2 && ReadUInt16(at + type) is 0x0800 or 0x86DD)
        {
            return type + 2;
        }

        return length >= 4 && ReadUInt16(at) == 0xFF03 && ReadUInt16(at + 2) is 0x21 or 0x57 ? 4u : 0;
    }
}
