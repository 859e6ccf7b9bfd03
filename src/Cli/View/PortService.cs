namespace FlowMeter.Cli.View;

/// <summary>The services behind the ports that are seen most, by short names: IANA's, or those that people know better.</summary>
internal static class PortService
{
    private static readonly Dictionary<int, string> s_names = new()
    {
        [20] = "ftp-data", [21] = "ftp", [22] = "ssh", [23] = "telnet", [25] = "smtp", [43] = "whois", [53] = "dns", [67] = "dhcp",
        [68] = "dhcp", [69] = "tftp", [80] = "http", [88] = "kerberos", [110] = "pop3", [111] = "rpcbind", [119] = "nntp", [123] = "ntp",
        [135] = "msrpc", [137] = "netbios", [138] = "netbios", [139] = "netbios", [143] = "imap", [161] = "snmp", [162] = "snmp",
        [179] = "bgp", [389] = "ldap", [443] = "https", [445] = "smb", [465] = "smtps", [500] = "ike", [514] = "syslog", [515] = "printer",
        [520] = "rip", [546] = "dhcpv6", [547] = "dhcpv6", [548] = "afp", [554] = "rtsp", [587] = "smtp", [623] = "ipmi", [631] = "ipp",
        [636] = "ldaps", [853] = "dot", [873] = "rsync", [989] = "ftps", [990] = "ftps", [993] = "imaps", [995] = "pop3s", [1080] = "socks",
        [1194] = "openvpn", [1433] = "mssql", [1434] = "mssql", [1521] = "oracle", [1701] = "l2tp", [1723] = "pptp", [1812] = "radius",
        [1813] = "radius", [1883] = "mqtt", [1900] = "ssdp", [2049] = "nfs", [2055] = "netflow", [3128] = "proxy", [3306] = "mysql",
        [3389] = "rdp", [3478] = "stun", [3702] = "wsd", [4500] = "ipsec", [4739] = "ipfix", [4789] = "vxlan", [5060] = "sip",
        [5061] = "sips", [5222] = "xmpp", [5353] = "mdns", [5355] = "llmnr", [5432] = "postgres", [5672] = "amqp", [5900] = "vnc",
        [5985] = "winrm", [6379] = "redis", [6443] = "k8s", [6667] = "irc", [6881] = "torrent", [8080] = "http", [8443] = "https",
        [8883] = "mqtts", [9092] = "kafka", [9100] = "printer", [9200] = "elastic", [11211] = "memcache", [27017] = "mongodb",
        [51820] = "wireguard",
    };

    /// <summary>The name of a port's service; null for a port that is seldom seen.</summary>
    public static string? Find(int port) => s_names.GetValueOrDefault(port);
}
