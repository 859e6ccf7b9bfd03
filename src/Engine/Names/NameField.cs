namespace FlowMeter.Engine.Names;

/// <summary>What a name of a flow is. The numbers are internal: no table has them.</summary>
internal enum NameField : byte
{
    /// <summary>No field.</summary>
    None = 0,

    /// <summary>The server's name in a TLS ClientHello (SNI, RFC 6066 §3), over TCP or in QUIC.</summary>
    ServerName,

    /// <summary>The JA4 fingerprint of a TLS client, 36 characters.</summary>
    Ja4,

    /// <summary>The protocols that a TLS client offers (ALPN, RFC 7301 §3.1), in its order, with commas between.</summary>
    Alpn,

    /// <summary>The version that a TLS server chose: <c>TLSv1.3</c>.</summary>
    TlsVersion,

    /// <summary>The host of an HTTP request: its header field Host, else that of its target.</summary>
    HttpHost,

    /// <summary>The method of an HTTP request.</summary>
    HttpMethod,

    /// <summary>The three digits of the first HTTP status that is final, else of the first one.</summary>
    HttpStatus,

    /// <summary>The header field User-Agent of an HTTP request.</summary>
    UserAgent,

    /// <summary>The name of the first question of a DNS, mDNS or LLMNR message, labels with dots between, none at the end.</summary>
    DnsQuery,

    /// <summary>The type of that question: <c>A</c>, <c>AAAA</c>, <c>HTTPS</c>, or its number.</summary>
    DnsType,

    /// <summary>What the first answer says: <c>NOERROR</c>, <c>NXDOMAIN</c>, or its number (RFC 1035 §4.1.1, RFC 6895 §2.3).</summary>
    DnsRcode,

    /// <summary>The identification of the end of an SSH connection that began it, without the line's end (RFC 4253 §4.2).</summary>
    SshClient,

    /// <summary>That of the other end.</summary>
    SshServer,

    /// <summary>The name that a DHCP client gives itself (RFC 2132 §3.14, RFC 4702).</summary>
    DhcpHostName,

    /// <summary>The first NetBIOS name of a message, without its padding (RFC 1002 §4.1).</summary>
    NetbiosName,

    /// <summary>The dialect that an SMB server chose: <c>3.1.1</c>; <c>1.0</c> where it answers by SMB 1.</summary>
    SmbDialect,

    /// <summary>The cookie of an RDP connection request, which begins with <c>mstshash=</c> or <c>msts=</c> (MS-RDPBCGR).</summary>
    RdpCookie,

    /// <summary>The method of a SIP request, or the status of a SIP answer (RFC 3261 §7).</summary>
    SipMethod,

    /// <summary>What the flow's source was called when the flow began (<see cref="HostNames"/>).</summary>
    SourceName,

    /// <summary>The same of its destination.</summary>
    DestinationName,
}
