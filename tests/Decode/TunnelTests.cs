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
        { "GRE around MPLS", Outer(GreProtocol, Gre(EtherMpls, Mpls([5, 6], s_inner))) },
        { "VXLAN", Outer(UdpProtocol, Udp(50000, VxlanPort, Vxlan(1, EthernetIP(s_inner6)))) },
        { "VXLAN around a VLAN", Outer(UdpProtocol, Udp(50000, VxlanPort, Vxlan(1, Ethernet(EtherVlan, Vlan(3, EtherIPv4, s_inner))))) },
        { "GENEVE", Outer(UdpProtocol, Udp(50000, GenevePort, Geneve(1, EtherBridged, EthernetIP(s_inner)))) },
        { "GENEVE with options around IP", Outer(UdpProtocol, Udp(50000, GenevePort, Geneve(1, EtherIPv4, s_inner, optionBytes: 252))) },
        { "GTP-U", Outer(UdpProtocol, Udp(GtpUPort, GtpUPort, GtpU(1, s_inner))) },
        { "GTP-U with a sequence number", Outer(UdpProtocol, Udp(GtpUPort, GtpUPort, GtpU(1, s_inner6, sequence: 9))) },
        { "GTP-U with extension headers", Outer(UdpProtocol, Udp(GtpUPort, GtpUPort, GtpU(1, s_inner, null, 4, 8, 12))) },
        { "four deep", Outer(GreProtocol, Gre(EtherIPv4, Outer(IpInIpProtocol, Outer(IPv6InIpProtocol, IPv6("::1", "::2", IpInIpProtocol, s_inner))))) },
    };

    public static TheoryData<string, byte[]> NotToBeHad => new()
    {
        { "an inner packet that is cut short", Outer(IpInIpProtocol, s_inner[..21]) },
        { "an inner packet of the wrong version", Outer(IpInIpProtocol, s_inner6) },
        { "a GRE packet of version 1", Outer(GreProtocol, [0x20, 0x01, 0x88, 0x0B, 0, 0, 0, 0, .. s_inner]) },
        { "a GRE packet with source routes", Outer(GreProtocol, [0x40, 0x00, 0x08, 0x00, 0, 0, 0, 0, .. s_inner]) },
        { "a GRE packet around ARP", Outer(GreProtocol, Gre(EtherArp, Payload(28))) },
        { "a GRE header that is cut short", Outer(GreProtocol, Gre(EtherIPv4, [], key: 1)[..6]) },
        { "a GTP-U echo request", Outer(UdpProtocol, Udp(GtpUPort, GtpUPort, [0x32, 1, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, .. s_inner])) },
        { "a GTP-U extension header of no length", Outer(UdpProtocol, Udp(GtpUPort, GtpUPort, [0x34, 255, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0x85, 0, 0, 0, 0, .. s_inner])) },
        { "VXLAN without its flag", Outer(UdpProtocol, Udp(50000, VxlanPort, [0, 0, 0, 0, 0, 0, 1, 0, .. EthernetIP(s_inner)])) },
        { "GENEVE of another version", Outer(UdpProtocol, Udp(50000, GenevePort, [0x40, 0, 0x08, 0, 0, 0, 1, 0, .. s_inner])) },
        { "GENEVE with more options than there are", Outer(UdpProtocol, Udp(50000, GenevePort, [0x3F, 0, 0x08, 0, 0, 0, 1, 0, .. s_inner])) },
        { "an answer from a tunnel's port", Outer(UdpProtocol, Udp(VxlanPort, 50000, Vxlan(1, EthernetIP(s_inner)))) },
        { "a tunnel that is cut into fragments", IPv4(OuterSource, OuterDestination, IpInIpProtocol, s_inner, moreFragments: true, id: 1) },
    };

    [Theory, MemberData(nameof(Tunnels))]
    public void TheInnerPacketIsMetered(string name, byte[] packet)
    {
        ReferencePacket decoded = Decode(packet, decapsulate: true);

        Assert.Equal(ReferenceOutcome.Metered, decoded.Outcome);
        Assert.Equal((TcpProtocol, 1000, 2000, Syn), (decoded.Protocol, decoded.Source.Port, decoded.Destination.Port, decoded.TcpFlags));
        Assert.True(decoded.Source.Address.ToString() is "10.0.0.1" or "2001:db8::1", name);
    }

    [Theory, MemberData(nameof(Tunnels))]
    public void TheOuterPacketIsMeteredWhereNobodyAsksForTheInnerOne(string name, byte[] packet)
    {
        Assert.False(Decode(packet, decapsulate: false).Source.Address.ToString() is "10.0.0.1" or "2001:db8::1", name);
    }

    [Theory, MemberData(nameof(NotToBeHad))]
    public void TheOuterPacketIsMeteredWhereThereIsNoInnerOneToBeHad(string name, byte[] packet)
    {
        ReferencePacket decoded = Decode(packet, decapsulate: true);

        Assert.True(decoded == Decode(packet, decapsulate: false), name);
        Assert.Equal(OuterSource, decoded.Source.Address.ToString());
    }

    /// <summary>Beyond four tunnels the header that was reached is the one that counts.</summary>
    [Fact]
    public void TheFifthTunnelIsNotLookedInto()
    {
        byte[] packet = s_inner;
        for (int depth = 1; depth <= 5; depth++)
        {
            packet = IPv4($"192.0.2.{depth}", OuterDestination, IpInIpProtocol, packet);
        }

        Assert.Equal("192.0.2.1", Decode(packet, decapsulate: true).Source.Address.ToString());
    }

    [Fact]
    public void InnerFragmentsJoinTheirFlow()
    {
        using EngineDecoder decoder = new(decapsulate: true);
        byte[] datagram = Udp(1000, 2000, Payload(40));
        byte[] first = Outer(GreProtocol, Gre(EtherIPv4, IPv4("10.0.0.1", "10.0.0.2", UdpProtocol, datagram[..24], id: 4, moreFragments: true)));
        byte[] later = Outer(GreProtocol, Gre(EtherIPv4, IPv4("10.0.0.1", "10.0.0.2", UdpProtocol, datagram[24..], id: 4, fragmentOffset: 24)));

        decoder.Decode(Frame.Whole(LinkRaw, 0, first));
        Assert.Equal(1000, decoder.Decode(Frame.Whole(LinkRaw, 1, later)).Source.Port);
    }

    private static byte[] Outer(byte protocol, byte[] payload) => IPv4(OuterSource, OuterDestination, protocol, payload);

    private static ReferencePacket Decode(byte[] packet, bool decapsulate)
    {
        using EngineDecoder decoder = new(decapsulate);
        return decoder.Decode(Frame.Whole(LinkRaw, 0, packet));
    }
}
