using FlowMeter.Engine.Observe;
using static FlowMeter.Engine.Decode.PacketHeaders;

namespace FlowMeter.Engine.Decode;

/// <summary>The tunnels that <c>--decapsulate</c> looks into: GRE, IP-in-IP, 6in4, VXLAN, GENEVE, GTP-U (SPEC §1).</summary>
internal static unsafe class Tunnel
{
    private const ushort VxlanPort = 4789;
    private const ushort GenevePort = 6081;
    private const ushort GtpUserPort = 2152;
    private const ushort TransparentEthernet = 0x6558;

    /// <summary>Decodes the packet inside; anything but <see cref="FrameFate.Metered"/> means that there is none to be had.</summary>
    public static FrameFate Decode(byte protocol, byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        switch (protocol)
        {
            case 4:
                return internet.IPv4(at, length, ref headers);
            case 41:
                return internet.IPv6(at, length, ref headers);
            case 47:
                return Gre(at, length, internet, ref headers);
            case 17 when length >= 8:
                return Udp(ReadUInt16(at + 2), at + 8, length - 8, internet, ref headers);
            default:
                return FrameFate.NonIp;
        }
    }

    private static FrameFate Udp(ushort port, byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        switch (port)
        {
            case VxlanPort when length >= 8 && (at[0] & 0x08) != 0:
                return LinkLayer.Decode(LinkType.Ethernet, at + 8, length - 8, internet, ref headers);
            case GenevePort when length >= 8 && at[0] >> 6 == 0:
                uint options = (at[0] & 0x3Fu) * 4;
                return length < 8 + options
                    ? FrameFate.Truncated
                    : Payload(ReadUInt16(at + 2), at + 8 + options, length - 8 - options, internet, ref headers);
            case GtpUserPort:
                return GtpUser(at, length, internet, ref headers);
            default:
                return FrameFate.NonIp;
        }
    }

    /// <summary>GRE (RFC 2784, RFC 2890) and its version 1, which PPTP uses for PPP and which is not looked into.</summary>
    private static FrameFate Gre(byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        if (length < 4 || (at[1] & 0x07) != 0)
        {
            return FrameFate.NonIp;
        }

        bool hasChecksum = (at[0] & 0x80) != 0;
        bool hasRouting = (at[0] & 0x40) != 0;
        bool hasKey = (at[0] & 0x20) != 0;
        bool hasSequence = (at[0] & 0x10) != 0;
        uint header = 4u + (hasChecksum || hasRouting ? 4u : 0) + (hasKey ? 4u : 0) + (hasSequence ? 4u : 0);
        return hasRouting || length < header
            ? FrameFate.NonIp
            : Payload(ReadUInt16(at + 2), at + header, length - header, internet, ref headers);
    }

    private static FrameFate Payload(ushort type, byte* at, uint length, InternetLayer internet, ref PacketHeaders headers) =>
        type == TransparentEthernet
            ? LinkLayer.Decode(LinkType.Ethernet, at, length, internet, ref headers)
            : LinkLayer.EtherType(type, at, length, internet, ref headers);

    /// <summary>GTPv1-U G-PDUs (3GPP TS 29.281 §5), with their chain of extension headers.</summary>
    private static FrameFate GtpUser(byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        const byte UserData = 255;
        if (length < 8 || at[0] >> 5 != 1 || at[1] != UserData)
        {
            return FrameFate.NonIp;
        }

        uint offset = 8;
        if ((at[0] & 0x07) != 0)
        {
            offset = 12;
            if (length < offset)
            {
                return FrameFate.Truncated;
            }

            byte next = (at[0] & 0x04) != 0 ? at[11] : (byte)0;
            while (next != 0)
            {
                if (length < offset + 4 || at[offset] == 0 || length < offset + (at[offset] * 4u))
                {
                    return FrameFate.Truncated;
                }

                offset += at[offset] * 4u;
                next = at[offset - 1];
            }
        }

        return LinkLayer.Decode(LinkType.Raw, at + offset, length - offset, internet, ref headers);
    }
}
