using FlowMeter.Engine.Capture;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;
using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Decode;

/// <summary>SPEC §1: what lies between the first byte and IP, with the outcome that each frame has to have.</summary>
public sealed class LinkHeaderTests
{
    private static readonly byte[] s_packet = Summed(IPv4("10.0.0.1", "10.0.0.2", UdpProtocol, Udp(5100, 5200, Payload(20))));
    private static readonly byte[] s_packet6 = IPv6("2001:db8::1", "2001:db8::2", UdpProtocol, Udp(5100, 5200, Payload(20)));

    public static TheoryData<int, byte[]> Metered
    {
        get
        {
            TheoryData<int, byte[]> all = [];
            foreach ((int type, byte[] packet) in new[] { (EtherIPv4, s_packet), (EtherIPv6, s_packet6) })
            {
                foreach (byte[] frame in BetweenEthernetAndIP(type, packet))
                {
                    all.Add(LinkEthernet, frame);
                }

                foreach ((int linkType, byte[] frame) in OtherLinks(type, packet))
                {
                    all.Add(linkType, frame);
                }

                byte[] inner = Ethernet(type, packet);
                all.Add(LinkEthernet, Ethernet(EtherMpls, Mpls([16], packet)));
                all.Add(LinkEthernet, Ethernet(EtherMpls, Mpls([16], [0, 0, 0, 0, .. inner])));
                all.Add(LinkEthernet, Ethernet(EtherMpls, Mpls([16], inner)));
                all.Add(LinkEthernet, Ethernet(EtherMpls, Mpls([16], [0x45, .. inner[1..]])));
                all.Add(LinkEthernet, Ethernet(EtherMpls, Mpls([16], [0x60, .. inner[1..]])));
            }

            return all;
        }
    }

    [Theory, MemberData(nameof(Metered))]
    public void The_packet_inside_is_metered(int linkType, byte[] frame)
    {
        ReferencePacket packet = Decoded(linkType, frame);

        Assert.Equal(ReferenceOutcome.Metered, packet.Outcome);
        Assert.Equal((5100, 5200), (packet.Source.Port, packet.Destination.Port));
        Assert.Contains(packet.Source.Address.ToString(), new[] { "10.0.0.1", "2001:db8::1" });
    }

    [Fact]
    public void What_is_encrypted_is_counted_as_that()
    {
        Assert.Equal(ReferenceOutcome.Encrypted, Decoded(LinkEthernet, Ethernet(0x88E5, [0x2C, .. new byte[60]])).Outcome);
        Assert.Equal(ReferenceOutcome.Encrypted, Decoded(LinkEthernet, Ethernet(EtherMacSec, [0x04, .. new byte[60]])).Outcome);
        Assert.Equal(ReferenceOutcome.Encrypted, Decoded(LinkEthernet, Ethernet(EtherMacSec, [0x08, .. new byte[60]])).Outcome);
        Assert.Equal(ReferenceOutcome.Encrypted, Decoded(105, [0x08, 0x41, .. new byte[60]]).Outcome);
        Assert.Equal(ReferenceOutcome.Encrypted, Decoded(127, [0, 0, 8, 0, 0, 0, 0, 0, 0x88, 0x42, .. new byte[60]]).Outcome);
    }

    [Fact]
    public void What_only_looks_like_IP_behind_a_label_is_none()
    {
        byte[] wrongSum = [.. s_packet];
        wrongSum[10] ^= 1;
        byte[] tooLong = [.. s_packet];
        tooLong[2] = 0x7F;

        Assert.Equal(ReferenceOutcome.NonIp, Decoded(LinkEthernet, Ethernet(EtherMpls, Mpls([1], wrongSum))).Outcome);
        Assert.Equal(ReferenceOutcome.NonIp, Decoded(LinkEthernet, Ethernet(EtherMpls, Mpls([1], Summed(tooLong)))).Outcome);
        Assert.Equal(ReferenceOutcome.NonIp, Decoded(LinkEthernet, Ethernet(EtherMpls, Mpls([1], s_packet6[..^1]))).Outcome);
    }

    [Fact]
    public void A_frame_in_a_pseudowire_is_believed_if_its_packet_holds()
    {
        byte[] wrongSum = [.. s_packet];
        wrongSum[10] ^= 1;
        foreach (byte[] word in new byte[][] { [], [0, 0, 0, 0] })
        {
            Assert.Equal(
                ReferenceOutcome.Metered,
                Decoded(LinkEthernet, Ethernet(EtherMpls, Mpls([1], [.. word, .. Ethernet(EtherIPv4, s_packet)]))).Outcome);
            Assert.Equal(
                ReferenceOutcome.NonIp,
                Decoded(LinkEthernet, Ethernet(EtherMpls, Mpls([1], [.. word, .. Ethernet(EtherIPv4, wrongSum)]))).Outcome);
            Assert.Equal(
                ReferenceOutcome.NonIp,
                Decoded(LinkEthernet, Ethernet(EtherMpls, Mpls([1], [.. word, .. Ethernet(EtherIPv4, s_packet6)]))).Outcome);
            Assert.Equal(
                ReferenceOutcome.NonIp,
                Decoded(LinkEthernet, Ethernet(EtherMpls, Mpls([1], [.. word, .. Ethernet(EtherIPv6, s_packet6[..^1])]))).Outcome);
            Assert.Equal(
                ReferenceOutcome.Truncated,
                Decoded(LinkEthernet, Ethernet(EtherMpls, Mpls([1], [.. word, .. Ethernet(EtherIPv4, s_packet[..19])]))).Outcome);
        }

        byte[] labelled = Gre(EtherMpls, Mpls([1], wrongSum));
        Assert.Equal(GreProtocol, Decoded(LinkRaw, IPv4("192.0.2.1", "192.0.2.2", GreProtocol, labelled), decapsulate: true).Protocol);
        Assert.Equal(
            UdpProtocol,
            Decoded(LinkRaw, IPv4("192.0.2.1", "192.0.2.2", GreProtocol, Gre(EtherMpls, Mpls([1], s_packet))), decapsulate: true).Protocol);
    }

    [Theory]
    [InlineData(0x8100)]
    [InlineData(0x8909)]
    public void A_flow_label_that_looks_like_a_type_behind_a_control_word_hides_no_packet(int label)
    {
        byte[] labelled = [.. s_packet6];
        (labelled[2], labelled[3]) = ((byte)(label >> 8), (byte)label);
        Assert.Equal(
            ReferenceOutcome.Metered, Decoded(LinkEthernet, Ethernet(EtherMpls, Mpls([1], Ethernet(EtherIPv6, labelled)))).Outcome);
    }

    [Fact]
    public void Checksums_behind_the_packet_are_no_part_of_it()
    {
        byte[] noPorts = [.. s_packet[..22], 1, 2, 3, 4];
        byte[] wireless = [0x08, 1, .. new byte[22], 0xAA, 0xAA, 3, 0, 0, 0, 8, 0, .. noPorts];
        byte[] common = [2, 0, 20, 0, .. new byte[8]];

        Assert.Equal(ReferenceOutcome.Metered, Decoded(127, [0, 0, 9, 0, 2, 0, 0, 0, 0, .. wireless]).Outcome);
        Assert.Equal(ReferenceOutcome.Truncated, Decoded(127, [0, 0, 9, 0, 2, 0, 0, 0, 0x10, .. wireless]).Outcome);
        Assert.Equal(
            ReferenceOutcome.Metered, Decoded(192, [0, 0, 32, 0, 105, 0, 0, 0, .. common, 0, .. new byte[11], .. wireless]).Outcome);
        Assert.Equal(
            ReferenceOutcome.Truncated, Decoded(192, [0, 0, 32, 0, 105, 0, 0, 0, .. common, 1, .. new byte[11], .. wireless]).Outcome);
        byte[] macsec = [0, 0, 0, 0, 0, 1, 0x88, 0x47, .. Mpls([7], s_packet6), .. new byte[16]];
        Assert.Equal(ReferenceOutcome.Metered, Decoded(LinkEthernet, Ethernet(EtherMacSec, macsec)).Outcome);

        // Cut off, it takes nothing from what is there.
        Frame cut = Frame.Whole(LinkEthernet, 0, Ethernet(EtherMacSec, [0, 0, 0, 0, 0, 1, 8, 0, .. s_packet, .. new byte[16]]))
            .Cut(14 + 8 + 24);
        using EngineDecoder engine = new();
        Assert.Equal(ReferenceOutcome.Metered, engine.Decode(cut).Outcome);
        Assert.Equal(ReferenceOutcome.Metered, new ReferenceDecoder().Decode(cut).Outcome);
    }

    [Fact]
    public void A_number_with_several_meanings_is_believed_with_its_packet()
    {
        foreach (uint family in new uint[] { 10, 23, 26 })
        {
            Assert.Equal(ReferenceOutcome.Metered, Decoded(LinkNull, Null(family, s_packet6)).Outcome);
            Assert.Equal(ReferenceOutcome.NonIp, Decoded(LinkNull, Null(family, s_packet)).Outcome);
        }

        Assert.Equal(ReferenceOutcome.NonIp, Decoded(LinkNull, [0x0F, 0, 0x12, 0x34, .. s_packet]).Outcome);
        foreach ((byte high, byte low) in new (byte, byte)[] { (0x03, 0x02), (0x03, 0x38) })
        {
            Assert.Equal(ReferenceOutcome.NonIp, Decoded(LinkLinuxSll, [0, 0, high, low, .. new byte[10], 8, 0, .. s_packet]).Outcome);
        }

        byte[] snap = [0xAA, 0xAA, 3, 0, 0, 0, 8, 0, .. s_packet];
        Assert.Equal(ReferenceOutcome.NonIp, Decoded(LinkLinuxSll, [0, 0, 0, 1, .. new byte[10], 0, 3, .. snap]).Outcome);
        Assert.Equal(ReferenceOutcome.NonIp, Decoded(239, [7, 0, 0, 0, 56, 0, 9, 0, .. s_packet]).Outcome);
    }

    [Fact]
    public void Every_link_type_that_has_a_name_is_decoded()
    {
        foreach (LinkType linkType in Enum.GetValues<LinkType>())
        {
            Assert.Equal(ReferenceOutcome.Truncated, Decoded((int)linkType, []).Outcome);
        }
    }

    [Fact]
    public void Frames_without_IP_are_counted_as_that()
    {
        Assert.Equal(ReferenceOutcome.NonIp, Decoded(9, [0xFD]).Outcome);
        Assert.Equal(ReferenceOutcome.Truncated, Decoded(9, [0x21]).Outcome);
        Assert.Equal(ReferenceOutcome.Truncated, Decoded(9, [0xC0]).Outcome);
        Assert.Equal(ReferenceOutcome.NonIp, Decoded(LinkEthernet, Ethernet(38, [0x42, 0x42, 3, .. new byte[35]])).Outcome);
        Assert.Equal(ReferenceOutcome.NonIp, Decoded(105, [0x80, 0, .. new byte[60]]).Outcome);
        Assert.Equal(ReferenceOutcome.NonIp, Decoded(105, [0x48, 1, .. new byte[22]]).Outcome);
        Assert.Equal(ReferenceOutcome.NonIp, Decoded(9, [0xC0, 0x21, 1, 1, 0, 4]).Outcome);
        Assert.Equal(ReferenceOutcome.UnsupportedLinkType, Decoded(147, s_packet).Outcome);
    }

    [Fact]
    public void A_chain_of_headers_has_an_end()
    {
        byte[] chain = [.. Enumerable.Repeat(new byte[] { 0, 1, 0x81, 0 }, 1000).SelectMany(tag => tag)];

        Assert.Equal(ReferenceOutcome.Malformed, Decoded(LinkEthernet, Ethernet(EtherVlan, chain)).Outcome);
        Assert.Equal(
            ReferenceOutcome.Metered, Decoded(LinkEthernet, Ethernet(EtherMpls, Mpls([.. Enumerable.Repeat(9u, 64)], s_packet))).Outcome);
        Assert.Equal(
            ReferenceOutcome.Malformed, Decoded(LinkEthernet, Ethernet(EtherMpls, Mpls([.. Enumerable.Repeat(9u, 65)], s_packet))).Outcome);
    }

    /// <summary>What engine and reference agree on.</summary>
    private static ReferencePacket Decoded(int linkType, byte[] bytes, bool decapsulate = false)
    {
        Frame frame = Frame.Whole(linkType, 0, bytes);
        using EngineDecoder engine = new(decapsulate);
        ReferencePacket packet = engine.Decode(frame);
        Assert.Equal(new ReferenceDecoder(decapsulate).Decode(frame).Outcome, packet.Outcome);
        return packet;
    }
}
