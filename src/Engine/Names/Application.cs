namespace FlowMeter.Engine.Names;

/// <summary>
/// What a flow is for, by the names that nDPI has for protocols (<see cref="ApplicationName"/>). The numbers are internal: no table has
/// them.
/// </summary>
internal enum Application : byte
{
    /// <summary>Nothing knew it.</summary>
    Unknown = 0,

    /// <summary>AMQP 0-9-1 and 1.0.</summary>
    Amqp,

    /// <summary>BGP-4 (RFC 4271).</summary>
    Bgp,

    /// <summary>Peers of BitTorrent, and its distributed hash table.</summary>
    BitTorrent,

    /// <summary>CAPWAP (RFC 5415).</summary>
    Capwap,

    /// <summary>CoAP (RFC 7252).</summary>
    Coap,

    /// <summary>DCE/RPC, also Microsoft's.</summary>
    DceRpc,

    /// <summary>DHCP and BOOTP (RFC 2131).</summary>
    Dhcp,

    /// <summary>DHCP for IPv6 (RFC 8415).</summary>
    DhcpV6,

    /// <summary>Diameter (RFC 6733).</summary>
    Diameter,

    /// <summary>DNS (RFC 1035).</summary>
    Dns,

    /// <summary>DTLS (RFC 9147).</summary>
    Dtls,

    /// <summary>The control connection of FTP (RFC 959).</summary>
    FtpControl,

    /// <summary>A data connection of FTP.</summary>
    FtpData,

    /// <summary>Git's own protocol.</summary>
    Git,

    /// <summary>GRE (RFC 2784).</summary>
    Gre,

    /// <summary>GTP, GPRS tunnels.</summary>
    Gtp,

    /// <summary>HTTP/1 (RFC 9112), and HTTP/2 in the clear.</summary>
    Http,

    /// <summary>HTTP's CONNECT, a tunnel through a proxy.</summary>
    HttpConnect,

    /// <summary>An HTTP proxy.</summary>
    HttpProxy,

    /// <summary>ICMP.</summary>
    Icmp,

    /// <summary>ICMP for IPv6.</summary>
    IcmpV6,

    /// <summary>IGMP.</summary>
    Igmp,

    /// <summary>IMAP (RFC 9051).</summary>
    Imap,

    /// <summary>IMAP over TLS.</summary>
    Imaps,

    /// <summary>An IP packet in another one.</summary>
    IpInIp,

    /// <summary>IPP, printing (RFC 8011).</summary>
    Ipp,

    /// <summary>ESP, AH and IKE.</summary>
    Ipsec,

    /// <summary>Internet Relay Chat (RFC 1459).</summary>
    Irc,

    /// <summary>XMPP (RFC 6120).</summary>
    Jabber,

    /// <summary>Kerberos (RFC 4120).</summary>
    Kerberos,

    /// <summary>LDAP (RFC 4511).</summary>
    Ldap,

    /// <summary>LLMNR (RFC 4795).</summary>
    Llmnr,

    /// <summary>Multicast DNS (RFC 6762).</summary>
    Mdns,

    /// <summary>memcached.</summary>
    Memcached,

    /// <summary>Modbus over TCP.</summary>
    Modbus,

    /// <summary>MongoDB.</summary>
    MongoDb,

    /// <summary>MQTT.</summary>
    Mqtt,

    /// <summary>Microsoft SQL Server (MS-TDS).</summary>
    MsSqlTds,

    /// <summary>MySQL.</summary>
    MySql,

    /// <summary>NATS.</summary>
    Nats,

    /// <summary>NetBIOS name, datagram and session services (RFC 1002).</summary>
    NetBios,

    /// <summary>NetFlow and IPFIX.</summary>
    NetFlow,

    /// <summary>NFS (RFC 7530).</summary>
    Nfs,

    /// <summary>NTP (RFC 5905).</summary>
    Ntp,

    /// <summary>OpenVPN.</summary>
    OpenVpn,

    /// <summary>Oracle's database.</summary>
    Oracle,

    /// <summary>OSPF (RFC 2328).</summary>
    Ospf,

    /// <summary>POP3 (RFC 1939).</summary>
    Pop3,

    /// <summary>POP3 over TLS.</summary>
    Pops,

    /// <summary>PostgreSQL.</summary>
    PostgreSql,

    /// <summary>PPTP (RFC 2637).</summary>
    Pptp,

    /// <summary>QUIC (RFC 9000).</summary>
    Quic,

    /// <summary>RADIUS (RFC 2865).</summary>
    Radius,

    /// <summary>Remote Desktop (MS-RDPBCGR).</summary>
    Rdp,

    /// <summary>Redis.</summary>
    Redis,

    /// <summary>rsync's own protocol.</summary>
    Rsync,

    /// <summary>RTSP (RFC 7826).</summary>
    Rtsp,

    /// <summary>SCTP (RFC 9260).</summary>
    Sctp,

    /// <summary>sFlow.</summary>
    SFlow,

    /// <summary>SIP (RFC 3261).</summary>
    Sip,

    /// <summary>SMB 1 (MS-SMB).</summary>
    Smb1,

    /// <summary>SMB 2 and 3 (MS-SMB2).</summary>
    Smb23,

    /// <summary>SMTP (RFC 5321).</summary>
    Smtp,

    /// <summary>SMTP over TLS.</summary>
    Smtps,

    /// <summary>SNMP (RFC 3416).</summary>
    Snmp,

    /// <summary>SOCKS 4 and 5 (RFC 1928).</summary>
    Socks,

    /// <summary>SSDP, the search of UPnP.</summary>
    Ssdp,

    /// <summary>SSH (RFC 4253).</summary>
    Ssh,

    /// <summary>STUN and TURN (RFC 8489).</summary>
    Stun,

    /// <summary>Syslog (RFC 5424).</summary>
    Syslog,

    /// <summary>Telnet (RFC 854).</summary>
    Telnet,

    /// <summary>Teredo (RFC 4380).</summary>
    Teredo,

    /// <summary>TFTP (RFC 1350).</summary>
    Tftp,

    /// <summary>TLS and SSL (RFC 8446), whatever is inside.</summary>
    Tls,

    /// <summary>VNC's RFB (RFC 6143).</summary>
    Vnc,

    /// <summary>VRRP (RFC 9568).</summary>
    Vrrp,

    /// <summary>VXLAN (RFC 7348).</summary>
    Vxlan,

    /// <summary>Whois (RFC 3912).</summary>
    Whois,

    /// <summary>WireGuard.</summary>
    WireGuard,

    /// <summary>WS-Discovery.</summary>
    Wsd,
}
