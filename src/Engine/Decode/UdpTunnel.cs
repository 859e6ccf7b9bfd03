using System.Runtime.CompilerServices;
using static FlowMeter.Engine.Decode.PacketHeaders;

namespace FlowMeter.Engine.Decode;

/// <summary>Tunnels over UDP. A port alone proves nothing: each header has to be as its RFC has it, reserved bits included.</summary>
internal static unsafe class UdpTunnel
{
    private const int MaxExtensions = 16;
    private const int MaxOptions = 64;

    /// <summary>Not 0 if one of a UDP packet's ports is a tunnel's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Kinds(byte* at, TunnelPorts ports) => (int)ports[ReadUInt16(at)] | (int)ports[ReadUInt16(at + 2)];

    /// <summary>
    /// Decodes what is in a UDP packet, at least its header. First by the port it goes to, then, if both ends of the tunnel use it, by the
    /// one it comes from.
    /// </summary>
    public static DecodeResult Decode(byte* at, uint length, TunnelPorts ports, InternetLayer internet, ref PacketHeaders headers)
    {
        uint stated = ReadUInt16(at + 4);
        if (stated is > 0 and < 8)
        {
            return DecodeResult.Malformed;
        }

        // Offloading leaves 0.
        long room = stated == 0 ? length - 8 + internet.Beyond : stated - 8;
        TunnelKind from = ports[ReadUInt16(at)];
        TunnelKind to = ports[ReadUInt16(at + 2)];
        DecodeResult result = Payload(to, at + 8, length - 8, room, internet, ref headers);
        return result != DecodeResult.Metered && from != to
            && from is TunnelKind.GtpUser or TunnelKind.Teredo or TunnelKind.Ayiya or TunnelKind.L2tp or TunnelKind.Capwap
            ? Payload(from, at + 8, length - 8, room, internet, ref headers)
            : result;
    }

    private static DecodeResult Payload(
        TunnelKind kind, byte* at, uint length, long room, InternetLayer internet, ref PacketHeaders headers) => kind switch
    {
        TunnelKind.Vxlan or TunnelKind.VxlanGpe => Vxlan(at, length, internet, ref headers),
        TunnelKind.Geneve => Geneve(at, length, internet, ref headers),
        TunnelKind.GtpUser => GtpUser(at, length, room, internet, ref headers),
        TunnelKind.Teredo => Teredo(at, length, room, internet, ref headers),
        TunnelKind.Ayiya => Ayiya(at, length, room, internet, ref headers),
        TunnelKind.L2tp => L2tpTunnel.Decode(at, length, room, internet, ref headers),
        TunnelKind.Capwap => CapwapTunnel.Decode(at, length, internet, ref headers),
        TunnelKind.Mpls => LinkLayer.EtherType(0x8847, at, length, internet, ref headers),
        _ => DecodeResult.NonIp,
    };

    /// <summary>
    /// VXLAN and VXLAN-GPE differ by a flag: a next protocol is there, or an Ethernet frame follows. With the flag of group policies
    /// (draft-smith-vxlan-group-policy) the reserved fields are not reserved.
    /// </summary>
    private static DecodeResult Vxlan(byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        const byte HasGroup = 0x80;
        const byte HasNetwork = 0x08;
        const byte HasNext = 0x04;
        const byte Reserved = 0x33;
        if (length < 8)
        {
            return DecodeResult.Truncated;
        }

        byte flags = at[0];
        if ((flags & (HasNetwork | Reserved)) != HasNetwork)
        {
            return DecodeResult.NonIp;
        }

        if ((flags & HasNext) == 0)
        {
            bool isPlain = (ReadUInt32(at) & 0x00FF_FFFF) == 0 && at[7] == 0;
            return isPlain || (flags & HasGroup) != 0 ? Tunnel.Ethernet(at + 8, length - 8, internet, ref headers) : DecodeResult.NonIp;
        }

        if (ReadUInt16(at + 1) != 0 || at[7] != 0)
        {
            return DecodeResult.NonIp;
        }

        return at[3] switch
        {
            1 => internet.IPv4(at + 8, length - 8, ref headers),
            2 => internet.IPv6(at + 8, length - 8, ref headers),
            3 => Tunnel.Ethernet(at + 8, length - 8, internet, ref headers),
            4 => LinkLayer.EtherType(0x894F, at + 8, length - 8, internet, ref headers),
            5 => LinkLayer.EtherType(0x8847, at + 8, length - 8, internet, ref headers),
            _ => DecodeResult.NonIp,
        };
    }

    /// <summary>Control packets (the O flag) are not looked into. The options' lengths have to add up.</summary>
    private static DecodeResult Geneve(byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        if (length < 8 || at[0] >> 6 != 0 || (at[1] & 0xBF) != 0 || at[7] != 0)
        {
            return DecodeResult.NonIp;
        }

        uint end = 8 + ((at[0] & 0x3Fu) * 4);
        if (length < end)
        {
            return DecodeResult.Truncated;
        }

        uint option = 8;
        for (int i = 0; i < MaxOptions && option < end; i++)
        {
            option += 4 + ((at[option + 3] & 0x1Fu) * 4);
        }

        return option == end ? Tunnel.Payload(ReadUInt16(at + 2), at + end, length - end, internet, ref headers) : DecodeResult.Malformed;
    }

    /// <summary>G-PDUs, with their chain of extension headers (§5.2); the length field counts all behind the first eight bytes.</summary>
    private static DecodeResult GtpUser(byte* at, uint length, long room, InternetLayer internet, ref PacketHeaders headers)
    {
        const byte UserData = 255;
        const byte HasExtension = 0x04;
        if (length < 8 || (at[0] & 0xF8) != 0x30 || at[1] != UserData)
        {
            return DecodeResult.NonIp;
        }

        long end = 8L + ReadUInt16(at + 2);
        uint offset = (at[0] & 0x07) != 0 ? 12u : 8u;
        if (end > room || length < offset)
        {
            return DecodeResult.Malformed;
        }

        byte next = (at[0] & HasExtension) != 0 ? at[11] : (byte)0;
        for (int i = 0; next != 0; i++)
        {
            if (i == MaxExtensions || length < offset + 4 || at[offset] == 0 || length < offset + (at[offset] * 4u))
            {
                return DecodeResult.Truncated;
            }

            offset += at[offset] * 4u;
            next = at[offset - 1];
        }

        return Tunnel.IP(at + offset, length - offset, end - offset, internet, ref headers);
    }

    /// <summary>IPv6, behind an authentication and an origin indication (RFC 4380 §5.1.1) where they are.</summary>
    private static DecodeResult Teredo(byte* at, uint length, long room, InternetLayer internet, ref PacketHeaders headers)
    {
        uint offset = 0;
        if (length >= 4 && ReadUInt16(at) == 0x0001)
        {
            // Two lengths, of a client identifier and of a value; then a nonce and a confirmation.
            offset = 13u + at[2] + at[3];
        }

        if (length >= offset + 8 && ReadUInt16(at + offset) == 0x0000)
        {
            offset += 8;
        }

        return length > offset && at[offset] >> 4 == 6
            ? Tunnel.IP(at + offset, length - offset, room - offset, internet, ref headers)
            : DecodeResult.NonIp;
    }

    /// <summary>Packets that are to be forwarded: an identity of 2^n bytes and a signature of 4n bytes come before them.</summary>
    private static DecodeResult Ayiya(byte* at, uint length, long room, InternetLayer internet, ref PacketHeaders headers)
    {
        const byte Forward = 1;
        const byte EchoAndForward = 3;
        if (length < 8 || at[0] >> 4 > 7 || (at[0] & 0x0F) > 2 || (at[1] & 0x0F) > 3 || at[2] >> 4 > 2
            || (at[2] & 0x0F) is not (Forward or EchoAndForward))
        {
            return DecodeResult.NonIp;
        }

        uint offset = 8 + (1u << (at[0] >> 4)) + ((uint)(at[1] >> 4) * 4);
        int version = at[3] switch { 41 => 6, 4 => 4, _ => 0 };
        return length > offset && at[offset] >> 4 == version
            ? Tunnel.IP(at + offset, length - offset, room - offset, internet, ref headers)
            : DecodeResult.NonIp;
    }
}
