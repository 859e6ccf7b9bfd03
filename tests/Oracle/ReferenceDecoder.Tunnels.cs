namespace FlowMeter.Tests.Oracle;

/// <summary>
/// SPEC §1 with <c>--decapsulate</c>. What it leaves open is decided so: the inner packet lies within the bytes that the outer one states;
/// reserved bits have to be 0; an inner IPv4 length below its header's is not believed; what is not metered inside is metered by the outer
/// header; at most four tunnels are opened; later fragments of a tunnel's packet follow its first, and count no payload.
/// </summary>
internal sealed partial class ReferenceDecoder
{
    private const int TunnelsAtMost = 4;
    private int _depth;

    /// <summary>
    /// The packet inside one of this protocol, whose bytes at an offset are <paramref name="rest"/> by its own account; null if there is
    /// none.
    /// </summary>
    private ReferencePacket? Inside(byte[] all, int at, long rest, byte protocol, long time)
    {
        byte[] bytes = all[..(int)Math.Clamp(at + rest, 0, all.Length)];
        if (!_decapsulate || _depth == TunnelsAtMost || at >= bytes.Length)
        {
            return null;
        }
        long wireLength = _wireLength;
        _depth++;
        ReferencePacket packet = protocol switch
        {
            4 => IPv4(bytes, at, time),
            41 => IPv6(bytes, at, time),
            47 => Gre(bytes, at, time),
            97 => Has(bytes, at, 2) && bytes[at] == 0x30 && bytes[at + 1] == 0 ? Bridged(bytes, at + 2, time) : NonIp,
            17 => Udp(bytes, at, time),
            _ => NonIp,
        };
        _depth--;
        _wireLength = wireLength;
        return packet.Outcome == ReferenceOutcome.Metered ? packet : null;
    }

    private static bool Has(byte[] bytes, long at, long count) => bytes.Length - at >= count;

    private static int Bits(byte[] bytes, int at, int firstBit, int count)
    {
        int value = 0;
        for (int bit = firstBit; bit < firstBit + count; bit++)
        {
            value = (value << 1) | ((bytes[at + (bit / 8)] >> (7 - (bit % 8))) & 1);
        }
        return value;
    }

    private ReferencePacket Bridged(byte[] bytes, int at, long time) =>
        Has(bytes, at, 14) ? EtherType(bytes, UInt16(bytes, at + 12), at + 14, time) : Truncated;

    private ReferencePacket Announced(byte[] bytes, int at, ushort type, long time) =>
        type == 0x6558 ? Bridged(bytes, at, time) : EtherType(bytes, type, at, time);

    /// <summary>An IP packet of either version that ends by its own account at an offset or before it.</summary>
    private ReferencePacket Unannounced(byte[] bytes, int at, long end, long time)
    {
        int version = Has(bytes, at, 1) ? bytes[at] >> 4 : 0;
        if (version == 4 && Has(bytes, at, 20))
        {
            return at + UInt16(bytes, at + 2) <= end ? IPv4(bytes, at, time) : Malformed;
        }
        return version == 6 && Has(bytes, at, 40) && at + 40 + UInt16(bytes, at + 4) <= end ? IPv6(bytes, at, time) : NonIp;
    }

    private ReferencePacket Gre(byte[] bytes, int at, long time)
    {
        if (!Has(bytes, at, 4))
        {
            return Truncated;
        }
        (bool checksum, bool routing, bool key, bool sequence) =
            (Bits(bytes, at, 0, 1) == 1, Bits(bytes, at, 1, 1) == 1, Bits(bytes, at, 2, 1) == 1, Bits(bytes, at, 3, 1) == 1);
        int type = UInt16(bytes, at + 2);
        int next = at + 4;
        if (Bits(bytes, at, 13, 3) == 1)
        {
            bool acknowledgement = Bits(bytes, at, 8, 1) == 1;
            next += 4 + (sequence ? 4 : 0) + (acknowledgement ? 4 : 0);
            bool isAsRfc2637Has = Has(bytes, at, 8) && !checksum && !routing && key && sequence && Bits(bytes, at, 4, 4) == 0
                && Bits(bytes, at, 9, 4) == 0 && type == 0x880B
                && UInt16(bytes, at + 4) > 0;
            return isAsRfc2637Has && Has(bytes, at, next - at) ? Ppp(bytes, next, 0, time) : NonIp;
        }
        if (Bits(bytes, at, 8, 8) != 0)
        {
            return NonIp;
        }
        next += (checksum || routing ? 4 : 0) + (key ? 4 : 0) + (sequence ? 4 : 0);
        bool more = routing;
        for (int routes = 0; more; routes++)
        {
            if (routes == 16 || !Has(bytes, next, 4))
            {
                return Truncated;
            }
            more = bytes[next] != 0 || bytes[next + 1] != 0 || bytes[next + 3] != 0;
            next += 4 + bytes[next + 3];
        }
        if (!Has(bytes, next, 0))
        {
            return Truncated;
        }
        return type switch
        {
            0x88BE when !sequence => Bridged(bytes, next, time),
            0x88BE or 0x22EB => Erspan(bytes, next, type, time),
            0x880B => Ppp(bytes, next, 0, time),
            _ => Announced(bytes, next, (ushort)type, time),
        };
    }

    private ReferencePacket Erspan(byte[] bytes, int at, int type, long time)
    {
        int version = Has(bytes, at, 8) ? Bits(bytes, at, 0, 4) : 0;
        if (version == 1 && type == 0x88BE)
        {
            return Bridged(bytes, at + 8, time);
        }
        if (version != 2 || !Has(bytes, at, 12))
        {
            return NonIp;
        }
        int next = at + (Bits(bytes, at, 95, 1) == 1 ? 20 : 12);
        return Bits(bytes, at, 81, 5) switch
        {
            0 => Bridged(bytes, next, time),
            2 => Unannounced(bytes, next, long.MaxValue, time),
            _ => NonIp,
        };
    }
}
