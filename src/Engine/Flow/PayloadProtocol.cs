namespace FlowMeter.Engine.Flow;

/// <summary>What a payload begins like, whatever the port. The numbers are those of the columns.</summary>
internal enum PayloadProtocol : byte
{
    /// <summary>No payload was captured.</summary>
    None = 0,

    /// <summary>None of those below.</summary>
    Other = 1,

    /// <summary>A TLS record (RFC 8446 §5.1).</summary>
    Tls = 2,

    /// <summary>An HTTP request (RFC 9112 §3) with method GET.</summary>
    HttpGet = 3,

    /// <summary>One with method POST.</summary>
    HttpPost = 4,

    /// <summary>One with another method.</summary>
    HttpOther = 5,

    /// <summary>An HTTP response (RFC 9112 §4).</summary>
    HttpResponse = 6,

    /// <summary>An SSH identification (RFC 4253 §4.2).</summary>
    Ssh = 7,

    /// <summary>An SMB 1 message behind its length (MS-SMB §2.1).</summary>
    Smb1 = 8,

    /// <summary>An SMB 2 or 3 message, maybe encrypted (MS-SMB2 §2.1).</summary>
    Smb2 = 9,

    /// <summary>Reply 220 of FTP or SMTP (RFC 959 §4.2, RFC 5321 §4.2).</summary>
    Banner = 10,

    /// <summary>A command that opens an SMTP or FTP session.</summary>
    MailOrFileCommand = 11,

    /// <summary>A SOCKS 4 or 5 greeting, or the answer to one (RFC 1928 §3).</summary>
    Socks = 12,

    /// <summary>A DOS or Windows executable.</summary>
    Executable = 13,

    /// <summary>A SIP request or response (RFC 3261 §7).</summary>
    Sip = 14,

    /// <summary>A DNS message behind its length (RFC 1035 §4.2.2).</summary>
    DnsOverTcp = 15,

    /// <summary>A connection request or confirmation of RDP (X.224 in TPKT, RFC 1006 §6).</summary>
    Rdp = 16,
}
