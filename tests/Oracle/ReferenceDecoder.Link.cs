using System.Buffers.Binary;

namespace FlowMeter.Tests.Oracle;

internal sealed partial class ReferenceDecoder
{
    private static readonly ushort[] s_known =
    [
        0x0800, 0x0806, 0x86DD, 0x8100, 0x88A8, 0x9100, 0x9200, 0x9300, 0x88E7, 0x8903, 0x8926, 0x893F, 0x8909, 0x8988, 0x22F3, 0x894F,
        0x88E5, 0x8847, 0x8848, 0x8864,
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
                return left < 16 ? Truncated : Cooked(bytes, UInt16(bytes, at + 2), UInt16(bytes, at + 14), at + 16, time);
            case 276:
                return left < 20 ? Truncated : Cooked(bytes, UInt16(bytes, at + 8), UInt16(bytes, at), at + 20, time);
            case 228:
                return IPv4(bytes, at, time);
            case 229:
                return IPv6(bytes, at, time);
            case 9 or 50 or 104:
                bool isCisco = linkType == 104 || (linkType != 104 && left >= 2 && UInt16(bytes, at) is 0x0F00 or 0x8F00);
                return !isCisco ? Ppp(bytes, at, 0, time) : left < 4 ? Truncated : EtherType(bytes, UInt16(bytes, at + 2), at + 4, time);
            case 117:
                int size = left < 2 ? 0 : (bytes[at] + 3) / 4 * 4;
                return left < 2 ? Truncated
                    : bytes[at] < 45 ? Malformed
                    : left < size ? Truncated
                    : AddressFamily(bytes, bytes[at + 1], at + size, time);
            case 239:
                return NetfilterLog(bytes, at, time);
            case 105:
                return Wireless(bytes, at, false, time);
            case 119 or 127 or 163 or 192:
                return BehindRadio(bytes, linkType, at, time);
            default:
                return ReferencePacket.Skipped(ReferenceOutcome.UnsupportedLinkType);
        }
    }

    /// <summary>
    /// What an EtherType announces at an offset: a header, after which the next EtherType comes, or a packet. More than 64 headers are
    /// malformed.
    /// </summary>
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
                bool isKnown = isSnap && bytes[at + 3] == 0 && bytes[at + 4] == 0 && bytes[at + 5] is 0 or 0xF8
                    && UInt16(bytes, at + 6) > 1500;
                return isKnown ? After(8) : NonIp;
            case 0x8100 or 0x88A8 or 0x9100 or 0x9200 or 0x9300:
                return After(4);
            case 0x88E7:
                return After(18);
            case 0x8903:
                return After(16);
            case 0x8926:
                return After(6);
            case 0x893F or 0x8909 or 0x8988:
                return After(8);
            case 0x22F3:
                int options = left < 2 ? 0 : (UInt16(bytes, at) / 64) & 31;
                return left < 6 ? Truncated : bytes[at] >= 64 ? NonIp : After(20 + (4 * options));
            case 0x894F:
                return ServiceHeader(bytes, at, time, headers);
            case 0x88E5:
                int tag = left > 0 && (bytes[at] & 0x20) != 0 ? 16 : 8;
                return left < 1 ? Truncated
                    : (bytes[at] & 0x0C) != 0 ? Encrypted
                    : bytes[at] >= 0x80 ? NonIp
                    : left < tag ? Truncated
                    : EtherType(Without(bytes, 16, at + tag), UInt16(bytes, at + tag - 2), at + tag, time, headers + 1);
            case 0x8847 or 0x8848:
                return Mpls(bytes, at, time, headers);
            case 0x8864:
                return left < 6 ? Truncated : Ppp(bytes, at + 6, headers + 1, time);
            default:
                return NonIp;
        }

        ReferencePacket After(int size) =>
            left < size ? Truncated : EtherType(bytes, UInt16(bytes, at + size - 2), at + size, time, headers + 1);
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

    /// <summary>PPP, whose protocol number ends with its first odd byte.</summary>
    private ReferencePacket Ppp(byte[] bytes, int at, int headers, long time)
    {
        if (Has(bytes, at, 2) && UInt16(bytes, at) == 0xFF03)
        {
            at += 2;
        }
        int protocol = 0;
        bool isWhole = false;
        for (int i = 0; i < 2 && !isWhole; i++)
        {
            if (!Has(bytes, at, 1))
            {
                return Truncated;
            }
            isWhole = bytes[at] % 2 == 1;
            protocol = (protocol * 256) + bytes[at];
            at++;
        }
        ushort type = protocol switch { 0x21 => 0x0800, 0x57 => 0x86DD, 0x281 => 0x8847, 0x283 => 0x8848, _ => 0 };
        return type == 0 ? NonIp : EtherType(bytes, type, at, time, headers);
    }

    private ReferencePacket Mpls(byte[] bytes, int at, long time, int headers = 0)
    {
        bool bottomOfStack = false;
        for (int labels = 0; !bottomOfStack; labels++)
        {
            if (labels == 64)
            {
                return Malformed;
            }
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
        // With a control word or without: what holds an IP header that can be checked, else what has a known type, the word first.
        int[] frames = version == 0 ? [at + 4, at] : [at];
        (int Frame, ReferenceOutcome Outcome)[] found = [.. frames.Select(frame => (frame, Pseudowire(bytes, frame)))];
        foreach ((int frame, ReferenceOutcome outcome) in found)
        {
            if (outcome == ReferenceOutcome.Truncated)
            {
                return Truncated;
            }
            if (outcome == ReferenceOutcome.Metered)
            {
                int chosen = !IsIP(bytes, frame) && found[^1].Outcome == ReferenceOutcome.Metered && IsIP(bytes, at) ? at : frame;
                return EtherType(bytes, UInt16(bytes, chosen + 12), chosen + 14, time, headers + 1);
            }
        }
        return NonIp;
    }

    private static bool IsIP(byte[] bytes, int frame) => UInt16(bytes, frame + 12) is 0x0800 or 0x86DD;

    /// <summary>Nothing announces the frame, so its EtherType has to be known, and an IP header right behind it has to hold.</summary>
    private ReferenceOutcome Pseudowire(byte[] bytes, int frame)
    {
        if (!Has(bytes, frame, 14))
        {
            return ReferenceOutcome.Truncated;
        }
        ushort type = UInt16(bytes, frame + 12);
        int at = frame + 14;
        int least = type == 0x0800 ? 20 : 40;
        if (type is 0x0800 or 0x86DD)
        {
            if (Has(bytes, at, 1) && bytes[at] / 16 != (type == 0x0800 ? 4 : 6))
            {
                return ReferenceOutcome.NonIp;
            }
            if (!Has(bytes, at, least) || (type == 0x0800 && !Has(bytes, at, bytes[at] % 16 * 4)))
            {
                return ReferenceOutcome.Truncated;
            }
            long behind = _wireLength - at - (type == 0x0800 ? UInt16(bytes, at + 2) : UInt16(bytes, at + 4) + 40);
            bool holds = type == 0x0800 ? behind >= 0 && IsSummed(bytes, at) : behind >= 0 && (behind <= 4 || _wireLength - at <= 46);
            return holds ? ReferenceOutcome.Metered : ReferenceOutcome.NonIp;
        }
        return s_known.Contains(type) ? ReferenceOutcome.Metered : ReferenceOutcome.NonIp;
    }

    /// <summary>
    /// The frame without the last bytes that it has on the wire, where a wire length below what was captured is not believed.
    /// </summary>
    private byte[] Without(byte[] bytes, int trailer, int from)
    {
        long end = Math.Max(Math.Max(_wireLength, bytes.Length) - trailer, from);
        _wireLength -= trailer;
        return end < bytes.Length ? bytes[..(int)end] : bytes;
    }

    private static uint UInt32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
}
