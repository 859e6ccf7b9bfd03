namespace FlowMeter.Engine.Names;

/// <summary>
/// What a flow is by its protocol and ports, where no payload says more: ports that IANA or common use gives to one protocol. Of two such
/// ports the lower one counts, which is a server's more often.
/// </summary>
internal static class ApplicationPorts
{
    private const byte Tcp = 6;
    private const byte Udp = 17;

    /// <summary>What a flow is, by its payload where a parser knew it, else by its ports.</summary>
    /// <param name="byPayload">What the parsers say: <see cref="FlowNames.Application"/>.</param>
    /// <param name="protocol">The IANA number of the protocol in IP.</param>
    /// <param name="portA">The port of one end; 0 for protocols without ports.</param>
    /// <param name="portB">The port of the other.</param>
    /// <param name="source">What it is known by.</param>
    public static Application Of(Application byPayload, byte protocol, ushort portA, ushort portB, out ApplicationSource source)
    {
        Application application = byPayload == Application.Unknown ? Of(protocol, portA, portB) : byPayload;
        source = byPayload != Application.Unknown ? ApplicationSource.Payload
            : application == Application.Unknown ? ApplicationSource.None
            : ApplicationSource.Port;
        return application;
    }

    /// <summary>What a flow is by its protocol and ports alone.</summary>
    /// <param name="protocol">The IANA number of the protocol in IP.</param>
    /// <param name="portA">The port of one end; 0 for protocols without ports.</param>
    /// <param name="portB">The port of the other.</param>
    public static Application Of(byte protocol, ushort portA, ushort portB)
    {
        ushort lower = Math.Min(portA, portB);
        ushort upper = Math.Max(portA, portB);
        return protocol switch
        {
            Tcp => OfTcp(lower) is var first and not Application.Unknown ? first : OfTcp(upper),
            Udp => OfUdp(lower) is var first and not Application.Unknown ? first : OfUdp(upper),
            1 => Application.Icmp,
            2 => Application.Igmp,
            4 or 41 => Application.IpInIp,
            47 => Application.Gre,
            50 or 51 => Application.Ipsec,
            58 => Application.IcmpV6,
            89 => Application.Ospf,
            112 => Application.Vrrp,
            132 => Application.Sctp,
            _ => Application.Unknown,
        };
    }

    private static Application OfTcp(ushort port) => port switch
    {
        20 => Application.FtpData,
        21 => Application.FtpControl,
        22 => Application.Ssh,
        23 => Application.Telnet,
        25 or 587 => Application.Smtp,
        43 => Application.Whois,
        53 => Application.Dns,
        80 or 8080 => Application.Http,
        88 => Application.Kerberos,
        110 => Application.Pop3,
        135 => Application.DceRpc,
        137 or 138 or 139 => Application.NetBios,
        143 => Application.Imap,
        161 or 162 => Application.Snmp,
        179 => Application.Bgp,
        194 or 6667 => Application.Irc,
        389 => Application.Ldap,
        443 or 8443 => Application.Tls,
        445 => Application.Smb23,
        465 => Application.Smtps,
        502 => Application.Modbus,
        514 => Application.Syslog,
        554 => Application.Rtsp,
        631 => Application.Ipp,
        853 => Application.Tls,
        873 => Application.Rsync,
        993 => Application.Imaps,
        995 => Application.Pops,
        1080 => Application.Socks,
        1194 => Application.OpenVpn,
        1433 or 1434 => Application.MsSqlTds,
        1521 => Application.Oracle,
        1723 => Application.Pptp,
        1883 or 8883 => Application.Mqtt,
        2049 => Application.Nfs,
        3128 => Application.HttpProxy,
        3268 => Application.Ldap,
        3306 => Application.MySql,
        3389 => Application.Rdp,
        3868 => Application.Diameter,
        4222 => Application.Nats,
        5060 or 5061 => Application.Sip,
        5222 or 5269 => Application.Jabber,
        5432 => Application.PostgreSql,
        5672 => Application.Amqp,
        5900 or 5901 => Application.Vnc,
        6379 => Application.Redis,
        9418 => Application.Git,
        11211 => Application.Memcached,
        27017 => Application.MongoDb,
        _ => Application.Unknown,
    };

    private static Application OfUdp(ushort port) => port switch
    {
        53 => Application.Dns,
        67 or 68 => Application.Dhcp,
        69 => Application.Tftp,
        88 => Application.Kerberos,
        123 => Application.Ntp,
        137 or 138 => Application.NetBios,
        161 or 162 => Application.Snmp,
        389 => Application.Ldap,
        443 => Application.Quic,
        500 or 4500 => Application.Ipsec,
        514 => Application.Syslog,
        546 or 547 => Application.DhcpV6,
        1194 => Application.OpenVpn,
        1645 or 1646 or 1812 or 1813 => Application.Radius,
        1900 => Application.Ssdp,
        2055 or 4739 or 9995 or 9996 => Application.NetFlow,
        2049 => Application.Nfs,
        2123 or 2152 or 3386 => Application.Gtp,
        3389 => Application.Rdp,
        3478 => Application.Stun,
        3544 => Application.Teredo,
        3702 => Application.Wsd,
        4789 => Application.Vxlan,
        5060 or 5061 => Application.Sip,
        5246 or 5247 => Application.Capwap,
        5353 => Application.Mdns,
        5355 => Application.Llmnr,
        5683 => Application.Coap,
        6343 => Application.SFlow,
        6881 => Application.BitTorrent,
        11211 => Application.Memcached,
        51820 => Application.WireGuard,
        _ => Application.Unknown,
    };
}
