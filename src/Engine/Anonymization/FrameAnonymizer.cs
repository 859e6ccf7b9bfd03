using System.Buffers.Binary;
using FlowMeter.Engine.Capture;

namespace FlowMeter.Engine.Anonymization;

/// <summary>
/// Replaces the addresses in frames where they stand, mends checksums, and cuts off what may hold addresses that it does not know: what is
/// inside tunnels, and protocols other than TCP, UDP and ICMP. Frames whose link headers it does not know, and those without IP, are left
/// out. It can cut payloads, too, with or without that. For one thread.
/// </summary>
public sealed class FrameAnonymizer
{
    /// <summary>Bytes that are kept of a frame without IP where only payloads are cut.</summary>
    public const int KeptWithoutIp = 64;

    private const int EthernetHeader = 14;
    private const int MacLength = 6;
    private const ushort TypeIPv4 = 0x0800;
    private const ushort TypeIPv6 = 0x86DD;

    private readonly AddressAnonymizer? _addresses;
    private readonly InternetAnonymizer _internet;
    private long _leftOut;

    /// <summary>Makes one.</summary>
    /// <param name="key">The key; null: addresses stay.</param>
    /// <param name="keepsHeadersOnly">Whether payloads are cut.</param>
    public FrameAnonymizer(AnonymizationKey? key, bool keepsHeadersOnly)
    {
        _addresses = key == null ? null : new AddressAnonymizer(key);
        _internet = new InternetAnonymizer(_addresses, keepsHeadersOnly);
    }

    /// <summary>Frames that were left out; may be read from any thread.</summary>
    public long LeftOut => Volatile.Read(ref _leftOut);

    /// <summary>Rewrites a frame where it is.</summary>
    /// <param name="linkType">Its link type.</param>
    /// <param name="frame">Its captured bytes.</param>
    /// <returns>How many of them to keep; 0: leave the frame out.</returns>
    public int Rewrite(LinkType linkType, Span<byte> frame)
    {
        int at = FindInternet(linkType, frame, out int version);
        if (at >= 0)
        {
            _addresses?.ReplaceLink(linkType, frame);
            return at + _internet.Rewrite(frame[at..], version);
        }

        if (_addresses == null)
        {
            return Math.Min(frame.Length, KeptWithoutIp);
        }

        Volatile.Write(ref _leftOut, _leftOut + 1);
        return 0;
    }

    /// <summary>Where the outermost IP header is, and its version; -1 where headers before it may hold what is not replaced.</summary>
    private static int FindInternet(LinkType linkType, ReadOnlySpan<byte> frame, out int version)
    {
        int at = linkType switch
        {
            LinkType.Raw or LinkType.RawBsd or LinkType.RawOpenBsd or LinkType.IPv4 or LinkType.IPv6 => 0,
            LinkType.Null or LinkType.Loop => 4,
            LinkType.Ethernet when frame.Length >= EthernetHeader =>
                FindBehindType(frame, EthernetHeader, BinaryPrimitives.ReadUInt16BigEndian(frame[(2 * MacLength)..])),
            LinkType.LinuxSll when frame.Length >= 16 => FindBehindType(frame, 16, BinaryPrimitives.ReadUInt16BigEndian(frame[14..])),
            LinkType.LinuxSll2 when frame.Length >= 20 => FindBehindType(frame, 20, BinaryPrimitives.ReadUInt16BigEndian(frame)),
            _ => -1,
        };
        version = at >= 0 && at < frame.Length ? frame[at] >> 4 : 0;
        return version is 4 or 6 ? at : -1;
    }

    /// <summary>Goes through tags, labels and PPPoE.</summary>
    private static int FindBehindType(ReadOnlySpan<byte> frame, int at, ushort type)
    {
        while (type is 0x8100 or 0x88A8 or 0x9100 or 0x9200 or 0x9300 && at + 4 <= frame.Length)
        {
            type = BinaryPrimitives.ReadUInt16BigEndian(frame[(at + 2)..]);
            at += 4;
        }

        if (type == 0x8864 && at + 8 <= frame.Length)
        {
            ushort protocol = BinaryPrimitives.ReadUInt16BigEndian(frame[(at + 6)..]);
            (at, type) = (at + 8, protocol is 0x21 ? TypeIPv4 : protocol is 0x57 ? TypeIPv6 : (ushort)0);
        }

        bool isLabelled = type is 0x8847 or 0x8848;
        for (bool isLast = false; isLabelled && !isLast && at + 4 <= frame.Length; at += 4)
        {
            isLast = (frame[at + 2] & 1) != 0;
            type = isLast ? TypeIPv4 : (ushort)0;
        }

        return type is TypeIPv4 or TypeIPv6 && (!isLabelled || IsInternet(frame[at..])) ? at : -1;
    }

    /// <summary>
    /// Whether what labels carry is IP and no frame whose first address looks like it (RFC 4928): an IPv4 header with a checksum that
    /// holds, or an IPv6 packet that is as long as it says.
    /// </summary>
    private static bool IsInternet(ReadOnlySpan<byte> packet)
    {
        const int IPv6Header = 40;
        int header = packet.IsEmpty ? 0 : (packet[0] & 0xF) * 4;
        return packet switch
        {
            [>= 0x45 and <= 0x4F, ..] when packet.Length >= header => ChecksumChange.IsWhole(packet[..header]),
            [>= 0x60 and <= 0x6F, ..] when packet.Length >= IPv6Header =>
                BinaryPrimitives.ReadUInt16BigEndian(packet[4..]) == packet.Length - IPv6Header && packet[6] is 6 or 17 or 44 or 58,
            _ => false,
        };
    }
}
