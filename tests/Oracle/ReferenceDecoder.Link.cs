using System.Buffers.Binary;

namespace FlowMeter.Tests.Oracle;

internal sealed partial class ReferenceDecoder
{
    private static readonly ushort[] s_known =
    [
        0x0800, 0x0806, 0x86DD, 0x8100, 0x88A8, 0x9100, 0x9200, 0x9300, 0x88E7, 0x8903, 0x8926, 0x893F, 0x8909, 0x22F3, 0x894F, 0x88E5, 0x8847, 0x8848, 0x8864,
    ];

    private ReferencePacket Link(byte[] bytes, int linkType, int at, long time)
    {
        int left = bytes.Length - at;
        switch (linkType)
        {
            case 1:
                return left < 14 ? Truncated : EtherType(bytes, UInt16(bytes, at + 12), at + 14, time);
            case 0 or 108:
                return left < 4 ? Truncated : AddressFamily(bytes, UInt32(bytes, at), at + 4, time);
            case 109:
                return left < 12 ? Truncated : AddressFamily(bytes, UInt32(bytes, at), at + 12, time);
            case 12 or 14 or 101:
                return RawIP(bytes, at, time);
            case 113:
                return left < 16 ? Truncated : EtherType(bytes, UInt16(bytes, at + 14), at + 16, time);
            case 276:
                return left < 20 ? Truncated : EtherType(bytes, UInt16(bytes, at), at + 20, time);
            case 228:
                return IPv4(bytes, at, time);
            case 229:
                return IPv6(bytes, at, time);
            case 9 or 50 or 104:
                bool isCisco = linkType == 104 || (linkType == 50 && left >= 2 && UInt16(bytes, at) is 0x0F00 or 0x8F00);
                return !isCisco ? Ppp(bytes, at, 0, time) : left < 4 ? Truncated : EtherType(bytes, UInt16(bytes, at + 2), at + 4, time);
            case 117:
                int size = left < 2 ? 0 : (bytes[at] + 3) / 4 * 4;
                return left < 2 ? Truncated : bytes[at] < 45 ? Malformed : left < size ? Truncated : AddressFamily(bytes, bytes[at + 1], at + size, time);
            case 239:
                return NetfilterLog(bytes, at, time);
            case 105:
                return Wireless(bytes, at, false, time);
            case 119 or 127 or 192:
                return BehindRadio(bytes, linkType, at, time);
            default:
                return ReferencePacket.Skipped(ReferenceOutcome.UnsupportedLinkType);
        }
    }

    private ReferencePacket NetfilterLog(byte[] bytes, int start, long time)
    {
        int at = start + 4;
        for (int attributes = 0; attributes < 64; attributes++)
        {
            if (bytes.Length - at < 4)
            {
                return Truncated;
            }
            bool little = bytes[at + 3] == 0;
            int size = little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at)) : UInt16(bytes, at);
            int type = little ? bytes[at + 2] : UInt16(bytes, at + 2);
            if (size < 4)
            {
                return Malformed;
            }
            if (type == 9)
            {
                return AddressFamily(bytes, bytes[start], at + 4, time);
            }
            at += (size + 3) / 4 * 4;
        }
        return Malformed;
    }

    private ReferencePacket BehindRadio(byte[] bytes, int linkType, int at, long time)
    {
        int left = bytes.Length - at;
        if (left < 8)
        {
            return Truncated;
        }
        uint size = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at + 2));
        if (linkType == 119)
        {
            uint big = UInt32(bytes, at + 4);
            size = big < 0x10000 ? big : BinaryPrimitives.ReverseEndianness(big);
        }
        if (size is < 8 or > 0xFFFF || (linkType == 127 && bytes[at] != 0))
        {
            return Malformed;
        }
        if (left < size)
        {
            return Truncated;
        }
        int next = at + (int)size;
        if (linkType == 192)
        {
            int inner = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + 4));
            return Link(bytes, inner == 192 ? -1 : inner, next, time);
        }
        return Wireless(bytes, next, linkType == 127 && IsPadded(bytes.AsSpan(at, (int)size)), time);
    }

    private static bool IsPadded(ReadOnlySpan<byte> header)
    {
        int map = 4;
        while (map + 8 <= header.Length && (header[map + 3] & 0x80) != 0)
        {
            map += 4;
        }
        int at = map + 4;
        if ((header[4] & 1) != 0)
        {
            at = ((at + 7) / 8 * 8) + 8;
        }
        return (header[4] & 2) != 0 && at < header.Length && (header[at] & 0x20) != 0;
    }

    private ReferencePacket Wireless(byte[] bytes, int at, bool padded, long time)
    {
        int left = bytes.Length - at;
        if (left < 2)
        {
            return Truncated;
        }
        int version = bytes[at] & 3;
        int type = (bytes[at] >> 2) & 3;
        int subtype = bytes[at] >> 4;
        if (version != 0 || type != 2 || (subtype & 4) != 0)
        {
            return NonIp;
        }
        if ((bytes[at + 1] & 0x40) != 0)
        {
            return Encrypted;
        }
        bool quality = subtype >= 8;
        int addresses = (bytes[at + 1] & 3) == 3 ? 30 : 24;
        int size = addresses + (quality ? 2 : 0) + (quality && bytes[at + 1] >= 0x80 ? 4 : 0);
        if (left < size)
        {
            return Truncated;
        }
        if ((bytes[at + 22] & 15) != 0)
        {
            return NonIp;
        }
        int subframe = quality && bytes[at + addresses] >= 0x80 ? 14 : 0;
        size = (padded ? (size + 3) / 4 * 4 : size) + subframe;
        return left < size ? Truncated : EtherType(bytes, 4, at + size, time);
    }

    /// <summary>What an EtherType announces at an offset: a header, after which the next EtherType comes, or a packet. More than 64 headers are malformed.</summary>
    private ReferencePacket EtherType(byte[] bytes, ushort type, int at, long time, int headers = 0)
    {
        int left = bytes.Length - at;
        if (type is 0x0800 or 0x86DD)
        {
            return headers == 64 ? Malformed : type == 0x0800 ? IPv4(bytes, at, time) : IPv6(bytes, at, time);
        }
        if (headers == 64)
        {
            return Malformed;
        }
        switch (type)
        {
            case <= 1500:
                bool isSnap = left >= 3 && bytes[at] == 0xAA && bytes[at + 1] == 0xAA && bytes[at + 2] == 3;
                if (left < 3 || (isSnap && left < 8))
                {
                    return Truncated;
                }
                if (bytes[at] == 6 && bytes[at + 1] == 6 && bytes[at + 2] == 3)
                {
                    return EtherType(bytes, 0x0800, at + 3, time, headers + 1);
                }
                bool isKnown = isSnap && bytes[at + 3] == 0 && bytes[at + 4] == 0 && bytes[at + 5] is 0 or 0xF8 && UInt16(bytes, at + 6) > 1500;
                return isKnown ? After(8) : NonIp;
            case 0x8100 or 0x88A8 or 0x9100 or 0x9200 or 0x9300:
                return After(4);
            case 0x88E7:
                return After(18);
            case 0x8903:
                return After(16);
            case 0x8926:
                return After(6);
            case 0x893F or 0x8909:
                return After(8);
            case 0x22F3:
                int options = left < 2 ? 0 : (UInt16(bytes, at) / 64) & 31;
                return left < 6 ? Truncated : bytes[at] >= 64 ? NonIp : After(20 + (4 * options));
            case 0x894F:
                return ServiceHeader(bytes, at, time, headers);
            case 0x88E5:
                return left < 1 ? Truncated
                    : (bytes[at] & 8) != 0 ? Encrypted
                    : (bytes[at] & 0x84) != 0 ? NonIp
                    : After((bytes[at] & 0x20) != 0 ? 16 : 8);
            case 0x8847 or 0x8848:
                return Mpls(bytes, at, time, headers);
            case 0x8864:
                return left < 6 ? Truncated : Ppp(bytes, at + 6, headers + 1, time);
            default:
                return NonIp;
        }

        ReferencePacket After(int size) => left < size ? Truncated : EtherType(bytes, UInt16(bytes, at + size - 2), at + size, time, headers + 1);
    }

    private ReferencePacket ServiceHeader(byte[] bytes, int at, long time, int headers)
    {
        int left = bytes.Length - at;
        if (left < 8)
        {
            return Truncated;
        }
        int size = (bytes[at + 1] & 63) * 4;
        int next = bytes[at + 3];
        if (bytes[at] >= 64 || size < 8 || next is not (1 or 2 or 3 or 4 or 5))
        {
            return NonIp;
        }
        if (left < size + (next == 3 ? 14 : 0))
        {
            return Truncated;
        }
        ushort type = next switch { 1 => 0x0800, 2 => 0x86DD, 4 => 0x894F, 5 => 0x8847, _ => UInt16(bytes, at + size + 12) };
        return EtherType(bytes, type, at + size + (next == 3 ? 14 : 0), time, headers + 1);
    }

    private ReferencePacket Ppp(byte[] bytes, int at, int headers, long time)
    {
        int left = bytes.Length - at;
        int address = left >= 2 && UInt16(bytes, at) == 0xFF03 ? 2 : 0;
        if (left < address + 2)
        {
            return Truncated;
        }
        at += address;
        bool isShort = bytes[at] % 2 == 1;
        int protocol = isShort ? bytes[at] : UInt16(bytes, at);
        ushort type = protocol switch { 0x21 => 0x0800, 0x57 => 0x86DD, 0x281 => 0x8847, 0x283 => 0x8848, _ => 0 };
        return type == 0 ? NonIp : EtherType(bytes, type, at + (isShort ? 1 : 2), time, headers);
    }

    private ReferencePacket Mpls(byte[] bytes, int at, long time, int headers = 0)
    {
        bool bottomOfStack = false;
        while (!bottomOfStack)
        {
            if (bytes.Length - at < 4)
            {
                return Truncated;
            }
            bottomOfStack = bytes[at + 2] % 2 == 1;
            at += 4;
        }
        int left = bytes.Length - at;
        if (left < 1)
        {
            return Truncated;
        }
        int version = bytes[at] >> 4;
        if (version == 4)
        {
            int header = (bytes[at] & 15) * 4;
            if (left < 20 || left < header)
            {
                return Truncated;
            }
            int total = UInt16(bytes, at + 2);
            if (header >= 20 && total >= header && total <= _wireLength - at && IsSummed(bytes, at))
            {
                return EtherType(bytes, 0x0800, at, time, headers + 1);
            }
        }
        if (version == 6)
        {
            if (left < 40)
            {
                return Truncated;
            }
            long behind = _wireLength - at - (UInt16(bytes, at + 4) + 40);
            if (behind is >= 0 and <= 4 || (behind > 4 && _wireLength - at <= 46))
            {
                return EtherType(bytes, 0x86DD, at, time, headers + 1);
            }
        }
        foreach (int word in version == 0 ? new[] { 4, 0 } : [0])
        {
            if (left >= word + 14 && s_known.Contains(UInt16(bytes, at + word + 12)))
            {
                return EtherType(bytes, UInt16(bytes, at + word + 12), at + word + 14, time, headers + 1);
            }
        }
        return left < (version == 0 ? 18 : 14) ? Truncated : NonIp;
    }

    private static uint UInt32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
}
