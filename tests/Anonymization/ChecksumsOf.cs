using System.Buffers.Binary;

namespace FlowMeter.Tests.Anonymization;

/// <summary>Computes the checksums of a packet anew, from its bytes alone: IPv4, TCP, UDP, ICMP and ICMPv6, and of packets in it.</summary>
internal static class ChecksumsOf
{
    /// <summary>Sets them.</summary>
    public static void Set(Span<byte> packet)
    {
        bool isV4 = packet[0] >> 4 == 4;
        int header = isV4 ? (packet[0] & 0xF) * 4 : 40;
        byte protocol = packet[isV4 ? 9 : 6];
        if (!isV4 && protocol == 60)
        {
            protocol = packet[header];
            header += (packet[header + 1] + 1) * 8;
        }

        if (isV4)
        {
            Write(packet[10..], packet[..header], 0);
        }

        Span<byte> rest = packet[header..];
        ulong pseudo = Sum(isV4 ? packet[12..20] : packet[8..40]) + protocol + (uint)rest.Length;
        switch (protocol)
        {
            case 4 or 41:
                Set(rest);
                break;
            case 6:
                Write(rest[16..], rest, pseudo);
                break;
            case 17:
                Write(rest[6..], rest, pseudo);
                break;
            case 1 or 58:
                if (rest.Length > 36 && rest[0] is 1 or 3 or 5)
                {
                    Set(rest[8..]);
                }

                Write(rest[2..], rest, protocol == 58 ? pseudo : 0);
                break;
        }
    }

    private static void Write(Span<byte> checksum, ReadOnlySpan<byte> covered, ulong sum)
    {
        BinaryPrimitives.WriteUInt16BigEndian(checksum, 0);
        sum += Sum(covered);
        while (sum > ushort.MaxValue)
        {
            sum = (sum & ushort.MaxValue) + (sum >> 16);
        }

        ushort value = (ushort)~sum;
        BinaryPrimitives.WriteUInt16BigEndian(checksum, value == 0 ? ushort.MaxValue : value);
    }

    private static ulong Sum(ReadOnlySpan<byte> bytes)
    {
        ulong sum = 0;
        for (int i = 0; i < bytes.Length; i += 2)
        {
            sum += (uint)(bytes[i] << 8) | (i + 1 < bytes.Length ? bytes[i + 1] : 0u);
        }

        return sum;
    }
}
