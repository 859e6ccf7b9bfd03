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
    public void ThePacketInsideIsMetered(int linkType, byte[] frame)
    {
        ReferencePacket packet = Decoded(linkType, frame);

        Assert.Equal(ReferenceOutcome.Metered, packet.Outcome);
        Assert.Equal((5100, 5200), (packet.Source.Port, packet.Destination.Port));
        Assert.Contains(packet.Source.Address.ToString(), new[] { "10.0.0.1", "2001:db8::1" });
    }

    [Fact]
    public void WhatIsEncryptedIsCountedAsThat()
    {
        Assert.Equal(ReferenceOutcome.Encrypted, Decoded(LinkEthernet, Ethernet(0x88E5, [0x2C, .. new byte[60]])).Outcome);
        Assert.Equal(ReferenceOutcome.Encrypted, Decoded(105, [0x08, 0x41, .. new byte[60]]).Outcome);
        Assert.Equal(ReferenceOutcome.Encrypted, Decoded(127, [0, 0, 8, 0, 0, 0, 0, 0, 0x88, 0x42, .. new byte[60]]).Outcome);
    }

    [Fact]
    public void WhatOnlyLooksLikeIPBehindALabelIsNone()
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
    public void FramesWithoutIPAreCountedAsThat()
    {
        Assert.Equal(ReferenceOutcome.NonIp, Decoded(LinkEthernet, Ethernet(38, [0x42, 0x42, 3, .. new byte[35]])).Outcome);
        Assert.Equal(ReferenceOutcome.NonIp, Decoded(105, [0x80, 0, .. new byte[60]]).Outcome);
        Assert.Equal(ReferenceOutcome.NonIp, Decoded(105, [0x48, 1, .. new byte[22]]).Outcome);
        Assert.Equal(ReferenceOutcome.NonIp, Decoded(9, [0xC0, 0x21, 1, 1, 0, 4]).Outcome);
        Assert.Equal(ReferenceOutcome.UnsupportedLinkType, Decoded(147, s_packet).Outcome);
    }

    [Fact]
    public void AChainOfHeadersHasAnEnd()
    {
        byte[] chain = [.. Enumerable.Repeat(new byte[] { 0, 1, 0x81, 0 }, 1000).SelectMany(tag => tag)];

        Assert.Equal(ReferenceOutcome.Malformed, Decoded(LinkEthernet, Ethernet(EtherVlan, chain)).Outcome);
    }

    /// <summary>What engine and reference agree on.</summary>
    private static ReferencePacket Decoded(int linkType, byte[] bytes)
    {
        Frame frame = Frame.Whole(linkType, 0, bytes);
        using EngineDecoder engine = new();
        ReferencePacket packet = engine.Decode(frame);
        Assert.Equal(new ReferenceDecoder().Decode(frame).Outcome, packet.Outcome);
        return packet;
    }
}
