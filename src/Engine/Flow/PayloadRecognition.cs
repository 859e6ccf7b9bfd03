using System.Buffers.Binary;

namespace FlowMeter.Engine.Flow;

/// <summary>Recognises what a payload begins like by its first bytes.</summary>
internal static class PayloadRecognition
{
    private const byte Tcp = 6;

    /// <summary>Recognises a payload.</summary>
    /// <param name="head">Its first bytes, as far as they were captured.</param>
    /// <param name="length">Bytes of the whole payload.</param>
    /// <param name="protocol">The IANA number of the transport protocol.</param>
    public static PayloadProtocol Of(ReadOnlySpan<byte> head, uint length, byte protocol)
    {
        if (head.Length < 2)
        {
            return head.IsEmpty ? PayloadProtocol.None : PayloadProtocol.Other;
        }

        return head[0] is >= (byte)'A' and <= (byte)'Z' ? OfText(head)
            : protocol == Tcp ? OfBinary(head, length)
            : PayloadProtocol.Other;
    }

    private static PayloadProtocol OfText(ReadOnlySpan<byte> head) =>
        head.StartsWith("GET "u8) ? PayloadProtocol.HttpGet
        : head.StartsWith("POST "u8) ? PayloadProtocol.HttpPost
        : head.StartsWith("HTTP/"u8) ? PayloadProtocol.HttpResponse
        : head.StartsWith("SSH-"u8) ? PayloadProtocol.Ssh
        : IsSip(head) ? PayloadProtocol.Sip
        : IsHttpMethod(head) ? PayloadProtocol.HttpOther
        : IsCommand(head) ? PayloadProtocol.MailOrFileCommand
        : head.StartsWith("MZ"u8) ? PayloadProtocol.Executable
        : PayloadProtocol.Other;

    private static bool IsHttpMethod(ReadOnlySpan<byte> head) =>
        head.StartsWith("HEAD "u8) || head.StartsWith("PUT "u8) || head.StartsWith("OPTIONS "u8) || head.StartsWith("CONNECT "u8)
        || head.StartsWith("DELETE "u8) || head.StartsWith("PATCH "u8) || head.StartsWith("TRACE "u8) || head.StartsWith("PROPFIND "u8)
        || head.StartsWith("PRI * HTTP/2.0"u8) || head.StartsWith("M-SEARCH "u8) || head.StartsWith("NOTIFY * "u8);

    private static bool IsSip(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("SIP/2.0 "u8))
        {
            return true;
        }

        int space = head[..Math.Min(head.Length, 16)].IndexOf((byte)' ');
        return space > 0 && (head[(space + 1)..].StartsWith("sip:"u8) || head[(space + 1)..].StartsWith("sips:"u8));
    }

    private static bool IsCommand(ReadOnlySpan<byte> head) =>
        head.StartsWith("EHLO "u8) || head.StartsWith("HELO "u8) || head.StartsWith("USER "u8) || head.StartsWith("MAIL FROM:"u8)
        || head.StartsWith("AUTH "u8) || head.StartsWith("STARTTLS"u8);

    private static PayloadProtocol OfBinary(ReadOnlySpan<byte> head, uint length) =>
        head.StartsWith("220"u8) && head.Length > 3 && head[3] is (byte)' ' or (byte)'-' ? PayloadProtocol.Banner
        : IsTls(head) ? PayloadProtocol.Tls
        : IsSmb(head, 0xFF) ? PayloadProtocol.Smb1
        : IsSmb(head, 0xFE) || IsSmb(head, 0xFD) ? PayloadProtocol.Smb2
        : IsRdp(head) ? PayloadProtocol.Rdp
        : IsSocks(head, length) ? PayloadProtocol.Socks
        : IsDns(head, length) ? PayloadProtocol.DnsOverTcp
        : PayloadProtocol.Other;

    /// <summary>Type, version 3.x, length.</summary>
    private static bool IsTls(ReadOnlySpan<byte> head) => head.Length >= 5 && head[0] is >= 20 and <= 24 && head[1] == 3 && head[2] <= 4;

    /// <summary>Behind four bytes of type and length.</summary>
    private static bool IsSmb(ReadOnlySpan<byte> head, byte first) =>
        head.Length >= 8 && head[0] == 0 && head[4] == first && head[5..8].SequenceEqual("SMB"u8);

    private static bool IsRdp(ReadOnlySpan<byte> head) =>
        head.Length >= 7 && head[0] == 3 && head[1] == 0 && BinaryPrimitives.ReadUInt16BigEndian(head[2..]) >= 11
            && head[5] is 0xE0 or 0xD0;

    private static bool IsSocks(ReadOnlySpan<byte> head, uint length) => head[0] switch
    {
        5 => (head[1] > 0 && length == 2u + head[1]) || (length == 2 && head[1] is 0 or 2 or 0xFF),
        4 => length >= 9 && head[1] is 1 or 2,
        0 => length == 8 && head[1] is >= 0x5A and <= 0x5D,
        _ => false,
    };

    /// <summary>The length of all that follows, then a header with opcode 0 and one question.</summary>
    private static bool IsDns(ReadOnlySpan<byte> head, uint length) =>
        head.Length >= 14 && BinaryPrimitives.ReadUInt16BigEndian(head) == length - 2 && (head[4] & 0x78) == 0
        && BinaryPrimitives.ReadUInt16BigEndian(head[6..]) == 1;
}
