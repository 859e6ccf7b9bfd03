using System.Text;

namespace FlowMeter.Engine.Names;

/// <summary>The names of applications, as nDPI writes them.</summary>
internal static class ApplicationName
{
    // In the order of the enumeration, which a test compares.
    private static readonly string[] s_names =
    [
        "Unknown", "AMQP", "BGP", "BitTorrent", "CAPWAP", "COAP", "DCE_RPC", "DHCP", "DHCPV6", "Diameter", "DNS", "DTLS", "FTP_CONTROL",
        "FTP_DATA", "Git", "GRE", "GTP", "HTTP", "HTTP_Connect", "HTTP_Proxy", "ICMP", "ICMPV6", "IGMP", "IMAP", "IMAPS", "IP_in_IP", "IPP",
        "IPsec", "IRC", "Jabber", "Kerberos", "LDAP", "LLMNR", "MDNS", "Memcached", "Modbus", "MongoDB", "MQTT", "MsSQL-TDS", "MySQL",
        "Nats", "NetBIOS", "NetFlow", "NFS", "NTP", "OpenVPN", "Oracle", "OSPF", "POP3", "POPS", "PostgreSQL", "PPTP", "QUIC", "Radius",
        "RDP", "Redis", "RSYNC", "RTSP", "SCTP", "sFlow", "SIP", "SMBv1", "SMBv23", "SMTP", "SMTPS", "SNMP", "SOCKS", "SSDP", "SSH",
        "STUN", "Syslog", "Telnet", "Teredo", "TFTP", "TLS", "VNC", "VRRP", "VXLAN", "Whois-DAS", "WireGuard", "WSD",
    ];

    private static readonly byte[][] s_utf8 = Array.ConvertAll(s_names, Encoding.ASCII.GetBytes);

    /// <summary>All names; that of number 0 is <c>Unknown</c>.</summary>
    public static ReadOnlySpan<string> All => s_names;

    /// <summary>The name of an application as UTF-8.</summary>
    public static ReadOnlySpan<byte> Utf8(Application application) => s_utf8[(int)application];

    /// <summary>The name of an application.</summary>
    public static string Of(Application application) => s_names[(int)application];
}
