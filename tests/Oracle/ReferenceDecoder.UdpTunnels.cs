namespace FlowMeter.Tests.Oracle;

/// <summary>Tunnels over UDP, at their default ports.</summary>
internal sealed partial class ReferenceDecoder
{
    private ReferencePacket Udp(byte[] bytes, int at, long time)
    {
        if (!Has(bytes, at, 8))
        {
            return Truncated;
        }
        int length = UInt16(bytes, at + 4);
        if (length is > 0 and < 8)
        {
            return Malformed;
        }
        // Where the datagram ends, captured or not.
        long end = length == 0 ? _wireLength : at + length;
        ReferencePacket to = ToPort(UInt16(bytes, at + 2), bytes, at + 8, end, time);
        return to.Outcome == ReferenceOutcome.Metered ? to : OfEitherPort(UInt16(bytes, at), bytes, at + 8, end, time);
    }

    private ReferencePacket ToPort(int port, byte[] bytes, int at, long end, long time) => port switch
    {
        4789 or 8472 or 4790 => Vxlan(bytes, at, time),
        6081 => Geneve(bytes, at, time),
        6635 => Mpls(bytes, at, time),
        _ => OfEitherPort(port, bytes, at, end, time),
    };

    private ReferencePacket OfEitherPort(int port, byte[] bytes, int at, long end, long time) => port switch
    {
        2152 => GtpU(bytes, at, end, time),
        3544 => Teredo(bytes, at, end, time),
        5072 => Ayiya(bytes, at, end, time),
        1701 => L2tp(bytes, at, end, time),
        5247 => Capwap(bytes, at, time),
        _ => NonIp,
    };

    private ReferencePacket Vxlan(byte[] bytes, int at, long time)
    {
        if (!Has(bytes, at, 8) || Bits(bytes, at, 2, 2) != 0 || Bits(bytes, at, 4, 1) != 1 || Bits(bytes, at, 6, 2) != 0)
        {
            return NonIp;
        }
        bool generic = Bits(bytes, at, 5, 1) == 1;
        bool group = Bits(bytes, at, 0, 1) == 1;
        if (!generic)
        {
            return group || (Bits(bytes, at, 8, 24) == 0 && bytes[at + 7] == 0) ? Bridged(bytes, at + 8, time) : NonIp;
        }
        if (Bits(bytes, at, 8, 16) != 0 || bytes[at + 7] != 0)
        {
            return NonIp;
        }
        return bytes[at + 3] switch
        {
            1 => IPv4(bytes, at + 8, time),
            2 => IPv6(bytes, at + 8, time),
            3 => Bridged(bytes, at + 8, time),
            4 => EtherType(bytes, 0x894F, at + 8, time),
            5 => Mpls(bytes, at + 8, time),
            _ => NonIp,
        };
    }

    private ReferencePacket Geneve(byte[] bytes, int at, long time)
    {
        // Version, control flag, reserved bits.
        if (!Has(bytes, at, 8) || Bits(bytes, at, 0, 2) != 0 || Bits(bytes, at, 8, 1) != 0 || Bits(bytes, at, 10, 6) != 0
            || bytes[at + 7] != 0)
        {
            return NonIp;
        }
        int end = at + 8 + (4 * Bits(bytes, at, 2, 6));
        if (!Has(bytes, end, 0))
        {
            return Truncated;
        }
        int option = at + 8;
        while (option < end)
        {
            option += 4 + (4 * Bits(bytes, option, 27, 5));
        }
        return option == end ? Announced(bytes, end, UInt16(bytes, at + 2), time) : Malformed;
    }

    private ReferencePacket GtpU(byte[] bytes, int at, long end, long time)
    {
        if (!Has(bytes, at, 8) || Bits(bytes, at, 0, 3) != 1 || Bits(bytes, at, 3, 1) != 1 || Bits(bytes, at, 4, 1) != 0
            || bytes[at + 1] != 255)
        {
            return NonIp;
        }
        long messageEnd = at + 8 + UInt16(bytes, at + 2);
        bool options = Bits(bytes, at, 5, 3) != 0;
        if (messageEnd > end || !Has(bytes, at, options ? 12 : 8))
        {
            return NonIp;
        }
        int next = at + (options ? 12 : 8);
        bool more = Bits(bytes, at, 5, 1) == 1 && bytes[at + 11] != 0;
        for (int extensions = 0; more; extensions++)
        {
            if (extensions == 16 || !Has(bytes, next, 4) || bytes[next] == 0 || !Has(bytes, next, 4 * bytes[next]))
            {
                return Truncated;
            }
            next += 4 * bytes[next];
            more = bytes[next - 1] != 0;
        }
        return Unannounced(bytes, next, messageEnd, time);
    }

    private ReferencePacket Teredo(byte[] bytes, int at, long end, long time)
    {
        if (Has(bytes, at, 4) && UInt16(bytes, at) == 1)
        {
            at += 4 + bytes[at + 2] + bytes[at + 3] + 9;
        }
        if (Has(bytes, at, 8) && UInt16(bytes, at) == 0)
        {
            at += 8;
        }
        return Has(bytes, at, 1) && bytes[at] >> 4 == 6 ? Unannounced(bytes, at, end, time) : NonIp;
    }

    private ReferencePacket Ayiya(byte[] bytes, int at, long end, long time)
    {
        if (!Has(bytes, at, 8))
        {
            return Truncated;
        }
        (int identity, int identityType, int signature, int hash, int authentication, int operation) = (
            Bits(bytes, at, 0, 4), Bits(bytes, at, 4, 4), Bits(bytes, at, 8, 4), Bits(bytes, at, 12, 4), Bits(bytes, at, 16, 4),
            Bits(bytes, at, 20, 4));
        if (identity > 7 || identityType > 2 || hash > 3 || authentication > 2 || operation is not (1 or 3))
        {
            return NonIp;
        }
        int next = at + 8 + (int)Math.Pow(2, identity) + (4 * signature);
        int version = bytes[at + 3] == 41 ? 6 : bytes[at + 3] == 4 ? 4 : -1;
        return Has(bytes, next, 1) && bytes[next] >> 4 == version ? Unannounced(bytes, next, end, time) : NonIp;
    }

    private ReferencePacket L2tp(byte[] bytes, int at, long end, long time)
    {
        if (!Has(bytes, at, 8) || Bits(bytes, at, 0, 1) == 1)
        {
            return NonIp;
        }
        if (bytes[at + 1] == 3)
        {
            bool isData = bytes[at] == 0 && Bits(bytes, at, 16, 16) == 0 && bytes.AsSpan(at + 4, 4).ContainsAnyExcept((byte)0);
            return isData ? L2tp3Session(bytes, at + 8, end, time) : NonIp;
        }
        if (bytes[at + 1] != 2 || Bits(bytes, at, 2, 2) != 0 || Bits(bytes, at, 5, 1) != 0)
        {
            return NonIp;
        }
        (bool length, bool sequence, bool offset) = (Bits(bytes, at, 1, 1) == 1, Bits(bytes, at, 4, 1) == 1, Bits(bytes, at, 6, 1) == 1);
        int ids = at + (length ? 4 : 2);
        int next = ids + 4 + (sequence ? 4 : 0) + (offset ? 2 : 0);
        if (!Has(bytes, next, 0) || UInt16(bytes, ids) == 0 || UInt16(bytes, ids + 2) == 0)
        {
            return NonIp;
        }
        if (length && (at + UInt16(bytes, at + 2) > end || at + UInt16(bytes, at + 2) < next))
        {
            return NonIp;
        }
        next += offset ? UInt16(bytes, next - 2) : 0;
        return Has(bytes, next, 0) ? Ppp(bytes, next, 0, time) : Truncated;
    }

    /// <summary>Cookie and sublayer are 0 to 12 bytes together; the first place at which a whole packet stands is believed.</summary>
    private ReferencePacket L2tp3Session(byte[] bytes, int at, long end, long time)
    {
        foreach (int skipped in new[] { 0, 4, 8, 12 })
        {
            int frame = at + skipped;
            int type = frame + 12;
            for (int tags = 0; tags < 3 && Has(bytes, type, 2) && UInt16(bytes, type) is 0x8100 or 0x88A8; tags++)
            {
                type += 4;
            }
            int packet = Has(bytes, type, 2) && UInt16(bytes, type) is 0x0800 or 0x86DD ? type + 2
                : Has(bytes, frame, 4) && UInt16(bytes, frame) == 0xFF03 && UInt16(bytes, frame + 2) is 0x21 or 0x57 ? frame + 4
                : frame;
            if (Has(bytes, packet, 20) && bytes[packet] >> 4 == 4 && Ends(packet + UInt16(bytes, packet + 2), packet, end)
                && IsSummed(bytes, packet))
            {
                return IPv4(bytes, packet, time);
            }
            if (Has(bytes, packet, 40) && bytes[packet] >> 4 == 6 && Ends(packet + 40 + UInt16(bytes, packet + 4), packet, end))
            {
                return IPv6(bytes, packet, time);
            }
        }
        return NonIp;
    }

    /// <summary>At the end, or before it where a frame of 60 bytes may have been padded.</summary>
    private static bool Ends(long packetEnd, long packet, long end) => packetEnd == end || (packetEnd < end && end - packet <= 46);

    private static bool IsSummed(byte[] bytes, int at)
    {
        int header = (bytes[at] & 0x0F) * 4;
        if (header < 20 || !Has(bytes, at, header) || UInt16(bytes, at + 2) < header)
        {
            return false;
        }
        long sum = 0;
        for (int i = at; i < at + header; i += 2)
        {
            sum += UInt16(bytes, i);
        }
        return sum % 0xFFFF == 0 && sum > 0;
    }

    private ReferencePacket Capwap(byte[] bytes, int at, long time)
    {
        if (!Has(bytes, at, 8) || bytes[at] != 0)
        {
            return NonIp;
        }
        int next = at + (4 * Bits(bytes, at, 8, 5));
        (bool native, bool fragment, bool keepAlive) =
            (Bits(bytes, at, 23, 1) == 1, Bits(bytes, at, 24, 1) == 1, Bits(bytes, at, 28, 1) == 1);
        bool isLater = fragment && Bits(bytes, at, 48, 13) != 0;
        if (keepAlive || isLater || Bits(bytes, at, 29, 3) != 0 || next < at + 8)
        {
            return NonIp;
        }
        if (!native)
        {
            return Bridged(bytes, next, time);
        }
        return Bits(bytes, at, 18, 5) == 1 ? Wireless(bytes, next, false, time, isForwarded: true) : NonIp;
    }
}
