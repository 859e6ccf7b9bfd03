using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Support;

/// <summary>
/// Random traffic inside tunnels of every kind, some of them within others, some cut into fragments outside, some cut short.
/// </summary>
internal static class TunnelTraffic
{
    private const string A = "198.51.100.1";
    private const string B = "198.51.100.2";
    private const string A6 = "2001:db8:f::1";
    private const string B6 = "2001:db8:f::2";

    public static List<Frame> Random(int seed, int conversations = 60) =>
        Random(seed, new TrafficShape { Conversations = conversations, MaxDisorderNs = 1_000_000_000 });

    public static List<Frame> Random(int seed, TrafficShape shape)
    {
        Random random = new(seed);
        shape = shape with { LinkType = LinkRaw, SnapLengths = false };
        return [.. Traffic.Random(seed, shape).SelectMany(frame => Framed(random, frame))];
    }

    private static IEnumerable<Frame> Framed(Random random, Frame frame)
    {
        // The noise that is in every traffic stays as it is.
        bool isPacket = frame.Captured.Length >= 20 && frame.Captured[0] >> 4 is 4 or 6;
        if (!isPacket || random.Next(6) == 0)
        {
            return [frame];
        }

        byte[] packet = frame.Captured;
        byte protocol = 0;
        for (int depth = random.Next(8) == 0 ? random.Next(2, 6) : 1; depth > 0; depth--)
        {
            (protocol, packet) = Wrapped(random, packet);
            packet = depth > 1 ? Carried(random, protocol, packet) : packet;
        }

        IEnumerable<byte[]> packets = random.Next(5) == 0 && packet.Length > 32
            ? Fragments(random, protocol, packet)
            : [Carried(random, protocol, packet)];
        return packets.Select(bytes => Frame.Whole(LinkRaw, frame.TimestampNs, bytes)).Select(
            whole => random.Next(15) == 0 ? whole.Cut(random.Next(20, 120)) : whole);
    }

    private static byte[] Carried(Random random, byte protocol, byte[] payload) =>
        random.Next(3) == 0 ? IPv6(A6, B6, protocol, payload) : IPv4(A, B, protocol, payload, optionBytes: 4 * random.Next(3));

    private static byte[][] Fragments(Random random, byte protocol, byte[] payload)
    {
        int cut = random.Next(1, payload.Length / 8) * 8;
        int id = random.Next(4);
        byte[][] fragments = random.Next(2) == 0
            ? [IPv4(A, B, protocol, payload[..cut], id: id, moreFragments: true), IPv4(
                A, B, protocol, payload[cut..], id: id, fragmentOffset: cut)]
            : [IPv6(A6, B6, FragmentHeader, Fragment(protocol, (uint)id, 0, true, payload[..cut])), IPv6(
                A6, B6, FragmentHeader, Fragment(protocol, (uint)id, cut, false, payload[cut..]))];
        return random.Next(4) == 0 ? [fragments[1], fragments[0]] : fragments;
    }

    private static (byte Protocol, byte[] Bytes) Wrapped(Random random, byte[] packet)
    {
        bool isIPv6 = packet[0] >> 4 == 6;
        int type = isIPv6 ? EtherIPv6 : EtherIPv4;
        byte protocol = isIPv6 ? IPv6InIpProtocol : IpInIpProtocol;
        int ppp = isIPv6 ? 0x57 : 0x21;
        byte[] ethernet = EthernetIP(packet);
        byte[] summed = isIPv6 || packet.Length < (packet[0] & 0x0F) * 4 ? packet : Summed(packet);
        bool either = random.Next(2) == 0;
        return random.Next(20) switch
        {
            0 => (protocol, packet),
            1 => (GreProtocol, Gre(type, packet, either, either ? 7 : null)),
            2 => (GreProtocol, Gre(EtherBridged, ethernet, key: 9)),
            3 => (GreProtocol, Gre(EtherMirror, either ? ethernet : Erspan2(ethernet), sequence: either ? null : 1)),
            4 => (GreProtocol, Gre(EtherMirror3, Erspan3(ethernet, hasSubheader: either), sequence: 1)),
            5 => (GreProtocol, Pptp(Ppp(ppp, packet, hasAddress: either, isShort: !either), acknowledgement: either ? 4 : null)),
            6 => (97, EtherIP(ethernet)),
            7 => ToUdp(either ? VxlanPort : LinuxVxlanPort, Vxlan(1, ethernet)),
            8 => ToUdp(VxlanGpePort, VxlanGpe((byte)(isIPv6 ? 2 : 1), packet)),
            9 => ToUdp(VxlanGpePort, VxlanGpe(5, Mpls([1, 2], summed))),
            10 => ToUdp(GenevePort, Geneve(1, either ? type : EtherBridged, either ? packet : ethernet, optionBytes: 8)),
            11 => ToUdp(GtpUPort, GtpU(1, packet, either ? 5 : null, either ? [4, 8] : [])),
            12 => FromUdp(GtpUPort, GtpU(1, packet)),
            13 => FromUdp(TeredoPort, Teredo(packet, either, !either)),
            14 => ToUdp(AyiyaPort, Ayiya(protocol, packet)),
            15 => FromUdp(L2tpPort, L2tp2(Ppp(ppp, packet), hasLength: either, hasSequence: !either, offset: either ? 2 : null)),
            16 => ToUdp(L2tpPort, L2tp3(either ? EthernetIP(summed) : Ppp(ppp, summed), 4 * random.Next(3), 4 * random.Next(2))),
            17 => ToUdp(CapwapPort, Capwap(
                either ? ethernet : WirelessData(type, packet, hasQuality: true, isSwapped: random.Next(2) == 0), isNative: !either)),
            18 => ToUdp(MplsPort, Mpls([1, 2], summed)),
            _ => ToUdp(5000, ethernet),
        };
    }

    private static (byte Protocol, byte[] Bytes) ToUdp(int port, byte[] payload) => (UdpProtocol, Udp(49152, port, payload));

    private static (byte Protocol, byte[] Bytes) FromUdp(int port, byte[] payload) => (UdpProtocol, Udp(port, 49152, payload));
}
