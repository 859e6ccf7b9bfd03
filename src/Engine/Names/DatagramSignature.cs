using System.Buffers.Binary;

namespace FlowMeter.Engine.Names;

/// <summary>Protocols over UDP that are known by their first bytes, and tell no name.</summary>
internal static class DatagramSignature
{
    private const uint StunCookie = 0x2112_A442;
    private const int StunHeader = 20;
    private const int NtpLength = 48;
    private const ulong TrackerConnect = 0x0000_0417_2710_1980;

    /// <summary>What a datagram is.</summary>
    public static Application Of(in NamePacket packet)
    {
        ReadOnlySpan<byte> bytes = packet.Payload;
        if (bytes.Length < 8)
        {
            return Application.Unknown;
        }

        return bytes[0] switch
        {
            (byte)'d' => IsHashTable(bytes) ? Application.BitTorrent : Application.Unknown,
            BerSequence.Tag => OfBer(bytes),
            (byte)'M' or (byte)'N' or (byte)'H' => OfText(bytes),
            (byte)'B' => bytes.StartsWith("BT-SEARCH * HTTP/1.1"u8) ? Application.BitTorrent : Application.Unknown,
            _ => IsStun(in packet) ? Application.Stun
                : HasPort(in packet, 123) && IsNtp(in packet) ? Application.Ntp
                : IsWireGuard(in packet) ? Application.WireGuard
                : packet.Length == 16 && BinaryPrimitives.ReadUInt64BigEndian(bytes) == TrackerConnect ? Application.BitTorrent
                : Application.Unknown,
        };
    }

    /// <summary>SNMP: a version, then the community or more numbers (RFC 1157 §4, RFC 3412 §6); or LDAP without a connection.</summary>
    private static Application OfBer(ReadOnlySpan<byte> bytes)
    {
        const byte Text = 4;
        return !BerSequence.TryRead(bytes, out int number, out byte next) ? Application.Unknown
            : number is 0 or 1 && next == Text ? Application.Snmp
            : number == 3 && next == BerSequence.Tag ? Application.Snmp
            : next is 0x63 or 0x64 or 0x65 ? Application.Ldap
            : Application.Unknown;
    }

    /// <summary>A request, answer or error of the distributed hash table (BEP 5), as far as implementations write it alike.</summary>
    private static bool IsHashTable(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("d1:ad2:id20:"u8) || bytes.StartsWith("d1:rd2:id20:"u8) || bytes.StartsWith("d2:ip6:"u8)
        || bytes.StartsWith("d1:eli20"u8);

    private static Application OfText(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("M-SEARCH * HTTP/1.1"u8) || bytes.StartsWith("NOTIFY * HTTP/1.1"u8) || bytes.StartsWith("HTTP/1.1 200 OK"u8)
            ? Application.Ssdp
            : Application.Unknown;

    /// <summary>Two zero bits, the length, and the cookie of RFC 8489; without it, as before there was one, only at the port.</summary>
    private static bool IsStun(in NamePacket packet)
    {
        ReadOnlySpan<byte> bytes = packet.Payload;
        return bytes.Length >= StunHeader && (bytes[0] & 0xC0) == 0
            && BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) == packet.Length - StunHeader
            && (BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) == StunCookie || (HasPort(in packet, 3478) && bytes[0] <= 1));
    }

    /// <summary>Version 1 to 4, a mode that is in use (RFC 5905 §7.3); control and private messages are shorter.</summary>
    private static bool IsNtp(in NamePacket packet)
    {
        int version = (packet.Payload[0] >> 3) & 7;
        int mode = packet.Payload[0] & 7;
        return version is >= 1 and <= 4 && mode != 0 && (packet.Length >= NtpLength || mode >= 6);
    }

    private static bool IsWireGuard(in NamePacket packet) =>
        packet.Payload[1] == 0 && packet.Payload[2] == 0 && packet.Payload[3] == 0
        && ((packet.Payload[0] == 1 && packet.Length == 148) || (packet.Payload[0] == 2 && packet.Length == 92));

    private static bool HasPort(in NamePacket packet, ushort port) => packet.SourcePort == port || packet.DestinationPort == port;
}
