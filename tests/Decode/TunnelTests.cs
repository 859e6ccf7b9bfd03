using FlowMeter.Engine.Decode;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;
using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Decode;

/// <summary>What <c>--decapsulate</c> finds inside tunnels, and when it falls back to the outer header.</summary>
public sealed class TunnelTests
{
    private const string OuterSource = "192.0.2.1";
    private const string OuterDestination = "192.0.2.2";

    private static readonly byte[] s_inner = IPv4("10.0.0.1", "10.0.0.2", TcpProtocol, Tcp(1000, 2000, Syn));
    private static readonly byte[] s_inner6 = IPv6("2001:db8::1", "2001:db8::2", TcpProtocol, Tcp(1000, 2000, Syn));

    public static TheoryData<string, byte[]> Tunnels => new()
    {
        { "IP in IP", Outer(IpInIpProtocol, s_inner) },
        { "6in4", Outer(IPv6InIpProtocol, s_inner6) },
        { "4in6", IPv6("2001:db8:1::1", "2001:db8:1::2", IpInIpProtocol, s_inner) },
        { "6in6 behind options", IPv6("2001:db8:1::1", "2001:db8:1::2", 0, Extension(IPv6InIpProtocol, s_inner6)) },
        { "GRE", Outer(GreProtocol, Gre(EtherIPv4, s_inner)) },
        { "GRE with a checksum", Outer(GreProtocol, Gre(EtherIPv4, s_inner, checksum: true)) },
        { "GRE with a key", Outer(GreProtocol, Gre(EtherIPv6, s_inner6, key: 77)) },
        { "GRE with a sequence number", Outer(GreProtocol, Gre(EtherIPv4, s_inner, sequence: 78)) },
        { "GRE with all of them", Outer(GreProtocol, Gre(EtherIPv6, s_inner6, checksum: true, key: 77, sequence: 78)) },
        { "GRE around Ethernet", Outer(GreProtocol, Gre(EtherBridged, QinQ(1, 2, s_inner))) },
        { "GRE around MPLS", Outer(GreProtocol, Gre(EtherMpls, Mpls([5, 6], Summed(s_inner)))) },
        { "VXLAN", Outer(UdpProtocol, Udp(50000, VxlanPort, Vxlan(1, EthernetIP(s_inner6)))) },
        { "VXLAN around a VLAN", Outer(UdpProtocol, Udp(50000, VxlanPort, Vxlan(1, Ethernet(EtherVlan, Vlan(3, EtherIPv4, s_inner))))) },
        { "GENEVE", Outer(UdpProtocol, Udp(50000, GenevePort, Geneve(1, EtherBridged, EthernetIP(s_inner)))) },
        { "GENEVE with options around IP", Outer(UdpProtocol, Udp(50000, GenevePort, Geneve(1, EtherIPv4, s_inner, optionBytes: 252))) },
        { "GTP-U", Outer(UdpProtocol, Udp(GtpUPort, GtpUPort, GtpU(1, s_inner))) },
        { "GTP-U with a sequence number", Outer(UdpProtocol, Udp(GtpUPort, GtpUPort, GtpU(1, s_inner6, sequence: 9))) },
        { "GTP-U with extension headers", Outer(UdpProtocol, Udp(GtpUPort, GtpUPort, GtpU(1, s_inner, null, 4, 8, 12))) },
        { "GRE with a source route", Outer(
            GreProtocol, [0x40, 0, 0x08, 0, 0, 0, 0, 0, 0x08, 0, 0, 4, 9, 9, 9, 9, 0, 0, 0, 0, .. s_inner]) },
        { "NVGRE", Outer(GreProtocol, Gre(EtherBridged, EthernetIP(s_inner), key: 0x100)) },
        { "ERSPAN I", Outer(GreProtocol, Gre(EtherMirror, EthernetIP(s_inner))) },
        { "ERSPAN II", Outer(GreProtocol, Gre(EtherMirror, Erspan2(Ethernet(EtherVlan, Vlan(3, EtherIPv4, s_inner))), sequence: 1)) },
        { "ERSPAN III", Outer(GreProtocol, Gre(EtherMirror3, Erspan3(EthernetIP(s_inner6)), sequence: 1)) },
        { "ERSPAN III with the type of II", Outer(GreProtocol, Gre(EtherMirror, Erspan3(EthernetIP(s_inner)), sequence: 1)) },
        { "ERSPAN III with a subheader", Outer(
            GreProtocol, Gre(EtherMirror3, Erspan3(EthernetIP(s_inner), hasSubheader: true), sequence: 1)) },
        { "ERSPAN III around IP", Outer(GreProtocol, Gre(EtherMirror3, Erspan3(s_inner6, frameType: 2, hasSubheader: true), sequence: 1)) },
        { "PPP in GRE", Outer(GreProtocol, Gre(EtherPpp, Ppp(0x21, s_inner))) },
        { "PPTP", Outer(GreProtocol, Pptp(Ppp(0x21, s_inner))) },
        { "PPTP with an acknowledgement", Outer(GreProtocol, Pptp(Ppp(0x57, s_inner6), acknowledgement: 3)) },
        { "PPTP without address and control", Outer(GreProtocol, Pptp(Ppp(0x21, s_inner, hasAddress: false))) },
        { "PPTP with a short protocol field", Outer(GreProtocol, Pptp(Ppp(0x21, s_inner, hasAddress: false, isShort: true))) },
        { "EtherIP", Outer(97, EtherIP(EthernetIP(s_inner))) },
        { "VXLAN at Linux's port", Outer(UdpProtocol, Udp(50000, LinuxVxlanPort, Vxlan(1, EthernetIP(s_inner)))) },
        { "VXLAN with a group policy", Outer(UdpProtocol, Udp(50000, VxlanPort, [0x88, 0x08, 0, 7, 0, 0, 1, 0, .. EthernetIP(s_inner)])) },
        { "VXLAN-GPE around IPv4", Outer(UdpProtocol, Udp(50000, VxlanGpePort, VxlanGpe(1, s_inner))) },
        { "VXLAN-GPE around IPv6", Outer(UdpProtocol, Udp(50000, VxlanGpePort, VxlanGpe(2, s_inner6))) },
        { "VXLAN-GPE around Ethernet", Outer(UdpProtocol, Udp(50000, VxlanGpePort, VxlanGpe(3, EthernetIP(s_inner)))) },
        { "VXLAN-GPE around MPLS", Outer(UdpProtocol, Udp(50000, VxlanGpePort, VxlanGpe(5, Mpls([7], Summed(s_inner))))) },
        { "GTP-U from its port", Outer(UdpProtocol, Udp(GtpUPort, 50000, GtpU(1, s_inner))) },
        { "Teredo", Outer(UdpProtocol, Udp(50000, TeredoPort, Teredo(s_inner6))) },
        { "Teredo with an origin, from its port", Outer(UdpProtocol, Udp(TeredoPort, 50000, Teredo(s_inner6, hasOrigin: true))) },
        { "Teredo with both indications", Outer(
            UdpProtocol, Udp(TeredoPort, 50000, Teredo(s_inner6, isAuthenticated: true, hasOrigin: true))) },
        { "AYIYA", Outer(UdpProtocol, Udp(50000, AyiyaPort, Ayiya(IPv6InIpProtocol, s_inner6))) },
        { "AYIYA around IPv4, from its port", Outer(UdpProtocol, Udp(AyiyaPort, 50000, Ayiya(IpInIpProtocol, s_inner))) },
        { "L2TPv2", Outer(UdpProtocol, Udp(50000, L2tpPort, L2tp2(Ppp(0x21, s_inner)))) },
        { "L2TPv2 with all fields, from its port", Outer(
            UdpProtocol,
            Udp(L2tpPort, 50000, L2tp2(Ppp(0x57, s_inner6, hasAddress: false), hasLength: true, hasSequence: true, offset: 5))) },
        { "L2TPv3 around Ethernet", Outer(UdpProtocol, Udp(L2tpPort, L2tpPort, L2tp3(EthernetIP(Summed(s_inner))))) },
        { "L2TPv3 with a cookie of 4", Outer(UdpProtocol, Udp(L2tpPort, L2tpPort, L2tp3(EthernetIP(s_inner6), cookie: 4))) },
        { "L2TPv3 with a cookie of 8 and a sublayer", Outer(
            UdpProtocol,
            Udp(L2tpPort, L2tpPort, L2tp3(Ethernet(EtherVlan, Vlan(4, EtherIPv4, Summed(s_inner))), cookie: 8, sublayer: 4))) },
        { "L2TPv3 around PPP", Outer(UdpProtocol, Udp(L2tpPort, L2tpPort, L2tp3(Ppp(0x21, Summed(s_inner)), sublayer: 4))) },
        { "L2TPv3 around IP", Outer(UdpProtocol, Udp(L2tpPort, L2tpPort, L2tp3(Summed(s_inner), cookie: 8))) },
        { "CAPWAP around 802.3", Outer(UdpProtocol, Udp(50000, CapwapPort, Capwap(EthernetIP(s_inner)))) },
        { "CAPWAP with a radio, from its port", Outer(UdpProtocol, Udp(CapwapPort, 50000, Capwap(EthernetIP(s_inner), hasRadio: true))) },
        { "CAPWAP around 802.11", Outer(UdpProtocol, Udp(50000, CapwapPort, Capwap(WirelessData(EtherIPv4, s_inner), isNative: true))) },
        { "CAPWAP around 802.11 with QoS", Outer(
            UdpProtocol,
            Udp(50000, CapwapPort, Capwap(WirelessData(EtherIPv6, s_inner6, 0x82, hasQuality: true), isNative: true, hasRadio: true))) },
        { "CAPWAP around an 802.11 aggregate", Outer(
            UdpProtocol,
            Udp(50000, CapwapPort, Capwap(WirelessData(EtherIPv4, s_inner, hasQuality: true, isAggregate: true), isNative: true))) },
        { "CAPWAP around 802.11 with its bytes swapped", Outer(
            UdpProtocol,
            Udp(CapwapPort, 50000, Capwap(WirelessData(EtherIPv4, s_inner, 0x03, hasQuality: true, isSwapped: true), isNative: true))) },
        { "MPLS in UDP", Outer(UdpProtocol, Udp(50000, MplsPort, Mpls([8, 9], Summed(s_inner)))) },
        { "a tunnel and padding behind it", [.. Outer(UdpProtocol, Udp(50000, VxlanPort, Vxlan(1, EthernetIP(s_inner)))), .. Payload(9)] },
        { "four deep", Outer(
            GreProtocol, Gre(EtherIPv4, Outer(IpInIpProtocol, Outer(IPv6InIpProtocol, IPv6("::1", "::2", IpInIpProtocol, s_inner))))) },
    };

    public static TheoryData<string, byte[]> NotToBeHad => new()
    {
        { "an inner packet that is cut short", Outer(IpInIpProtocol, s_inner[..21]) },
        { "an inner packet of the wrong version", Outer(IpInIpProtocol, s_inner6) },
        { "a PPTP acknowledgement without data", Outer(
            GreProtocol, [0x20, 0x81, 0x88, 0x0B, 0, 0, 0, 1, 0, 0, 0, 2, .. Ppp(0x21, s_inner)]) },
        { "a GRE packet of version 1 without a key", Outer(
            GreProtocol, [0x10, 0x01, 0x88, 0x0B, 0, 0, 0, 1, 0, 0, 0, 2, .. Ppp(0x21, s_inner)]) },
        { "a GRE packet of version 2", Outer(GreProtocol, [0, 2, 0x08, 0, .. s_inner]) },
        { "a GRE packet with reserved flags", Outer(GreProtocol, [0, 0x40, 0x08, 0, .. s_inner]) },
        { "a GRE packet with source routes that do not end", Outer(GreProtocol, [0x40, 0x00, 0x08, 0x00, 0, 0, 0, 0, .. s_inner]) },
        { "PPTP around LCP", Outer(GreProtocol, Pptp(Ppp(0xC021, s_inner))) },
        { "PPTP with compressed data", Outer(GreProtocol, Pptp(Ppp(0xFD, s_inner))) },
        { "ERSPAN of another version", Outer(
            GreProtocol, Gre(EtherMirror, [0x30, 0x64, 0, 1, 0, 0, 0, 0, .. EthernetIP(s_inner)], sequence: 1)) },
        { "ERSPAN III around something else", Outer(
            GreProtocol, Gre(EtherMirror3, Erspan3(EthernetIP(s_inner), frameType: 5), sequence: 1)) },
        { "EtherIP of another version", Outer(97, [0x40, 0, .. EthernetIP(s_inner)]) },
        { "an inner header longer than its packet", Outer(GreProtocol, Gre(EtherIPv4, [0x45, 0, 0, 19, .. s_inner[4..]])) },
        { "an inner packet in the padding", [.. IPv4(OuterSource, OuterDestination, UdpProtocol, Udp(50000, VxlanPort)), .. Vxlan(
            1, EthernetIP(s_inner))] },
        { "VXLAN with reserved bits", Outer(UdpProtocol, Udp(50000, VxlanPort, [0x08, 0, 1, 0, 0, 0, 1, 0, .. EthernetIP(s_inner)])) },
        { "VXLAN around ARP", Outer(UdpProtocol, Udp(50000, VxlanPort, Vxlan(1, Ethernet(EtherArp, Payload(28))))) },
        { "a VXLAN-GPE management packet", Outer(UdpProtocol, Udp(50000, VxlanGpePort, [0x0D, 0, 0, 1, 0, 0, 5, 0, .. s_inner])) },
        { "a GENEVE control packet", Outer(UdpProtocol, Udp(50000, GenevePort, [0, 0x80, 0x08, 0, 0, 0, 1, 0, .. s_inner])) },
        { "a GENEVE option longer than all", Outer(
            UdpProtocol, Udp(50000, GenevePort, [1, 0, 0x08, 0, 0, 0, 1, 0, 0, 0, 0, 1, .. s_inner])) },
        { "GTP-U longer than its packet", Outer(UdpProtocol, Udp(GtpUPort, GtpUPort, [0x30, 255, 1, 0, 0, 0, 0, 1, .. s_inner])) },
        { "a packet longer than its GTP-U", Outer(UdpProtocol, Udp(GtpUPort, GtpUPort, [0x30, 255, 0, 30, 0, 0, 0, 1, .. s_inner])) },
        { "Teredo around IPv4", Outer(UdpProtocol, Udp(50000, TeredoPort, Teredo(s_inner))) },
        { "Teredo longer than its packet", Outer(UdpProtocol, Udp(50000, TeredoPort, [0x60, 0, 0, 0, 1, 0, .. s_inner6[6..]])) },
        { "an AYIYA heartbeat", Outer(UdpProtocol, Udp(50000, AyiyaPort, [0x41, 0x52, 0x10, 41, .. Payload(40), .. s_inner6])) },
        { "AYIYA with the wrong version", Outer(UdpProtocol, Udp(50000, AyiyaPort, Ayiya(IpInIpProtocol, s_inner6))) },
        { "an L2TPv2 control message", Outer(
            UdpProtocol, Udp(L2tpPort, L2tpPort, [0xC8, 2, 0, 12, 0, 5, 0, 6, 0, 1, 0, 0, .. Ppp(0x21, s_inner)])) },
        { "L2TPv2 with reserved flags", Outer(UdpProtocol, Udp(L2tpPort, L2tpPort, [0x10, 2, 0, 5, 0, 6, .. Ppp(0x21, s_inner)])) },
        { "L2TPv2 around LCP", Outer(UdpProtocol, Udp(L2tpPort, L2tpPort, L2tp2(Ppp(0xC021, Payload(8))))) },
        { "an L2TPv3 control message", Outer(
            UdpProtocol, Udp(L2tpPort, L2tpPort, [0xC8, 3, 0, 12, 0, 0, 0, 0, 0, 1, 0, 0, .. EthernetIP(Summed(s_inner))])) },
        { "L2TPv3 of no session", Outer(UdpProtocol, Udp(L2tpPort, L2tpPort, [0, 3, 0, 0, 0, 0, 0, 0, .. EthernetIP(Summed(s_inner))])) },
        { "L2TPv3 around a packet with a wrong checksum", Outer(UdpProtocol, Udp(L2tpPort, L2tpPort, L2tp3(EthernetIP(s_inner)))) },
        { "L2TPv3 around a packet that does not fill it", Outer(
            UdpProtocol, Udp(L2tpPort, L2tpPort, L2tp3([.. EthernetIP(Summed(s_inner)), .. Payload(30)]))) },
        { "CAPWAP in DTLS", Outer(UdpProtocol, Udp(50000, CapwapPort, [1, .. Capwap(EthernetIP(s_inner))[1..]])) },
        { "a CAPWAP keep-alive", Outer(UdpProtocol, Udp(50000, CapwapPort, [0, 0x10, 0x42, 0x08, 0, 0, 0, 0, .. EthernetIP(s_inner)])) },
        { "a later CAPWAP fragment", Outer(
            UdpProtocol, Udp(50000, CapwapPort, [0, 0x10, 0x42, 0x80, 0, 1, 0, 0x40, .. EthernetIP(s_inner)])) },
        { "CAPWAP around an encrypted 802.11 frame", Outer(
            UdpProtocol,
            Udp(50000, CapwapPort, Capwap([0x08, 0x41, .. new byte[22], 1, 2, 3, 0x20, 0, 0, 0, 0, .. Payload(60)], isNative: true))) },
        { "CAPWAP around an 802.11 beacon", Outer(
            UdpProtocol, Udp(50000, CapwapPort, Capwap([0x80, 0, .. WirelessData(EtherIPv4, s_inner)[2..]], isNative: true))) },
        { "an answer from MPLS's port", Outer(UdpProtocol, Udp(MplsPort, 50000, Mpls([8], Summed(s_inner)))) },
        { "an answer from GENEVE's port", Outer(UdpProtocol, Udp(GenevePort, 50000, Geneve(1, EtherIPv4, s_inner))) },
        { "a GRE packet around ARP", Outer(GreProtocol, Gre(EtherArp, Payload(28))) },
        { "a GRE header that is cut short", Outer(GreProtocol, Gre(EtherIPv4, [], key: 1)[..6]) },
        { "a GTP-U echo request", Outer(UdpProtocol, Udp(GtpUPort, GtpUPort, [0x32, 1, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, .. s_inner])) },
        { "a GTP-U extension header of no length", Outer(
            UdpProtocol, Udp(GtpUPort, GtpUPort, [0x34, 255, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0x85, 0, 0, 0, 0, .. s_inner])) },
        { "VXLAN without its flag", Outer(UdpProtocol, Udp(50000, VxlanPort, [0, 0, 0, 0, 0, 0, 1, 0, .. EthernetIP(s_inner)])) },
        { "GENEVE of another version", Outer(UdpProtocol, Udp(50000, GenevePort, [0x40, 0, 0x08, 0, 0, 0, 1, 0, .. s_inner])) },
        { "GENEVE with more options than there are", Outer(
            UdpProtocol, Udp(50000, GenevePort, [0x3F, 0, 0x08, 0, 0, 0, 1, 0, .. s_inner])) },
        { "an answer from a tunnel's port", Outer(UdpProtocol, Udp(VxlanPort, 50000, Vxlan(1, EthernetIP(s_inner)))) },
        { "a tunnel that is cut before the inner ports", IPv4(
            OuterSource, OuterDestination, IpInIpProtocol, s_inner[..16], moreFragments: true, id: 1) },
    };

    [Theory, MemberData(nameof(Tunnels))]
    public void The_inner_packet_is_metered(string name, byte[] packet)
    {
        ReferencePacket decoded = Decode(packet, decapsulate: true);

        Assert.Equal(ReferenceOutcome.Metered, decoded.Outcome);
        Assert.Equal((TcpProtocol, 1000, 2000, Syn), (decoded.Protocol, decoded.Source.Port, decoded.Destination.Port, decoded.TcpFlags));
        Assert.True(decoded.Source.Address.ToString() is "10.0.0.1" or "2001:db8::1", name);
    }

    [Theory, MemberData(nameof(Tunnels))]
    public void The_outer_packet_is_metered_where_nobody_asks_for_the_inner_one(string name, byte[] packet)
    {
        Assert.False(Decode(packet, decapsulate: false).Source.Address.ToString() is "10.0.0.1" or "2001:db8::1", name);
    }

    [Theory, MemberData(nameof(NotToBeHad))]
    public void The_outer_packet_is_metered_where_there_is_no_inner_one_to_be_had(string name, byte[] packet)
    {
        ReferencePacket decoded = Decode(packet, decapsulate: true);

        Assert.True(decoded == Decode(packet, decapsulate: false), name);
        Assert.Equal(OuterSource, decoded.Source.Address.ToString());
    }

    /// <summary>Beyond four tunnels the header that was reached is the one that counts.</summary>
    [Fact]
    public void The_fifth_tunnel_is_not_looked_into()
    {
        byte[] packet = s_inner;
        for (int depth = 1; depth <= 5; depth++)
        {
            packet = IPv4($"192.0.2.{depth}", OuterDestination, IpInIpProtocol, packet);
        }

        Assert.Equal("192.0.2.1", Decode(packet, decapsulate: true).Source.Address.ToString());
    }

    [Fact]
    public void Inner_fragments_join_their_flow()
    {
        using EngineDecoder decoder = new(decapsulate: true);
        byte[] datagram = Udp(1000, 2000, Payload(40));
        byte[] first = Outer(
            GreProtocol, Gre(EtherIPv4, IPv4("10.0.0.1", "10.0.0.2", UdpProtocol, datagram[..24], id: 4, moreFragments: true)));
        byte[] later = Outer(
            GreProtocol, Gre(EtherIPv4, IPv4("10.0.0.1", "10.0.0.2", UdpProtocol, datagram[24..], id: 4, fragmentOffset: 24)));

        decoder.Decode(Frame.Whole(LinkRaw, 0, first));
        Assert.Equal(1000, decoder.Decode(Frame.Whole(LinkRaw, 1, later)).Source.Port);
    }

    /// <summary>The fragments of a tunnel's packet are one inner flow, and its payload counts once.</summary>
    [Fact]
    public void Later_fragments_of_a_tunnel_follow_its_first_inside()
    {
        using EngineDecoder decoder = new(decapsulate: true);
        byte[] datagram = Gre(EtherIPv4, IPv4("10.0.0.1", "10.0.0.2", UdpProtocol, Udp(1000, 2000, Payload(64))));
        byte[] first = IPv4(OuterSource, OuterDestination, GreProtocol, datagram[..56], id: 4, moreFragments: true);
        byte[] later = IPv4(OuterSource, OuterDestination, GreProtocol, datagram[56..], id: 4, fragmentOffset: 56);
        byte[] ofAnother = IPv4(OuterSource, OuterDestination, GreProtocol, datagram[56..], id: 5, fragmentOffset: 56);

        ReferencePacket[] packets =
            [.. new[] { first, later, ofAnother }.Select(packet => decoder.Decode(Frame.Whole(LinkRaw, 0, packet)))];

        Assert.Equal(
            ["10.0.0.1:1000", "10.0.0.1:1000", $"{OuterSource}:0"],
            packets.Select(packet => $"{packet.Source.Address}:{packet.Source.Port}"));
        Assert.Equal([64, 0, datagram.Length - 56], packets.Select(packet => packet.Payload.Length));
        Assert.Equal([UdpProtocol, UdpProtocol, GreProtocol], packets.Select(packet => (byte)packet.Protocol));
    }

    [Fact]
    public void Chosen_ports_take_the_place_of_their_kinds_own()
    {
        TunnelPorts ports = new(
            (TunnelKind.Vxlan, (ushort)5000), (TunnelKind.Vxlan, (ushort)GenevePort), (TunnelKind.Teredo, (ushort)3545));

        Assert.Equal((TunnelKind.Vxlan, TunnelKind.None, TunnelKind.None), (ports[5000], ports[VxlanPort], ports[LinuxVxlanPort]));
        Assert.Equal((TunnelKind.Vxlan, TunnelKind.VxlanGpe, TunnelKind.Teredo), (ports[GenevePort], ports[VxlanGpePort], ports[3545]));
        Assert.Throws<ArgumentException>(() => new TunnelPorts((TunnelKind.Vxlan, (ushort)5000), (TunnelKind.L2tp, (ushort)5000)));
    }

    private static byte[] Outer(byte protocol, byte[] payload) => IPv4(OuterSource, OuterDestination, protocol, payload);

    private static ReferencePacket Decode(byte[] packet, bool decapsulate)
    {
        using EngineDecoder decoder = new(decapsulate);
        return decoder.Decode(Frame.Whole(LinkRaw, 0, packet));
    }
}
