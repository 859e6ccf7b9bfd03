using System.Globalization;

namespace FlowMeter.Report.Pages;

/// <summary>Names of common protocols and services (IANA's registries); others stay numbers.</summary>
internal static class ProtocolNames
{
    private static readonly Dictionary<int, string> s_protocols = new()
    {
        [1] = "ICMP", [2] = "IGMP", [4] = "IPv4 in IP", [6] = "TCP", [17] = "UDP", [41] = "IPv6 in IP", [47] = "GRE", [50] = "ESP",
        [51] = "AH", [58] = "ICMPv6", [89] = "OSPF", [103] = "PIM", [112] = "VRRP", [132] = "SCTP",
    };

    private static readonly Dictionary<int, string> s_services = new()
    {
        [20] = "FTP data", [21] = "FTP", [22] = "SSH", [23] = "Telnet", [25] = "SMTP", [53] = "DNS", [67] = "DHCP", [68] = "DHCP",
        [69] = "TFTP", [80] = "HTTP", [88] = "Kerberos", [110] = "POP3", [123] = "NTP", [135] = "RPC", [137] = "NetBIOS", [138] = "NetBIOS",
        [139] = "NetBIOS", [143] = "IMAP", [161] = "SNMP", [162] = "SNMP traps", [179] = "BGP", [389] = "LDAP", [443] = "HTTPS",
        [445] = "SMB", [465] = "SMTPS", [502] = "Modbus", [514] = "syslog", [546] = "DHCPv6", [547] = "DHCPv6", [587] = "mail submission",
        [631] = "IPP", [636] = "LDAPS", [853] = "DNS over TLS", [993] = "IMAPS", [995] = "POP3S", [1194] = "OpenVPN", [1433] = "MS SQL",
        [1883] = "MQTT", [1900] = "SSDP", [2049] = "NFS", [3306] = "MySQL", [3389] = "RDP", [3478] = "STUN", [5060] = "SIP",
        [5061] = "SIPS", [5222] = "XMPP", [5353] = "mDNS", [5355] = "LLMNR", [5432] = "PostgreSQL", [6379] = "Redis",
        [8080] = "HTTP, alternative", [8443] = "HTTPS, alternative", [8883] = "MQTT over TLS", [51820] = "WireGuard",
    };

    /// <summary>The name of a protocol by its number; text that is no number stays as it is.</summary>
    public static string Protocol(string text) =>
        Number(text) is int number ? s_protocols.GetValueOrDefault(number, $"protocol {number}") : text;

    /// <summary>The name of a service, as in "443/TCP HTTPS", of protocol and port with a blank between.</summary>
    public static string Service(string protocolAndPort)
    {
        int space = protocolAndPort.LastIndexOf(' ');
        (string protocol, string port) = (protocolAndPort[..space], protocolAndPort[(space + 1)..]);
        string service = Number(port) is int number && Protocol(protocol).ToUpperInvariant() is ("TCP" or "UDP")
            && s_services.TryGetValue(number, out string? name)
            ? "\u2002" + name
            : "";
        return $"{port}/{Protocol(protocol)}{service}";
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
