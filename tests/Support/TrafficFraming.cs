using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Support;

/// <summary>Puts packets into frames of the linktype asked for, and makes frames that are no packets.</summary>
internal sealed class TrafficFraming(Random random, TrafficShape shape)
{
    public Frame Frame(long timestampNs, byte[] packet) => Cut(Support.Frame.Whole(shape.LinkType, timestampNs, Link(packet)));

    /// <summary>ARP, an encrypted frame, a header of the wrong version, one that is too short, or bytes without any sense.</summary>
    public Frame Noise(long timestampNs)
    {
        byte[] packet = IPv4("10.0.0.1", "10.0.0.2", UdpProtocol, Udp(53, 53, Payload(8)));
        switch (random.Next(5))
        {
            case 0 when shape.LinkType == LinkEthernet:
                return Support.Frame.Whole(shape.LinkType, timestampNs, Ethernet(EtherArp, Payload(28)));
            case 1:
                byte[] wrongVersion = Link(packet);
                wrongVersion[^packet.Length] = (byte)random.Next(256);
                return Support.Frame.Whole(shape.LinkType, timestampNs, wrongVersion);
            case 2:
                return Support.Frame.Whole(shape.LinkType, timestampNs, Link(packet)).Cut(random.Next(40));
            case 3 when shape.LinkType == LinkEthernet:
                return Support.Frame.Whole(
                    shape.LinkType, timestampNs, Ethernet(EtherMacSec, [MacSecEncrypted, 0, 0, 0, 0, 1, .. Payload(28)]));
            default:
                byte[] senseless = new byte[random.Next(80)];
                random.NextBytes(senseless);
                return Support.Frame.Whole(shape.LinkType, timestampNs, senseless);
        }
    }

    private byte[] Link(byte[] packet)
    {
        bool isIPv6 = packet[0] >> 4 == 6;
        int etherType = isIPv6 ? EtherIPv6 : EtherIPv4;
        return shape.LinkType switch
        {
            LinkEthernet => TaggedEthernet(packet, isIPv6, etherType),
            LinkLinuxSll => LinuxSll(etherType, packet),
            LinkLinuxSll2 => LinuxSll2(etherType, packet),
            LinkNull => Null(isIPv6 ? 30u : 2u, packet, bigEndian: random.Next(2) == 0),
            LinkLoop => Null(isIPv6 ? 24u : 2u, packet, bigEndian: true),
            _ => OtherLinks(etherType, packet).Where(frame => frame.LinkType == shape.LinkType)
                .Select(frame => frame.Bytes).ToArray() is { Length: > 0 } framings
                ? framings[random.Next(framings.Length)]
                : packet,
        };
    }

    /// <summary>What lies between Ethernet and IP is no part of a flow's key.</summary>
    private byte[] TaggedEthernet(byte[] packet, bool isIPv6, int etherType) => random.Next(20) switch
    {
        0 => Ethernet(EtherVlan, Vlan(7, etherType, packet)),
        1 => QinQ(7, 8, packet),
        2 => Ethernet(EtherMpls, Mpls([16, 17], Summed(packet))),
        3 => Ethernet(EtherPppoeSession, PppoeSession(isIPv6 ? 0x57 : 0x21, packet)),
        4 => Ethernet(EtherServiceVlan, Vlan(7, EtherMpls, Mpls([16], Summed(packet)))),
        5 when packet.Length < 1400 && BetweenEthernetAndIP(etherType, packet) is { } kinds => kinds[random.Next(kinds.Length)],
        _ => EthernetIP(packet),
    };

    private Frame Cut(Frame frame)
    {
        return shape.SnapLengths && random.Next(12) == 0 ? frame.Cut(random.Next(14, 70)) : frame;
    }
}
