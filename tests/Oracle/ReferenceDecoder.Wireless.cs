using System.Buffers.Binary;

namespace FlowMeter.Tests.Oracle;

/// <summary>Cooked and logged packets, and IEEE 802.11.</summary>
internal sealed partial class ReferenceDecoder
{
    /// <summary>
    /// Devices by their ARPHRD_ number: frame relay and netlink have no EtherTypes, 802.11 none at all; PPP and raw IP may leave it out.
    /// </summary>
    private ReferencePacket Cooked(byte[] bytes, int device, ushort protocol, int at, long time) => (device, protocol) switch
    {
        (770 or 824, _) => NonIp,
        (801, _) => Wireless(bytes, at, false, time),
        (802, _) => BehindRadio(bytes, 119, at, time),
        (803, _) => BehindRadio(bytes, 127, at, time),
        (512, 0) => Ppp(bytes, at, 0, time),
        (519 or 65534, 0) => Has(bytes, at, 1) && bytes[at] / 16 is not (4 or 6) ? NonIp : RawIP(bytes, at, time),
        (_, 4 or > 1500) => EtherType(bytes, protocol, at, time),
        _ => NonIp,
    };

    private ReferencePacket NetfilterLog(byte[] bytes, int start, long time)
    {
        if (!Has(bytes, start, 8))
        {
            return Truncated;
        }
        bool little = bytes[start + 7] % 64 == 0;
        int at = start + 4;
        ushort protocol = 0;
        for (int attributes = 0; attributes < 64; attributes++)
        {
            if (!Has(bytes, at, 4))
            {
                return Truncated;
            }
            int size = Field(at);
            if (size < 4)
            {
                return Malformed;
            }
            switch (Field(at + 2) % 0x4000)
            {
                case 9:
                    return bytes[start] == 2 ? IPv4(bytes, at + 4, time)
                        : bytes[start] == 10 ? IPv6(bytes, at + 4, time)
                        : protocol is 4 or > 1500 ? EtherType(bytes, protocol, at + 4, time)
                        : NonIp;
                case 1 when size >= 6 && Has(bytes, at, 6):
                    protocol = UInt16(bytes, at + 4);
                    break;
            }
            at += (size + 3) / 4 * 4;
        }
        return Malformed;

        int Field(int offset) => little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(offset)) : UInt16(bytes, offset);
    }

    private ReferencePacket BehindRadio(byte[] bytes, int linkType, int at, long time)
    {
        if (!Has(bytes, at, 8))
        {
            return Truncated;
        }
        uint size = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at + 2));
        if (linkType is 119 or 163)
        {
            uint big = UInt32(bytes, at + 4);
            size = big < 0x10000 ? big : BinaryPrimitives.ReverseEndianness(big);
        }
        if (size is < 8 or > 0xFFFF || (linkType == 127 && bytes[at] != 0))
        {
            return Malformed;
        }
        if (!Has(bytes, at, size))
        {
            return Truncated;
        }
        int next = at + (int)size;
        ReadOnlySpan<byte> header = bytes.AsSpan(at, (int)size);
        if (linkType == 192)
        {
            int inner = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
            bool hasChecksum = inner == 105 && SaysChecksum(header);
            return Link(hasChecksum ? Without(bytes, 4, next) : bytes, inner == 192 ? -1 : inner, next, time);
        }
        byte flags = linkType == 127 ? Flags(header) : (byte)0;
        return Wireless((flags & 0x10) != 0 ? Without(bytes, 4, next) : bytes, next, (flags & 0x20) != 0, time);
    }

    /// <summary>Radiotap's flags; 0 where there are none.</summary>
    private static byte Flags(ReadOnlySpan<byte> header)
    {
        int map = 4;
        while (map + 8 <= header.Length && header[map + 3] >= 0x80)
        {
            map += 4;
        }
        int at = map + 4;
        if (header[4] % 2 == 1)
        {
            at = ((at + 7) / 8 * 8) + 8;
        }
        return header[4] / 2 % 2 == 1 && at < header.Length ? header[at] : (byte)0;
    }

    /// <summary>PPI's field 2, with the time in 8 bytes and flags in 2.</summary>
    private static bool SaysChecksum(ReadOnlySpan<byte> header)
    {
        int at = 8;
        for (int fields = 0; fields < 64 && at + 4 <= header.Length; fields++)
        {
            int type = BinaryPrimitives.ReadUInt16LittleEndian(header[at..]);
            int size = BinaryPrimitives.ReadUInt16LittleEndian(header[(at + 2)..]);
            if (type == 2)
            {
                return size >= 10 && at + 14 <= header.Length && header[at + 12] % 2 == 1;
            }
            at += 4 + (header[1] % 2 == 1 ? (size + 3) / 4 * 4 : size);
        }
        return false;
    }

    /// <summary>IEEE 802.11. In a tunnel the two bytes of frame control may be swapped, and the flag of protection says nothing.</summary>
    private ReferencePacket Wireless(byte[] bytes, int at, bool padded, long time, bool isForwarded = false)
    {
        if (!Has(bytes, at, 2))
        {
            return Truncated;
        }
        (int kind, int flags) = isForwarded && bytes[at] % 16 != 8 ? (bytes[at + 1], bytes[at]) : (bytes[at], bytes[at + 1]);
        if (kind % 16 != 8 || kind / 64 % 2 == 1)
        {
            return NonIp;
        }
        if (!isForwarded && flags / 64 % 2 == 1)
        {
            return Encrypted;
        }
        bool quality = kind >= 128;
        int addresses = flags % 4 == 3 ? 30 : 24;
        int size = addresses + (quality ? 2 : 0) + (quality && flags >= 128 ? 4 : 0);
        if (!Has(bytes, at, size))
        {
            return Truncated;
        }
        if (bytes[at + 22] % 16 != 0)
        {
            return NonIp;
        }
        bool isAggregate = quality && bytes[at + addresses] >= 128;
        int next = at + (padded ? (size + 3) / 4 * 4 : size);
        if (!isAggregate)
        {
            return Has(bytes, next, 0) ? EtherType(bytes, 4, next, time) : Truncated;
        }
        ReferencePacket packet = Truncated;
        for (int subframes = 0; subframes < 64 && Has(bytes, next, 14); subframes++)
        {
            packet = EtherType(bytes, 4, next + 14, time);
            if (packet.Outcome != ReferenceOutcome.NonIp)
            {
                return packet;
            }
            next += (14 + UInt16(bytes, next + 12) + 3) / 4 * 4;
        }
        return packet;
    }
}
