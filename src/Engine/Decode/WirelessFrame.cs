using System.Buffers.Binary;
using FlowMeter.Engine.Observe;
using static FlowMeter.Engine.Decode.PacketHeaders;

namespace FlowMeter.Engine.Decode;

/// <summary>IEEE 802.11 data frames (SPEC §1), and the headers that radios put before them. Of an A-MSDU, which is one frame, the first packet is metered.</summary>
internal static unsafe class WirelessFrame
{
    private const ushort LogicalLink = 4;

    /// <summary>Radiotap: the fields that a bit map announces, of which the second may say that the header behind is padded.</summary>
    public static FrameFate Radiotap(byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        if (length < 8)
        {
            return FrameFate.Truncated;
        }

        uint size = ReadLittle16(at + 2);
        if (at[0] != 0 || size < 8)
        {
            return FrameFate.Malformed;
        }

        if (length < size)
        {
            return FrameFate.Truncated;
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

        bool isPadded = (at[4] & 2) != 0 && field < size && (at[field] & 0x20) != 0;
        return Decode(at + size, length - size, isPadded, internet, ref headers);
    }

    /// <summary>Prism's header or the one of AVS, which both begin with a number and their length.</summary>
    public static FrameFate Prism(byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        if (length < 8)
        {
            return FrameFate.Truncated;
        }

        // Prism has the host's byte order, and no header is as long as the wrong one says.
        uint size = ReadUInt32(at + 4);
        size = size > ushort.MaxValue ? BinaryPrimitives.ReverseEndianness(size) : size;
        return size is < 8 or > ushort.MaxValue ? FrameFate.Malformed
            : length < size ? FrameFate.Truncated
            : Decode(at + size, length - size, false, internet, ref headers);
    }

    /// <summary>PPI: a length and the link type of what follows.</summary>
    public static FrameFate Ppi(byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        if (length < 8)
        {
            return FrameFate.Truncated;
        }

        uint size = ReadLittle16(at + 2);
        uint linkType = BinaryPrimitives.ReverseEndianness(ReadUInt32(at + 4));
        return size < 8 ? FrameFate.Malformed
            : length < size ? FrameFate.Truncated
            : linkType == (uint)LinkType.Ppi ? FrameFate.UnsupportedLinkType
            : LinkLayer.DecodeAny((LinkType)linkType, at + size, length - size, internet, ref headers);
    }

    /// <summary>A frame of 802.11.</summary>
    public static FrameFate Decode(byte* at, uint length, bool isPadded, InternetLayer internet, ref PacketHeaders headers)
    {
        if (length < 2)
        {
            return FrameFate.Truncated;
        }

        // Version 0, type data, and not one of the subtypes without any.
        if ((at[0] & 0x4F) != 0x08)
        {
            return FrameFate.NonIp;
        }

        if ((at[1] & 0x40) != 0)
        {
            return FrameFate.Encrypted;
        }

        uint size = (at[1] & 3) == 3 ? 30u : 24u;
        bool hasQuality = (at[0] & 0x80) != 0;
        uint quality = size;
        size += hasQuality ? 2u : 0;
        size += hasQuality && (at[1] & 0x80) != 0 ? 4u : 0;
        if (length < size)
        {
            return FrameFate.Truncated;
        }

        if ((at[22] & 0x0F) != 0)
        {
            // A later fragment: it begins anywhere in a packet.
            return FrameFate.NonIp;
        }

        bool isAggregate = hasQuality && (at[quality] & 0x80) != 0;
        size = isPadded ? (size + 3) & ~3u : size;
        size += isAggregate ? 14u : 0;
        return length < size ? FrameFate.Truncated : LinkLayer.EtherType(LogicalLink, at + size, length - size, internet, ref headers);
    }

    private static uint ReadLittle16(byte* at) => BinaryPrimitives.ReverseEndianness(ReadUInt16(at));
}
