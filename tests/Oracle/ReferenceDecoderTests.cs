using FlowMeter.Tests.Support;
using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Oracle;

public sealed class ReferenceDecoderTests
{
    private const long Second = 1_000_000_000;
    private const string Client = "10.0.0.1";
    private const string Server = "10.0.0.2";
    private const string Client6 = "2001:db8::1";
    private const string Server6 = "2001:db8::2";

    private static readonly byte[] s_packet = IPv4(Client, Server, TcpProtocol, Tcp(40000, 443, Syn));
    private static readonly byte[] s_packet6 = IPv6(Client6, Server6, TcpProtocol, Tcp(40000, 443, Syn));

    private readonly ReferenceDecoder _decoder = new();

    public static TheoryData<int, byte[]> Framings => new()
    {
        { LinkEthernet, EthernetIP(s_packet) },
        { LinkEthernet, EthernetIP(s_packet6) },
        { LinkEthernet, QinQ(1, 2, s_packet) },
        { LinkEthernet, Ethernet(0x9100, Vlan(1, EtherIPv6, s_packet6)) },
        { LinkEthernet, Ethernet(EtherMpls, Mpls([1, 2, 3], Summed(s_packet))) },
        { LinkEthernet, Ethernet(0x8848, Mpls([1], s_packet6)) },
        { LinkEthernet, Ethernet(EtherPppoeSession, PppoeSession(0x21, s_packet)) },
        { LinkEthernet, Ethernet(EtherVlan, Vlan(1, EtherPppoeSession, PppoeSession(0x57, s_packet6))) },
        { LinkLinuxSll, LinuxSll(EtherIPv4, s_packet) },
        { LinkLinuxSll, LinuxSll(EtherVlan, Vlan(5, EtherIPv6, s_packet6)) },
        { LinkLinuxSll2, LinuxSll2(EtherIPv6, s_packet6) },
        { LinkNull, Null(2, s_packet) },
        { LinkNull, Null(30, s_packet6, bigEndian: true) },
        { LinkNull, Null(10, s_packet6) },
        { LinkLoop, Null(24, s_packet6, bigEndian: true) },
        { LinkLoop, Null(28, s_packet6) },
        { LinkRaw, s_packet },
        { 12, s_packet6 },
        { 14, s_packet },
        { LinkIPv4, s_packet },
        { LinkIPv6, s_packet6 },
        { LinkRaw, IPv4(Client, Server, TcpProtocol, Tcp(40000, 443, Syn), optionBytes: 40) },
        { LinkRaw, IPv6(Client6, Server6, 0, EightHeaders(TcpProtocol, Tcp(40000, 443, Syn))) },
    };

    [Theory, MemberData(nameof(Framings))]
    public void All_framings_lead_to_the_same_packet(int linkType, byte[] bytes)
    {
        ReferencePacket packet = Decode(linkType, bytes);

        Assert.Equal(ReferenceOutcome.Metered, packet.Outcome);
        Assert.Equal((6, 40000, 443, Syn), (packet.Protocol, packet.Source.Port, packet.Destination.Port, packet.TcpFlags));
        Assert.Contains(packet.Source.Address.ToString(), new[] { Client, Client6 });
    }

    [Theory, MemberData(nameof(Framings))]
    public void A_prefix_is_metered_from_the_ports_on_and_truncated_before(int linkType, byte[] bytes)
    {
        // The last 20 bytes are TCP's header: ports at its beginning, flags in byte 13.
        for (int length = 0; length < bytes.Length; length++)
        {
            ReferencePacket packet = _decoder.Decode(Frame.Whole(linkType, 0, bytes).Cut(length));
            int segment = length - (bytes.Length - 20);
            Assert.Equal(segment >= 4 ? ReferenceOutcome.Metered : ReferenceOutcome.Truncated, packet.Outcome);
            Assert.Equal(segment > 13 ? Syn : 0, packet.TcpFlags);
        }
    }

    [Fact]
    public void What_is_skipped_has_its_reason()
    {
        byte[] shortHeader = [.. s_packet];
        shortHeader[0] = 0x44;
        byte[] strangeVersion = [.. s_packet];
        strangeVersion[0] = 0x55;
        byte[] nineHeaders = IPv6(Client6, Server6, DestinationOptions, Extension(0, EightHeaders(UdpProtocol, Udp(1, 2))));

        Assert.Equal(ReferenceOutcome.NonIp, Decode(LinkEthernet, Ethernet(EtherArp, Payload(28))).Outcome);
        Assert.Equal(ReferenceOutcome.NonIp, Decode(LinkEthernet, Ethernet(0x5FF, s_packet)).Outcome);
        Assert.Equal(ReferenceOutcome.NonIp, Decode(LinkEthernet, Ethernet(EtherMpls, Mpls([1], strangeVersion))).Outcome);
        Assert.Equal(ReferenceOutcome.NonIp, Decode(LinkEthernet, Ethernet(EtherPppoeSession, PppoeSession(0xC021, Payload(8)))).Outcome);
        Assert.Equal(ReferenceOutcome.NonIp, Decode(LinkNull, Null(7, s_packet)).Outcome);
        Assert.Equal(ReferenceOutcome.Malformed, Decode(LinkRaw, strangeVersion).Outcome);
        Assert.Equal(ReferenceOutcome.Malformed, Decode(LinkEthernet, Ethernet(EtherIPv6, s_packet)).Outcome);
        Assert.Equal(ReferenceOutcome.Malformed, Decode(LinkEthernet, Ethernet(EtherIPv4, s_packet6)).Outcome);
        Assert.Equal(ReferenceOutcome.Malformed, Decode(LinkIPv4, s_packet6).Outcome);
        Assert.Equal(ReferenceOutcome.Malformed, Decode(LinkRaw, shortHeader).Outcome);
        Assert.Equal(ReferenceOutcome.Malformed, Decode(LinkRaw, nineHeaders).Outcome);
        Assert.Equal(ReferenceOutcome.UnsupportedLinkType, Decode(147, s_packet).Outcome);
    }

    [Fact]
    public void Later_fragments_have_the_ports_of_the_first_for_thirty_seconds()
    {
        Decode(LinkRaw, IPv4(Client, Server, UdpProtocol, Udp(7, 8), id: 5, moreFragments: true), 100 * Second);
        byte[] later = IPv4(Client, Server, UdpProtocol, Payload(2), id: 5, fragmentOffset: 8);
        byte[] ofAnother = IPv4(Client, Server, UdpProtocol, Payload(2), id: 6, fragmentOffset: 8);
        byte[] back = IPv4(Server, Client, UdpProtocol, Payload(2), id: 5, fragmentOffset: 8);

        Assert.Equal((7, 8), Ports(Decode(LinkRaw, later, 130 * Second)));
        Assert.Equal((7, 8), Ports(Decode(LinkRaw, later, 70 * Second)));
        Assert.Equal((0, 0), Ports(Decode(LinkRaw, later, (130 * Second) + 1)));
        Assert.Equal((0, 0), Ports(Decode(LinkRaw, ofAnother, 100 * Second)));
        Assert.Equal((0, 0), Ports(Decode(LinkRaw, back, 100 * Second)));
    }

    [Fact]
    public void Later_fragments_of_IPv6_take_the_protocol_behind_the_first_ones_headers()
    {
        byte[] first = Fragment(DestinationOptions, 9, 0, true, Extension(UdpProtocol, Udp(7, 8)));
        byte[] later = Fragment(DestinationOptions, 9, 16, false, Payload(2));
        byte[] atomic = Fragment(UdpProtocol, 9, 0, false, Udp(7, 8));

        ReferencePacket unknown = Decode(LinkRaw, IPv6(Client6, Server6, FragmentHeader, later));
        Decode(LinkRaw, IPv6(Client6, Server6, FragmentHeader, first));
        ReferencePacket known = Decode(LinkRaw, IPv6(Client6, Server6, FragmentHeader, later));

        Assert.Equal((DestinationOptions, (0, 0)), (unknown.Protocol, Ports(unknown)));
        Assert.Equal((UdpProtocol, (7, 8)), (known.Protocol, Ports(known)));
        Assert.True(known.IsLaterFragment);
        Assert.False(Decode(LinkRaw, IPv6(Client6, Server6, FragmentHeader, atomic)).IsLaterFragment);
    }

    [Theory]
    [InlineData("::", "::")]
    [InlineData("::1", "::1")]
    [InlineData("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1")]
    [InlineData("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1")]
    [InlineData("2001:0:0:1::1", "2001:0:0:1::1")]
    [InlineData("fe80::5efe:c0a8:1", "fe80::5efe:c0a8:1")]
    [InlineData("::102:304", "::102:304")]
    [InlineData("::ffff:0:102:304", "::ffff:0:102:304")]
    [InlineData("::FFFF:102:304", "::ffff:1.2.3.4")]
    [InlineData("1:2:3:4:5:6::", "1:2:3:4:5:6::")]
    [InlineData("255.0.10.1", "255.0.10.1")]
    public void Addresses_are_written_as_RFC_5952_has(string address, string text)
    {
        Assert.Equal(text, ReferenceAddress.Parse(address).ToString());
    }

    private static (int Source, int Destination) Ports(ReferencePacket packet) => (packet.Source.Port, packet.Destination.Port);

    private static byte[] EightHeaders(byte protocol, byte[] payload)
    {
        byte[] inner = Fragment(135, 1, 0, false, Extension(139, Extension(140, Extension(protocol, payload, 24), 16)));
        byte[] outer = Authentication(DestinationOptions, Extension(FragmentHeader, inner));
        return Extension(RoutingHeader, Extension(AuthenticationHeader, outer));
    }

    private ReferencePacket Decode(int linkType, byte[] bytes, long timestampNs = 0)
    {
        return _decoder.Decode(Frame.Whole(linkType, timestampNs, bytes));
    }
}
