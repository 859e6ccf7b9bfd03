using FlowMeter.Tests.Support;
using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Decode;

/// <summary>Every kind of packet in every kind of frame.</summary>
internal static class FrameKinds
{
    private const string A = "10.0.0.1";
    private const string B = "192.0.2.7";
    private const string A6 = "2001:db8::1";
    private const string B6 = "fe80::7";

    public static List<Frame> All { get; } =
        [.. Packets().SelectMany(Framed).Append(Frame.Whole(LinkEthernet, 0, Ethernet(EtherArp, Payload(28))))];

    public static List<byte[]> Packets() => [.. Plain(), .. Fragments(), .. ExtensionHeaders(), .. Tunnels()];

    private static List<byte[]> Plain()
    {
        List<byte[]> packets = [];
        foreach ((string from, string to) in new[] { (A, B), (B6, A6) })
        {
            packets.AddRange(
            [
                IP(from, to, TcpProtocol, Tcp(40000, 443, Syn | Ack, Payload(3), optionBytes: 12)),
                IP(from, to, UdpProtocol, Udp(53, 40000, Payload(5))),
                IP(from, to, UdpLiteProtocol, UdpLite(7, 7)),
                IP(from, to, SctpProtocol, Sctp(9, 8, Payload(4))),
                IP(from, to, DccpProtocol, Dccp(1, 65535)),
                IP(from, to, IcmpProtocol, Icmp(8)),
                IP(from, to, NoNextHeader, []),
            ]);
        }

        packets.Add(IPv4(A, B, TcpProtocol, Tcp(1, 2, Fin), optionBytes: 40));
        packets.Add(IPv4(A, B, IcmpProtocol, Icmp(0), optionBytes: 8));
        return packets;
    }

    private static List<byte[]> Fragments() =>
    [
        IPv4(A, B, UdpProtocol, Udp(5, 6, Payload(16)), id: 7, moreFragments: true),
        IPv4(A, B, UdpProtocol, Payload(16), id: 7, fragmentOffset: 24),
        IPv4(A, B, UdpProtocol, Payload(16), id: 8, fragmentOffset: 24, moreFragments: true, optionBytes: 4),
        IPv6(A6, B6, FragmentHeader, Fragment(UdpProtocol, 9, 0, true, Udp(5, 6, Payload(16)))),
        IPv6(A6, B6, FragmentHeader, Fragment(UdpProtocol, 9, 24, false, Payload(16))),
        IPv6(A6, B6, FragmentHeader, Fragment(TcpProtocol, 9, 0, false, Tcp(5, 6, Rst))),
        IPv6(A6, B6, FragmentHeader, Fragment(DestinationOptions, 10, 0, true, Extension(TcpProtocol, Tcp(5, 6, Psh)))),
        IPv6(A6, B6, FragmentHeader, Fragment(DestinationOptions, 10, 64, false, Payload(9))),
    ];

    private static List<byte[]> ExtensionHeaders()
    {
        byte[] eight = Udp(1, 2);
        byte next = UdpProtocol;
        for (int i = 0; i < 8; i++)
        {
            eight = Extension(next, eight, 8 * (1 + (i % 3)));
            next = DestinationOptions;
        }

        return
        [
            IPv6(A6, B6, 0, Extension(TcpProtocol, Tcp(1, 2, Ack), 16)),
            IPv6(A6, B6, RoutingHeader, Extension(IcmpV6Protocol, Icmp(128), 24)),
            IPv6(A6, B6, AuthenticationHeader, Authentication(UdpProtocol, Udp(1, 2))),
            IPv6(A6, B6, 135, Extension(139, Extension(140, Extension(SctpProtocol, Sctp(3, 4))))),
            IPv6(A6, B6, DestinationOptions, eight),
            IPv6(A6, B6, 0, Extension(DestinationOptions, eight)),
        ];
    }

    /// <summary>Every kind of tunnel, with every kind of header.</summary>
    public static List<byte[]> Tunnels()
    {
        byte[] inner = IPv4("172.16.0.1", "172.16.0.2", TcpProtocol, Tcp(1000, 2000, Psh));
        byte[] inner6 = IPv6("2001:db8:9::1", "2001:db8:9::2", UdpProtocol, Udp(1000, 2000));
        byte[] gre = Gre(EtherIPv6, inner6, checksum: true, key: 1, sequence: 2);
        return
        [
            IPv4(A, B, IpInIpProtocol, inner),
            IPv4(A, B, IPv6InIpProtocol, inner6),
            IPv6(A6, B6, IpInIpProtocol, inner),
            IPv6(A6, B6, DestinationOptions, Extension(IPv6InIpProtocol, inner6)),
            IPv4(A, B, GreProtocol, Gre(EtherIPv4, inner)),
            IPv4(A, B, GreProtocol, gre),
            IPv6(A6, B6, GreProtocol, Gre(EtherBridged, EthernetIP(inner), key: 3)),
            IPv4(A, B, UdpProtocol, Udp(49152, VxlanPort, Vxlan(5, QinQ(1, 2, inner6)))),
            IPv6(A6, B6, UdpProtocol, Udp(49152, GenevePort, Geneve(5, EtherIPv4, inner, optionBytes: 12))),
            IPv4(A, B, UdpProtocol, Udp(49152, GenevePort, Geneve(5, EtherBridged, EthernetIP(inner6)))),
            IPv4(A, B, UdpProtocol, Udp(GtpUPort, GtpUPort, GtpU(6, inner))),
            IPv4(A, B, UdpProtocol, Udp(GtpUPort, GtpUPort, GtpU(6, inner6, sequence: 4, 4, 12))),
            IPv4(A, B, GreProtocol, [0x40, 0, 0x08, 0, 0, 0, 0, 0, 0x08, 0, 0, 4, 9, 9, 9, 9, 0, 0, 0, 0, .. inner]),
            IPv4(A, B, GreProtocol, Gre(EtherMirror, EthernetIP(inner))),
            IPv4(A, B, GreProtocol, Gre(EtherMirror, Erspan2(EthernetIP(inner6)), sequence: 1)),
            IPv4(A, B, GreProtocol, Gre(EtherMirror3, Erspan3(EthernetIP(inner), hasSubheader: true), sequence: 1)),
            IPv4(A, B, GreProtocol, Gre(EtherMirror3, Erspan3(inner6, frameType: 2), sequence: 1)),
            IPv4(A, B, GreProtocol, Pptp(Ppp(0x21, inner), acknowledgement: 7)),
            IPv4(A, B, GreProtocol, Pptp(Ppp(0x57, inner6, hasAddress: false, isShort: true))),
            IPv4(A, B, 97, EtherIP(EthernetIP(inner))),
            IPv4(A, B, UdpProtocol, Udp(49152, LinuxVxlanPort, [0x88, 8, 0, 7, 0, 0, 5, 0, .. EthernetIP(inner)])),
            IPv4(A, B, UdpProtocol, Udp(49152, VxlanGpePort, VxlanGpe(1, inner))),
            IPv4(A, B, UdpProtocol, Udp(49152, VxlanGpePort, VxlanGpe(3, EthernetIP(inner6)))),
            IPv4(A, B, UdpProtocol, Udp(49152, VxlanGpePort, VxlanGpe(5, Mpls([3], Summed(inner))))),
            IPv4(A, B, UdpProtocol, Udp(GtpUPort, 49152, GtpU(6, inner, null, 4))),
            IPv4(A, B, UdpProtocol, Udp(TeredoPort, 49152, Teredo(inner6, isAuthenticated: true, hasOrigin: true))),
            IPv4(A, B, UdpProtocol, Udp(49152, AyiyaPort, Ayiya(IPv6InIpProtocol, inner6))),
            IPv4(A, B, UdpProtocol, Udp(49152, L2tpPort, L2tp2(Ppp(0x21, inner), hasLength: true, hasSequence: true, offset: 3))),
            IPv4(A, B, UdpProtocol, Udp(L2tpPort, L2tpPort, L2tp3(EthernetIP(Summed(inner)), cookie: 4, sublayer: 4))),
            IPv4(A, B, UdpProtocol, Udp(L2tpPort, L2tpPort, L2tp3(Ppp(0x57, inner6), cookie: 8))),
            IPv4(A, B, UdpProtocol, Udp(49152, CapwapPort, Capwap(EthernetIP(inner), hasRadio: true))),
            IPv4(A, B, UdpProtocol, Udp(
                49152, CapwapPort, Capwap(WirelessData(EtherIPv4, inner, 0x83, hasQuality: true, isAggregate: true), isNative: true))),
            IPv4(A, B, UdpProtocol, Udp(CapwapPort, 49152, Capwap(WirelessData(EtherIPv6, inner6, isSwapped: true), isNative: true))),
            IPv4(A, B, UdpProtocol, Udp(49152, MplsPort, Mpls([8, 9], Summed(inner)))),
            IPv4(A, B, GreProtocol, gre[..64], id: 3, moreFragments: true),
            IPv4(A, B, GreProtocol, gre[64..], id: 3, fragmentOffset: 64),
            IPv6(A6, B6, FragmentHeader, Fragment(GreProtocol, 4, 0, true, gre[..64])),
            IPv6(A6, B6, FragmentHeader, Fragment(GreProtocol, 4, 64, false, gre[64..])),
            IPv4(A, B, IpInIpProtocol, IPv4(
                B, A, GreProtocol, Gre(EtherIPv4, IPv4(A, B, UdpProtocol, Udp(1, VxlanPort, Vxlan(1, EthernetIP(inner))))))),
        ];
    }

    private static IEnumerable<Frame> Framed(byte[] packet)
    {
        bool isIPv6 = packet[0] >> 4 == 6;
        int type = isIPv6 ? EtherIPv6 : EtherIPv4;
        (int LinkType, byte[] Bytes)[] frames =
        [
            (LinkEthernet, EthernetIP(packet)),
            (LinkEthernet, Ethernet(EtherVlan, Vlan(1, type, packet))),
            (LinkEthernet, QinQ(1, 2, packet)),
            (LinkEthernet, Ethernet(EtherMpls, Mpls([1, 2], Summed(packet)))),
            (LinkEthernet, Ethernet(EtherMpls, Mpls([1], [0, 0, 0, 0, .. EthernetIP(packet)]))),
            (LinkEthernet, Ethernet(EtherMpls, Mpls([1], EthernetIP(packet)))),
            .. BetweenEthernetAndIP(type, packet).Select(bytes => (LinkEthernet, bytes)),
            .. OtherLinks(type, packet),
            (LinkEthernet, Ethernet(0x9100, Vlan(1, EtherPppoeSession, PppoeSession(isIPv6 ? 0x57 : 0x21, packet)))),
            (LinkLinuxSll, LinuxSll(type, packet)),
            (LinkLinuxSll2, LinuxSll2(type, packet)),
            (LinkNull, Null(isIPv6 ? 28u : 2u, packet)),
            (LinkLoop, Null(isIPv6 ? 10u : 2u, packet, bigEndian: true)),
            (LinkRaw, packet),
            (12, packet),
            (14, packet),
            (LinkIPv4, packet),
            (LinkIPv6, packet),
            (147, packet),
        ];
        return frames.Select(frame => Frame.Whole(frame.LinkType, 0, frame.Bytes));
    }
}
