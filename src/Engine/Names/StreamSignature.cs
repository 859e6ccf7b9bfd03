using System.Buffers.Binary;

namespace FlowMeter.Engine.Names;

/// <summary>Protocols over TCP that are known by their first bytes, and tell no name.</summary>
internal static class StreamSignature
{
    private const ushort FtpPort = 21;
    private const ushort RedisPort = 6379;

    /// <summary>What a stream is.</summary>
    /// <param name="bytes">Its first bytes; at least one.</param>
    /// <param name="packet">The packet that they came in.</param>
    public static Application Of(ReadOnlySpan<byte> bytes, in NamePacket packet) =>
        bytes.Length < 2 ? Application.Unknown
        : bytes[0] is >= (byte)'A' and <= (byte)'Z' ? OfCommand(bytes, in packet)
        : bytes[0] is >= (byte)' ' and <= (byte)'~' ? OfOtherText(bytes, in packet)
        : OfBinary(bytes, packet.Length);

    private static Application OfCommand(ReadOnlySpan<byte> bytes, in NamePacket packet) =>
        bytes.StartsWith("EHLO "u8) || bytes.StartsWith("HELO "u8) ? Application.Smtp
        : bytes.StartsWith("NICK "u8) || bytes.StartsWith("CAP LS"u8) || bytes.StartsWith("NOTICE AUTH"u8) ? Application.Irc
        : bytes.StartsWith("USER "u8) ? (HasPort(in packet, FtpPort) ? Application.FtpControl : OfUser(bytes))
        : bytes.StartsWith("RFB 003."u8) ? Application.Vnc
        : bytes.StartsWith("RTSP/1.0 "u8) || IsRtspRequest(bytes) ? Application.Rtsp
        : bytes.StartsWith("AMQP"u8) ? Application.Amqp
        : bytes.StartsWith("INFO {"u8) || bytes.StartsWith("CONNECT {"u8) ? Application.Nats
        : bytes.StartsWith("FEAT\r\n"u8) || bytes.StartsWith("AUTH TLS\r\n"u8) ? Application.FtpControl
        : Application.Unknown;

    /// <summary>USER of POP3 has one word, that of IRC has four.</summary>
    private static Application OfUser(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)'\n');
        return bytes[..(end < 0 ? bytes.Length : end)].Count((byte)' ') >= 3 ? Application.Irc : Application.Unknown;
    }

    private static bool IsRtspRequest(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)'\n');
        return (end < 0 ? bytes : bytes[..end]).IndexOf(" RTSP/1.0"u8) > 0;
    }

    private static Application OfOtherText(ReadOnlySpan<byte> bytes, in NamePacket packet) =>
        bytes.StartsWith("220"u8) && bytes.Length > 3 && bytes[3] is (byte)' ' or (byte)'-' ? OfGreeting(bytes, in packet)
        : bytes[0] is (byte)'+' or (byte)'*' && HasPort(in packet, RedisPort) ? Application.Redis
        : bytes.StartsWith("+OK"u8) ? Application.Pop3
        : bytes.StartsWith("* OK"u8) || bytes.StartsWith("* PREAUTH"u8) ? Application.Imap
        : bytes.StartsWith("<?xml version"u8) && bytes.IndexOf("jabber:"u8) > 0 ? Application.Jabber
        : bytes.StartsWith("<stream:stream"u8) ? Application.Jabber
        : bytes.StartsWith("@RSYNCD: "u8) ? Application.Rsync
        : bytes[0] == ':' && bytes.IndexOf(" NOTICE "u8) > 0 ? Application.Irc
        : bytes[0] == '*' && char.IsAsciiDigit((char)bytes[1]) && bytes[..Math.Min(bytes.Length, 8)].IndexOf("\r\n$"u8) > 0
            ? Application.Redis
        : bytes.Length > 8 && bytes[4..].StartsWith("git-"u8) ? Application.Git
        : bytes[0] == BerSequence.Tag ? OfBer(bytes)
        : Application.Unknown;

    /// <summary>LDAP: a number and an operation (RFC 4511 §4.1.1), of which there are 26.</summary>
    private static Application OfBer(ReadOnlySpan<byte> bytes) =>
        BerSequence.TryRead(bytes, out _, out byte next) && next is >= 0x60 and <= 0x79 or 0x42 or 0x4A or 0x50
            ? Application.Ldap
            : Application.Unknown;

    /// <summary>FTP and SMTP greet alike (RFC 959 §5.4, RFC 5321 §4.2): by the port, then by what most servers say.</summary>
    private static Application OfGreeting(ReadOnlySpan<byte> bytes, in NamePacket packet) =>
        HasPort(in packet, FtpPort) ? Application.FtpControl
        : HasPort(in packet, 25) || HasPort(in packet, 587) || HasPort(in packet, 465) ? Application.Smtp
        : bytes.IndexOf("SMTP"u8) > 0 ? Application.Smtp
        : bytes.IndexOf("FTP"u8) > 0 ? Application.FtpControl
        : Application.Unknown;

    private static Application OfBinary(ReadOnlySpan<byte> bytes, uint length) => bytes[0] switch
    {
        0 => OfZero(bytes, length),
        4 => IsSocks4(bytes, length) ? Application.Socks : Application.Unknown,
        5 => IsDceRpc(bytes) ? Application.DceRpc
            : (bytes[1] > 0 && length == 2u + bytes[1]) || (length == 2 && bytes[1] == 0xFF) ? Application.Socks : Application.Unknown,
        0x10 => IsMqtt(bytes) ? Application.Mqtt : Application.Unknown,
        0x13 => bytes[1..].StartsWith("BitTorrent protocol"u8) ? Application.BitTorrent : Application.Unknown,
        0x81 => bytes.Length >= 5 && bytes[1] == 0 && bytes[4] == 0x20 ? Application.NetBios : Application.Unknown,
        0xFF => bytes[1] is >= 0xFB and <= 0xFE ? Application.Telnet
            : bytes.Length >= 19 && bytes[..16].IndexOfAnyExcept((byte)0xFF) < 0 ? Application.Bgp : Application.Unknown,
        _ => IsMySql(bytes, length) ? Application.MySql
            : bytes[0] >= 0x80 && IsOldHello(bytes) ? Application.Tls : Application.Unknown,
    };

    private static Application OfZero(ReadOnlySpan<byte> bytes, uint length)
    {
        const uint PostgresTls = 80_877_103, PostgresThree = 0x0003_0000;
        if (length < 8 || bytes.Length < 8 || BinaryPrimitives.ReadUInt32BigEndian(bytes) != length)
        {
            return Application.Unknown;
        }

        return BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) is PostgresTls or PostgresThree
            ? Application.PostgreSql
            : Application.Unknown;
    }

    /// <summary>CONNECT or BIND, port, address, a name that ends with a zero.</summary>
    private static bool IsSocks4(ReadOnlySpan<byte> bytes, uint length) =>
        length >= 9 && length == bytes.Length && bytes[1] is 1 or 2 && bytes[^1] == 0;

    /// <summary>Version 5.0, one of the messages, lowest bits of the flags (C706 §12.6.3).</summary>
    private static bool IsDceRpc(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 16 && bytes[1] == 0 && bytes[2] is 0 or 2 or 3 or 11 or 12 or 13 or 14 or 15 or 16 && bytes[4] is 0x10 or 0;

    private static bool IsMqtt(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 8 && (bytes[2..].StartsWith("\0\u0004MQTT"u8) || bytes[2..].StartsWith("\0\u0006MQI"u8)
            || bytes[3..].StartsWith("\0\u0004MQTT"u8));

    /// <summary>The greeting of a server, protocol 10, with a version in digits.</summary>
    private static bool IsMySql(ReadOnlySpan<byte> bytes, uint length) =>
        bytes.Length >= 8 && bytes[3] == 0 && bytes[4] == 10 && (bytes[0] | (bytes[1] << 8) | (bytes[2] << 16)) + 4 == length
            && char.IsAsciiDigit((char)bytes[5]);

    /// <summary>A ClientHello in the form of SSL 2.0 (RFC 5246 §E.2).</summary>
    private static bool IsOldHello(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 5 && bytes[2] == 1 && ((bytes[3] == 3 && bytes[4] <= 3) || (bytes[3] == 0 && bytes[4] == 2));

    private static bool HasPort(in NamePacket packet, ushort port) => packet.SourcePort == port || packet.DestinationPort == port;
}
