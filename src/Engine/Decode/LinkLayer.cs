using System.Runtime.CompilerServices;
using FlowMeter.Engine.Observe;
using static FlowMeter.Engine.Decode.PacketHeaders;

namespace FlowMeter.Engine.Decode;

/// <summary>From the first captured byte to the IP header: link headers, VLAN tags, MPLS labels, PPPoE (SPEC §1).</summary>
internal static unsafe class LinkLayer
{
    private const ushort EtherTypeIPv4 = 0x0800;
    private const ushort EtherTypeIPv6 = 0x86DD;

    /// <summary>Decodes a frame from its first byte; <paramref name="length"/> bytes may be read. What most captures consist of comes first and is inlined.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FrameFate Decode(LinkType linkType, byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        if (linkType == LinkType.Ethernet && length >= 14 && ReadUInt16(at + 12) == EtherTypeIPv4)
        {
            return internet.IPv4(at + 14, length - 14, ref headers);
        }

        return DecodeAny(linkType, at, length, internet, ref headers);
    }

    private static FrameFate DecodeAny(LinkType linkType, byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        switch (linkType)
        {
            case LinkType.Ethernet:
                return length < 14 ? FrameFate.Truncated : EtherType(ReadUInt16(at + 12), at + 14, length - 14, internet, ref headers);
            case LinkType.Raw or LinkType.RawBsd or LinkType.RawOpenBsd:
                return ByVersion(at, length, FrameFate.Malformed, internet, ref headers);
            case LinkType.IPv4:
                return internet.IPv4(at, length, ref headers);
            case LinkType.IPv6:
                return internet.IPv6(at, length, ref headers);
            case LinkType.Null or LinkType.Loop:
                return length < 4 ? FrameFate.Truncated : Family(ReadUInt32(at), at + 4, length - 4, internet, ref headers);
            case LinkType.LinuxSll:
                return length < 16 ? FrameFate.Truncated : EtherType(ReadUInt16(at + 14), at + 16, length - 16, internet, ref headers);
            case LinkType.LinuxSll2:
                return length < 20 ? FrameFate.Truncated : EtherType(ReadUInt16(at), at + 20, length - 20, internet, ref headers);
            default:
                return FrameFate.UnsupportedLinkType;
        }
    }

    /// <summary>Decodes what an EtherType announces; also the way into GRE's and GENEVE's payloads.</summary>
    public static FrameFate EtherType(ushort type, byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        while (true)
        {
            switch (type)
            {
                case EtherTypeIPv4:
                    return internet.IPv4(at, length, ref headers);
                case EtherTypeIPv6:
                    return internet.IPv6(at, length, ref headers);
                case 0x8100 or 0x88A8 or 0x9100:
                    if (length < 4)
                    {
                        return FrameFate.Truncated;
                    }

                    type = ReadUInt16(at + 2);
                    at += 4;
                    length -= 4;
                    continue;
                case 0x8847 or 0x8848:
                    return Mpls(at, length, internet, ref headers);
                case 0x8864:
                    return PppoeSession(at, length, internet, ref headers);
                default:
                    return FrameFate.NonIp;
            }
        }
    }

    private static FrameFate Mpls(byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        bool isBottom = false;
        while (!isBottom)
        {
            if (length < 4)
            {
                return FrameFate.Truncated;
            }

            isBottom = (at[2] & 1) != 0;
            at += 4;
            length -= 4;
        }

        return ByVersion(at, length, FrameFate.NonIp, internet, ref headers);
    }

    private static FrameFate PppoeSession(byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        if (length < 8)
        {
            return FrameFate.Truncated;
        }

        return ReadUInt16(at + 6) switch
        {
            0x21 => internet.IPv4(at + 8, length - 8, ref headers),
            0x57 => internet.IPv6(at + 8, length - 8, ref headers),
            _ => FrameFate.NonIp,
        };
    }

    /// <summary>BSD's address families, as a host of either byte order wrote them.</summary>
    private static FrameFate Family(uint family, byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        switch (family <= ushort.MaxValue ? family : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(family))
        {
            case 2:
                return internet.IPv4(at, length, ref headers);
            case 10 or 24 or 28 or 30:
                return internet.IPv6(at, length, ref headers);
            default:
                return FrameFate.NonIp;
        }
    }

    private static FrameFate ByVersion(byte* at, uint length, FrameFate otherwise, InternetLayer internet, ref PacketHeaders headers)
    {
        if (length == 0)
        {
            return FrameFate.Truncated;
        }

        return (at[0] >> 4) switch
        {
            4 => internet.IPv4(at, length, ref headers),
            6 => internet.IPv6(at, length, ref headers),
            _ => otherwise,
        };
    }
}
