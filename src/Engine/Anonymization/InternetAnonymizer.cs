using System.Buffers.Binary;
using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Anonymization;

/// <summary>
/// Replaces the addresses of an IP packet, of what it carries as far as that is known, and of the packets that ICMP errors quote, and mends
/// the checksums. What else a packet may hold is cut off. For one thread.
/// </summary>
/// <param name="addresses">Replaces addresses; null: they stay.</param>
/// <param name="keepsHeadersOnly">Whether payloads are cut.</param>
internal sealed class InternetAnonymizer(AddressAnonymizer? addresses, bool keepsHeadersOnly)
{
    private const int MaxDepth = 4;
    private const int MaxExtensionHeaders = 8;
    private const byte Icmp = 1;
    private const byte IPv4InIp = 4;
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private const byte IPv6InIp = 41;
    private const byte Fragment = 44;
    private const byte Icmp6 = 58;
    private const byte DestinationOptions = 60;
    private const byte Sctp = 132;
    private const int SctpHeader = 12;

    /// <summary>Rewrites a packet where it is.</summary>
    /// <param name="packet">What was captured from the IP header on.</param>
    /// <param name="version">4 or 6.</param>
    /// <returns>How many bytes to keep.</returns>
    public int Rewrite(Span<byte> packet, int version) => Rewrite(packet, version, MaxDepth, out _);

    private int Rewrite(Span<byte> packet, int version, int depth, out ChecksumChange change) =>
        depth == 0 ? Cut(out change)
        : version == 4 ? IPv4(packet, depth, out change)
        : IPv6(packet, depth, out change);

    private static int Cut(out ChecksumChange change)
    {
        change = default;
        return 0;
    }

    private int IPv4(Span<byte> packet, int depth, out ChecksumChange change)
    {
        int header = packet.IsEmpty ? 0 : (packet[0] & 0xF) * 4;
        if (header < 20 || packet.Length < header)
        {
            return Cut(out change);
        }

        // The addresses, and options, which may record some: no-operations take their place.
        ChecksumChange ofAddresses = Replace(packet[12..16], packet[16..20]);
        change = ofAddresses;
        Span<byte> options = packet[20..header];
        if (addresses != null && !options.IsEmpty)
        {
            change.Remove(options);
            options.Fill(1);
            change.Add(options);
        }

        change = change.Mend(packet[10..12]);
        bool isLaterFragment = (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x1FFF) != 0;
        int stated = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        Span<byte> rest = packet[header..];
        rest = stated >= header ? rest[..Math.Min(rest.Length, stated - header)] : rest;
        if (isLaterFragment)
        {
            return header + KeptFragment(rest.Length, packet[9]);
        }

        int kept = Transport(rest, packet[9], ofAddresses, depth, out ChecksumChange carried);
        change.Add(carried);
        return header + kept;
    }

    private int IPv6(Span<byte> packet, int depth, out ChecksumChange change)
    {
        if (packet.Length < 40)
        {
            return Cut(out change);
        }

        ChecksumChange ofAddresses = Replace(packet[8..24], packet[24..40]);
        change = ofAddresses;
        byte next = packet[6];
        int at = 40;
        bool isLaterFragment = false;
        for (int walked = 0; walked < MaxExtensionHeaders && next is 0 or Fragment or DestinationOptions; walked++)
        {
            int size = at + 8 > packet.Length ? int.MaxValue : next == Fragment ? 8 : (packet[at + 1] + 1) * 8;
            if (size > packet.Length - at)
            {
                return at;
            }

            isLaterFragment |= next == Fragment && (BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 2)..]) & 0xFFF8) != 0;
            if (next == DestinationOptions && addresses != null)
            {
                // They may hold a home address (RFC 6275 §6.3): padding takes their place.
                Clear(packet.Slice(at + 2, size - 2), ref change);
            }

            next = packet[at];
            at += size;
        }

        int stated = BinaryPrimitives.ReadUInt16BigEndian(packet[4..]) + 40;
        Span<byte> rest = packet[at..];
        rest = stated >= at && stated > 40 ? rest[..Math.Min(rest.Length, stated - at)] : rest;
        if (isLaterFragment)
        {
            return at + KeptFragment(rest.Length, next);
        }

        int kept = Transport(rest, next, ofAddresses, depth, out ChecksumChange carried);
        change.Add(carried);
        return at + kept;
    }

    /// <summary>Rewrites what IP carries.</summary>
    /// <param name="segment">What was captured of it.</param>
    /// <param name="protocol">Its protocol.</param>
    /// <param name="ofAddresses">The change of the addresses, which the checksums of TCP, UDP and ICMPv6 cover.</param>
    /// <param name="depth">How deep packets in packets are followed.</param>
    /// <param name="change">What changed in it.</param>
    /// <returns>How many bytes to keep.</returns>
    private int Transport(Span<byte> segment, byte protocol, ChecksumChange ofAddresses, int depth, out ChecksumChange change)
    {
        change = default;
        switch (protocol)
        {
            case Tcp when segment.Length >= 20:
                int header = Math.Clamp((segment[12] >> 4) * 4, 20, segment.Length);
                change = Mended(segment[16..18], ofAddresses, WithoutPaths(segment[20..header]));
                return keepsHeadersOnly ? header : segment.Length;
            case Udp when segment.Length >= 8:
                change = Mended(segment[6..8], ofAddresses, default, mayBeAbsent: true);
                return keepsHeadersOnly || IsTunnel(segment) ? 8 : segment.Length;
            case Icmp when segment.Length >= 8:
                return Message(segment, isVersion6: false, default, depth, out change);
            case Icmp6 when segment.Length >= 8:
                return Message(segment, isVersion6: true, ofAddresses, depth, out change);
            case Sctp when segment.Length >= SctpHeader:
                // Chunks hold addresses, and the checksum does not cover those of IP.
                return SctpHeader;
            case IPv4InIp or IPv6InIp:
                return Rewrite(segment, protocol == IPv4InIp ? 4 : 6, depth - 1, out change);
            default:
                // Of a header that is cut short, and of protocols that may hold addresses anywhere.
                return addresses == null && !keepsHeadersOnly ? segment.Length : 0;
        }
    }

    private static bool IsTunnel(ReadOnlySpan<byte> datagram) =>
        TunnelPorts.Default[BinaryPrimitives.ReadUInt16BigEndian(datagram)] != TunnelKind.None
        || TunnelPorts.Default[BinaryPrimitives.ReadUInt16BigEndian(datagram[2..])] != TunnelKind.None;

    /// <summary>Rewrites an ICMP message: the packet that an error quotes, and addresses of neighbours.</summary>
    private int Message(Span<byte> message, bool isVersion6, ChecksumChange ofAddresses, int depth, out ChecksumChange change)
    {
        ChecksumChange inside = default;
        int kept = 8;
        byte type = message[0];
        bool isError = isVersion6 ? type is >= 1 and <= 4 : type is 3 or 4 or 5 or 11 or 12;
        if (isError)
        {
            if (!isVersion6 && type == 5)
            {
                inside = Replace(message[4..8], default);
            }

            kept += Quoted(message[8..], isVersion6 ? 6 : 4, depth, ref inside);
        }
        else if (isVersion6 && type is >= 130 and <= 137)
        {
            // Group, neighbour or router: one address, and options with MAC addresses and prefixes, which are cleared.
            int known = type is 135 or 136 or 137 or 130 or 131 or 132 && message.Length >= 24 ? 24 : 8;
            if (known == 24)
            {
                inside = Replace(message[8..24], default);
            }

            Clear(message[known..], ref inside);
            kept = message.Length;
        }
        else if (isVersion6 ? type is 128 or 129 : type is 0 or 8 or 13 or 14)
        {
            kept = KeptPayload(message.Length, least: 8);
        }

        change = Mended(message[2..4], ofAddresses, inside);
        return kept;
    }

    /// <summary>The start of the packet that an error is about: its addresses and ports, and none of its payload.</summary>
    private int Quoted(Span<byte> quoted, int version, int depth, ref ChecksumChange inside)
    {
        if (addresses == null && !keepsHeadersOnly)
        {
            return quoted.Length;
        }

        int kept = Rewrite(quoted, version, depth - 1, out ChecksumChange change);
        inside.Add(change);
        return kept;
    }

    private int KeptPayload(int length, int least = 0) => keepsHeadersOnly ? Math.Min(length, least) : length;

    private int KeptFragment(int length, byte protocol) => protocol is Tcp or Udp or Icmp or Icmp6 ? KeptPayload(length) : 0;

    /// <summary>Multipath TCP tells of further addresses (RFC 8684 §3.4): no-operations take the place of its options.</summary>
    private ChecksumChange WithoutPaths(Span<byte> options)
    {
        const byte Multipath = 30;
        ChecksumChange change = default;
        if (addresses == null)
        {
            return change;
        }

        change.Remove(options);
        for (int at = 0; at + 1 < options.Length && options[at] != 0;)
        {
            int size = options[at] == 1 ? 1 : Math.Clamp((int)options[at + 1], 2, options.Length - at);
            if (options[at] == Multipath)
            {
                options.Slice(at, size).Fill(1);
            }

            at += size;
        }

        change.Add(options);
        return change;
    }

    private ChecksumChange Replace(Span<byte> one, Span<byte> other)
    {
        ChecksumChange change = default;
        if (addresses == null)
        {
            return change;
        }

        change.Remove(one);
        change.Remove(other);
        addresses.Replace(one);
        if (!other.IsEmpty)
        {
            addresses.Replace(other);
        }

        change.Add(one);
        change.Add(other);
        return change;
    }

    private static void Clear(Span<byte> bytes, ref ChecksumChange change)
    {
        change.Remove(bytes);
        bytes.Clear();
        change.Add(bytes);
    }

    /// <summary>Mends a checksum that covers the addresses and the bytes around it. Returns what changed of the bytes alone.</summary>
    private static ChecksumChange Mended(Span<byte> checksum, ChecksumChange ofAddresses, ChecksumChange inside, bool mayBeAbsent = false)
    {
        ChecksumChange all = ofAddresses;
        all.Add(inside);
        ChecksumChange whole = inside;
        whole.Remove(checksum);
        _ = all.Mend(checksum, mayBeAbsent);
        whole.Add(checksum);
        return whole;
    }
}
