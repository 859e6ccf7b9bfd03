using System.Buffers.Binary;
using FlowMeter.Engine.Capture;
using static FlowMeter.Engine.Decode.PacketHeaders;

namespace FlowMeter.Engine.Decode;

/// <summary>
/// IEEE 802.11 data frames (SPEC §1), and the headers that radios put before them. An A-MSDU is one frame, metered by the first IP packet
/// in it.
/// </summary>
internal static unsafe class WirelessFrame
{
    private const ushort LogicalLink = 4;
    private const uint Checksum = 4;
    private const int MaxFields = 64;
    private const byte HasChecksum = 0x10;
    private const byte IsPadded = 0x20;

    /// <summary>Radiotap: the fields that a bit map announces, of which the second may say that the header behind is padded.</summary>
    public static DecodeResult Radiotap(byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        if (length < 8)
        {
            return DecodeResult.Truncated;
        }

        uint size = ReadLittle16(at + 2);
        if (at[0] != 0 || size < 8)
        {
            return DecodeResult.Malformed;
        }

        if (length < size)
        {
            return DecodeResult.Truncated;
        }

        // More bit maps follow as long as the topmost bit is set; then the time (8 bytes, aligned) and the flags.
        uint field = 8;
        for (uint map = 4; field + 4 <= size && (at[map + 3] & 0x80) != 0; map += 4)
        {
            field += 4;
        }

        if ((at[4] & 1) != 0)
        {
            field = ((field + 7) & ~7u) + 8;
        }

        byte flags = (at[4] & 2) != 0 && field < size ? at[field] : (byte)0;
        length = internet.WithoutTrailer(length - size, (flags & HasChecksum) != 0 ? Checksum : 0);
        return Decode(at + size, length, (flags & IsPadded) != 0, internet, ref headers);
    }

    /// <summary>Prism's header or the one of AVS, which both begin with a number and their length.</summary>
    public static DecodeResult Prism(byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        if (length < 8)
        {
            return DecodeResult.Truncated;
        }

        // Prism has the host's byte order, and no header is as long as the wrong one says.
        uint size = ReadUInt32(at + 4);
        size = size > ushort.MaxValue ? BinaryPrimitives.ReverseEndianness(size) : size;
        return size is < 8 or > ushort.MaxValue ? DecodeResult.Malformed
            : length < size ? DecodeResult.Truncated
            : Decode(at + size, length - size, false, internet, ref headers);
    }

    /// <summary>PPI: a length and the link type of what follows.</summary>
    public static DecodeResult Ppi(byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        if (length < 8)
        {
            return DecodeResult.Truncated;
        }

        uint size = ReadLittle16(at + 2);
        uint linkType = BinaryPrimitives.ReverseEndianness(ReadUInt32(at + 4));
        return size < 8 ? DecodeResult.Malformed
            : length < size ? DecodeResult.Truncated
            : linkType == (uint)LinkType.Ppi ? DecodeResult.UnsupportedLinkType
            : LinkLayer.DecodeAny(
                (LinkType)linkType, at + size,
                internet.WithoutTrailer(length - size, linkType == (uint)LinkType.Wireless && EndsWithChecksum(at, size) ? Checksum : 0),
                internet, ref headers);
    }

    /// <summary>Whether a field of PPI, of those common to all 802.11, says so.</summary>
    private static bool EndsWithChecksum(byte* at, uint size)
    {
        const uint Common = 2;
        const uint FlagsEnd = 14;
        bool isAligned = (at[1] & 1) != 0;
        uint offset = 8;
        for (int i = 0; i < MaxFields && offset + 4 <= size; i++)
        {
            uint length = ReadLittle16(at + offset + 2);
            if (ReadLittle16(at + offset) == Common)
            {
                return length >= 10 && offset + FlagsEnd <= size && (at[offset + 12] & 1) != 0;
            }

            offset += 4 + (isAligned ? (length + 3) & ~3u : length);
        }

        return false;
    }

    /// <summary>A frame of 802.11 whose protection is what it says.</summary>
    public static DecodeResult Decode(byte* at, uint length, bool isPadded, InternetLayer internet, ref PacketHeaders headers)
    {
        if (length < 2)
        {
            return DecodeResult.Truncated;
        }

        return IsData(at[0]) && (at[1] & 0x40) != 0
            ? DecodeResult.Encrypted
            : Data(at[0], at[1], at, length, isPadded, internet, ref headers);
    }

    /// <summary>
    /// A data frame as access points forward it in tunnels: many swap the two bytes of its frame control, and the flag of protection may be
    /// left from before. What is still encrypted has no LLC header.
    /// </summary>
    public static DecodeResult Forwarded(byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        bool isSwapped = length >= 2 && (at[0] & 0x0F) != 0x08;
        return length < 2 ? DecodeResult.Truncated
            : isSwapped ? Data(at[1], at[0], at, length, false, internet, ref headers)
            : Data(at[0], at[1], at, length, false, internet, ref headers);
    }

    /// <summary>Version 0, type data, and not one of the subtypes without any.</summary>
    private static bool IsData(byte kind) => (kind & 0x4F) == 0x08;

    private static DecodeResult Data(
        byte kind, byte flags, byte* at, uint length, bool isPadded, InternetLayer internet, ref PacketHeaders headers)
    {
        if (!IsData(kind))
        {
            return DecodeResult.NonIp;
        }

        uint size = (flags & 3) == 3 ? 30u : 24u;
        bool hasQuality = (kind & 0x80) != 0;
        uint quality = size;
        size += hasQuality ? 2u : 0;
        size += hasQuality && (flags & 0x80) != 0 ? 4u : 0;
        if (length < size)
        {
            return DecodeResult.Truncated;
        }

        if ((at[22] & 0x0F) != 0)
        {
            // A later fragment: it begins anywhere in a packet.
            return DecodeResult.NonIp;
        }

        bool isAggregate = hasQuality && (at[quality] & 0x80) != 0;
        size = isPadded ? (size + 3) & ~3u : size;
        return length < size ? DecodeResult.Truncated
            : isAggregate ? Aggregate(at + size, length - size, internet, ref headers)
            : LinkLayer.EtherType(LogicalLink, at + size, length - size, internet, ref headers);
    }

    /// <summary>Subframes, each with two addresses and its length, padded to four bytes.</summary>
    private static DecodeResult Aggregate(byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        const uint Header = 14;
        DecodeResult result = DecodeResult.Truncated;
        for (int i = 0; i < MaxFields && length >= Header; i++)
        {
            result = LinkLayer.EtherType(LogicalLink, at + Header, length - Header, internet, ref headers);
            uint size = (Header + ReadUInt16(at + Header - 2) + 3) & ~3u;
            if (result != DecodeResult.NonIp || length <= size)
            {
                return result;
            }

            at += size;
            length -= size;
        }

        return result;
    }

    private static uint ReadLittle16(byte* at) => BinaryPrimitives.ReverseEndianness(ReadUInt16(at));
}
