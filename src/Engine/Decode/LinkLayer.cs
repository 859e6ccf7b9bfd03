using System.Runtime.CompilerServices;
using FlowMeter.Engine.Capture;
using static FlowMeter.Engine.Decode.PacketHeaders;

namespace FlowMeter.Engine.Decode;

/// <summary>From the first captured byte to the IP header: link headers, VLAN tags, MPLS labels, PPPoE (SPEC §1).</summary>
internal static unsafe class LinkLayer
{
    private const int MaxHeaders = 64;
    private const ushort EtherTypeIPv4 = 0x0800;
    private const ushort EtherTypeIPv6 = 0x86DD;

    /// <summary>
    /// Decodes a frame from its first byte; <paramref name="length"/> bytes may be read. What most captures consist of comes first and is
    /// inlined.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DecodeResult Decode(LinkType linkType, byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        if (linkType == LinkType.Ethernet && length >= 14 && ReadUInt16(at + 12) == EtherTypeIPv4)
        {
            return internet.IPv4(at + 14, length - 14, ref headers);
        }

        return DecodeAny(linkType, at, length, internet, ref headers);
    }

    public static DecodeResult DecodeAny(LinkType linkType, byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        switch (linkType)
        {
            case LinkType.Ethernet:
                return length < 14 ? DecodeResult.Truncated : EtherType(ReadUInt16(at + 12), at + 14, length - 14, internet, ref headers);
            case LinkType.Raw or LinkType.RawBsd or LinkType.RawOpenBsd:
                return ByVersion(at, length, DecodeResult.Malformed, internet, ref headers);
            case LinkType.IPv4:
                return internet.IPv4(at, length, ref headers);
            case LinkType.IPv6:
                return internet.IPv6(at, length, ref headers);
            case LinkType.Null or LinkType.Loop:
                return length < 4 ? DecodeResult.Truncated : Family(ReadUInt32(at), at + 4, length - 4, internet, ref headers);
            case LinkType.LinuxSll:
                return length < 16
                    ? DecodeResult.Truncated
                    : CookedFrame.Decode(ReadUInt16(at + 2), ReadUInt16(at + 14), at + 16, length - 16, internet, ref headers);
            case LinkType.LinuxSll2:
                return length < 20
                    ? DecodeResult.Truncated
                    : CookedFrame.Decode(ReadUInt16(at + 8), ReadUInt16(at), at + 20, length - 20, internet, ref headers);
            case LinkType.Ppp or LinkType.PppHdlc when length >= 2 && at[0] is 0x0F or 0x8F && at[1] == 0:
            case LinkType.CiscoHdlc:
                return length < 4 ? DecodeResult.Truncated : EtherType(ReadUInt16(at + 2), at + 4, length - 4, internet, ref headers);
            case LinkType.Ppp or LinkType.PppHdlc:
                return PointToPointFrame.Decode(at, length, internet, ref headers);
            case LinkType.Enc:
                return length < 12 ? DecodeResult.Truncated : Family(ReadUInt32(at), at + 12, length - 12, internet, ref headers);
            case LinkType.NfLog:
                return LoggedFrame.NfLog(at, length, internet, ref headers);
            case LinkType.PfLog:
                return LoggedFrame.PfLog(at, length, internet, ref headers);
            case LinkType.Wireless:
                return WirelessFrame.Decode(at, length, false, internet, ref headers);
            case LinkType.Radiotap:
                return WirelessFrame.Radiotap(at, length, internet, ref headers);
            case LinkType.Prism or LinkType.Avs:
                return WirelessFrame.Prism(at, length, internet, ref headers);
            case LinkType.Ppi:
                return WirelessFrame.Ppi(at, length, internet, ref headers);
            default:
                return DecodeResult.UnsupportedLinkType;
        }
    }

    /// <summary>
    /// Decodes what an EtherType announces, or the LLC that a length does; also the way into GRE's and GENEVE's payloads.
    /// </summary>
    public static DecodeResult EtherType(ushort type, byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        for (int i = 0; i < MaxHeaders; i++)
        {
            if (type == EtherTypeIPv4)
            {
                return internet.IPv4(at, length, ref headers);
            }

            if (type == EtherTypeIPv6)
            {
                return internet.IPv6(at, length, ref headers);
            }

            bool isProtected = type == EtherHeader.Macsec;
            DecodeResult result = EtherHeader.Read(ref type, at, length, internet.Beyond, out uint size);
            if (result != DecodeResult.Metered)
            {
                internet.Unknown = type;
                return result;
            }

            at += size;
            length -= size;
            if (isProtected)
            {
                length = internet.WithoutTrailer(length, EtherHeader.MacsecChecksum);
            }
        }

        return DecodeResult.Malformed;
    }

    /// <summary>
    /// The address families of all systems, as a host of either byte order wrote them; some write an EtherType instead, or into the last
    /// two bytes. What is IPv6 on one system may be another protocol elsewhere.
    /// </summary>
    public static DecodeResult Family(uint family, byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        uint number = family <= ushort.MaxValue ? family : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(family);
        switch (number)
        {
            case 2:
                return internet.IPv4(at, length, ref headers);
            case 24 or 28 or 30:
            case 10 or 23 or 26 when length == 0 || at[0] >> 4 == 6:
                return internet.IPv6(at, length, ref headers);
            case > 1500 and <= ushort.MaxValue:
                return EtherType((ushort)number, at, length, internet, ref headers);
            case > ushort.MaxValue when EtherHeader.IsKnown((ushort)family):
                return EtherType((ushort)family, at, length, internet, ref headers);
            default:
                return DecodeResult.NonIp;
        }
    }

    /// <summary>A packet that says itself which version it has.</summary>
    public static DecodeResult ByVersion(byte* at, uint length, DecodeResult otherwise, InternetLayer internet, ref PacketHeaders headers)
    {
        if (length == 0)
        {
            return DecodeResult.Truncated;
        }

        return (at[0] >> 4) switch
        {
            4 => internet.IPv4(at, length, ref headers),
            6 => internet.IPv6(at, length, ref headers),
            _ => otherwise,
        };
    }
}
