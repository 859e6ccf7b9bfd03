using static FlowMeter.Engine.Decode.PacketHeaders;

namespace FlowMeter.Engine.Decode;

/// <summary>
/// One header between Ethernet's addresses and IP: tags, labels, LLC, whole frames inside (SPEC §1). It tells where the next one begins,
/// and of which EtherType it is.
/// </summary>
internal static unsafe class EtherHeader
{
    /// <summary>The EtherType of MACsec (IEEE 802.1AE).</summary>
    public const ushort Macsec = 0x88E5;

    /// <summary>Bytes at the end of a frame that MACsec protects.</summary>
    public const uint MacsecChecksum = 16;

    private const uint EthernetSize = 14;
    private const uint MaxLabels = 64;

    /// <summary>Whether a header or packet of this EtherType can be read.</summary>
    public static bool IsKnown(ushort type) =>
        type is 0x0800 or 0x86DD or 0x8100 or 0x88A8 or 0x9100 or 0x9200 or 0x9300 or 0x88E7 or 0x8903 or 0x8926 or 0x893F
        or 0x8909 or 0x8988 or 0x22F3 or 0x894F or Macsec or 0x8847 or 0x8848 or 0x8864 or 0x0806;

    /// <summary>
    /// Reads the header of <paramref name="type"/>; it gets the type of what follows, and <paramref name="size"/> the header's size in
    /// bytes.
    /// </summary>
    /// <param name="type">The header's EtherType, or a length of at most 1500 for LLC.</param>
    /// <param name="at">Its first byte.</param>
    /// <param name="length">Bytes that may be read.</param>
    /// <param name="beyond">Bytes on the wire beyond them.</param>
    /// <param name="size">The header's size; what follows begins there.</param>
    /// <returns>Metered if something follows, all of whose type has been captured.</returns>
    public static DecodeResult Read(ref ushort type, byte* at, uint length, long beyond, out uint size)
    {
        size = 0;
        switch (type)
        {
            case <= 1500:
                return LogicalLink(ref type, at, length, out size);
            case 0x8100 or 0x88A8 or 0x9100 or 0x9200 or 0x9300:
                return Next(ref type, at, length, size = 4);
            case 0x88E7: // 802.1ah: flags and service, then a whole frame
                return Next(ref type, at, length, size = 4 + EthernetSize);
            case 0x8903: // FabricPath: tag and time to live, then a whole frame
                return Next(ref type, at, length, size = 2 + EthernetSize);
            case 0x8926: // VN-Tag
                return Next(ref type, at, length, size = 6);
            case 0x893F or 0x8909 or 0x8988: // 802.1BR, Cisco's metadata and time tag
                return Next(ref type, at, length, size = 8);
            case 0x22F3:
                return Trill(ref type, at, length, out size);
            case 0x894F:
                return ServiceHeader(ref type, at, length, out size);
            case Macsec:
                return Protected(ref type, at, length, out size);
            case 0x8847 or 0x8848:
                return Mpls(ref type, at, length, beyond, out size);
            case 0x8864:
                return Pppoe(ref type, at, length, out size);
            default:
                return DecodeResult.NonIp;
        }
    }

    /// <summary>The type of what follows is in the last two bytes of most headers.</summary>
    private static DecodeResult Next(ref ushort type, byte* at, uint length, uint size)
    {
        if (length < size)
        {
            return DecodeResult.Truncated;
        }

        type = ReadUInt16(at + size - 2);
        return DecodeResult.Metered;
    }

    /// <summary>LLC (IEEE 802.2): IP by its own number, or an EtherType in SNAP (RFC 1042, and 802.1H's bridged frames).</summary>
    private static DecodeResult LogicalLink(ref ushort type, byte* at, uint length, out uint size)
    {
        size = 3;
        if (length < 3)
        {
            return DecodeResult.Truncated;
        }

        if (at[0] == 6 && at[1] == 6 && at[2] == 3)
        {
            type = 0x0800;
            return DecodeResult.Metered;
        }

        if (at[0] != 0xAA || at[1] != 0xAA || at[2] != 3)
        {
            return DecodeResult.NonIp;
        }

        size = 8;
        if (length < 8)
        {
            return DecodeResult.Truncated;
        }

        bool isEtherType = at[3] == 0 && at[4] == 0 && at[5] is 0 or 0xF8;
        type = ReadUInt16(at + 6);
        return isEtherType && type > 1500 ? DecodeResult.Metered : DecodeResult.NonIp;
    }

    /// <summary>TRILL (RFC 6325 §3): options of a stated length, then a whole frame.</summary>
    private static DecodeResult Trill(ref ushort type, byte* at, uint length, out uint size)
    {
        size = 6;
        if (length < 6)
        {
            return DecodeResult.Truncated;
        }

        uint flags = ReadUInt16(at);
        size = 6 + (((flags >> 6) & 0x1F) * 4) + EthernetSize;
        return flags >> 14 == 0 ? Next(ref type, at, length, size) : DecodeResult.NonIp;
    }

    /// <summary>NSH (RFC 8300 §2.2).</summary>
    private static DecodeResult ServiceHeader(ref ushort type, byte* at, uint length, out uint size)
    {
        size = 8;
        if (length < 8)
        {
            return DecodeResult.Truncated;
        }

        size = (ReadUInt16(at) & 0x3Fu) * 4;
        if (at[0] >> 6 != 0 || size < 8)
        {
            return DecodeResult.NonIp;
        }

        if (at[3] == 3)
        {
            return Next(ref type, at, length, size += EthernetSize);
        }

        type = at[3] switch
        {
            1 => 0x0800,
            2 => 0x86DD,
            4 => 0x894F,
            5 => 0x8847,
            _ => 0,
        };
        return type == 0 ? DecodeResult.NonIp : length < size ? DecodeResult.Truncated : DecodeResult.Metered;
    }

    /// <summary>MACsec (IEEE 802.1AE §9.3): it can be looked into where only integrity is protected.</summary>
    private static DecodeResult Protected(ref ushort type, byte* at, uint length, out uint size)
    {
        const byte IsOtherVersion = 0x80;
        const byte HasChannel = 0x20;
        const byte IsEncrypted = 0x08;
        const byte IsChanged = 0x04;
        size = 0;
        if (length < 1)
        {
            return DecodeResult.Truncated;
        }

        if ((at[0] & (IsEncrypted | IsChanged)) != 0)
        {
            return DecodeResult.Encrypted;
        }

        size = (at[0] & HasChannel) != 0 ? 16u : 8u;
        return (at[0] & IsOtherVersion) != 0 ? DecodeResult.NonIp : Next(ref type, at, length, size);
    }

    /// <summary>
    /// MPLS (RFC 3032) says nothing of what it carries: IP is believed if its header holds, a pseudowire's Ethernet (RFC 4448) if its
    /// EtherType is known, and an IP header behind it holds. Whether a control word is before the frame is not said either.
    /// </summary>
    private static DecodeResult Mpls(ref ushort type, byte* at, uint length, long beyond, out uint size)
    {
        size = 0;
        bool isBottom = false;
        while (!isBottom)
        {
            if (size == MaxLabels * 4)
            {
                return DecodeResult.Malformed;
            }

            if (length < size + 4)
            {
                return DecodeResult.Truncated;
            }

            isBottom = (at[size + 2] & 1) != 0;
            size += 4;
        }

        byte* payload = at + size;
        uint left = length - size;
        if (left == 0)
        {
            return DecodeResult.Truncated;
        }

        int version = payload[0] >> 4;
        if (version is 4 or 6)
        {
            if (left < (version == 4 ? 20 : 40) || (version == 4 && left < (payload[0] & 0x0Fu) * 4))
            {
                return DecodeResult.Truncated;
            }

            if (InnerPacket.IsWithin(payload, left, left + beyond))
            {
                type = version == 4 ? (ushort)0x0800 : (ushort)0x86DD;
                return DecodeResult.Metered;
            }
        }

        uint word = version == 0 ? 4u : 0;
        DecodeResult result = DecodeResult.NonIp;
        for (uint skip = word + EthernetSize; skip >= EthernetSize && result == DecodeResult.NonIp; skip -= 4)
        {
            result = left < skip ? DecodeResult.Truncated : Inside(ReadUInt16(payload + skip - 2), payload + skip, left - skip, beyond);
            if (result == DecodeResult.Metered)
            {
                if (skip > EthernetSize && !IsIP(payload + skip) && IsIP(payload + EthernetSize)
                    && Inside(ReadUInt16(payload + EthernetSize - 2), payload + EthernetSize, left - EthernetSize, beyond)
                    == DecodeResult.Metered)
                {
                    // A flow label looks like a type.
                    skip = EthernetSize;
                }

                return Next(ref type, at, length, size += skip);
            }
        }

        return result;
    }

    private static bool IsIP(byte* behindType) => ReadUInt16(behindType - 2) is 0x0800 or 0x86DD;

    /// <summary>Whether what an EtherType of a pseudowire announces is there, as far as that can be told.</summary>
    private static DecodeResult Inside(ushort type, byte* at, uint length, long beyond)
    {
        if (type is not 0x0800 and not 0x86DD)
        {
            return IsKnown(type) ? DecodeResult.Metered : DecodeResult.NonIp;
        }

        if (length > 0 && at[0] >> 4 != (type == 0x0800 ? 4 : 6))
        {
            return DecodeResult.NonIp;
        }

        return length < (type == 0x0800 ? 20 : 40) || (type == 0x0800 && length < (at[0] & 0x0Fu) * 4) ? DecodeResult.Truncated
            : InnerPacket.IsWithin(at, length, length + beyond) ? DecodeResult.Metered
            : DecodeResult.NonIp;
    }

    private static DecodeResult Pppoe(ref ushort type, byte* at, uint length, out uint size)
    {
        size = 6;
        if (length < 6)
        {
            return DecodeResult.Truncated;
        }

        DecodeResult result = PointToPointFrame.Read(at + 6, length - 6, out type, out uint inner);
        size += inner;
        return result;
    }
}
