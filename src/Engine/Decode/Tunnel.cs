using FlowMeter.Engine.Capture;
using static FlowMeter.Engine.Decode.PacketHeaders;

namespace FlowMeter.Engine.Decode;

/// <summary>
/// The tunnels that <c>--decapsulate</c> looks into (SPEC §1): IP-in-IP, 6in4, 4in6, EtherIP, GRE, and those over UDP. Anything but
/// <see cref="DecodeResult.Metered"/> means that there is no packet to be had: a header that is not as its RFC has it, or no whole IP
/// header with its ports behind it.
/// </summary>
internal static unsafe class Tunnel
{
    private const byte Udp = 17;
    private const byte EtherIP = 97;
    private const byte Gre = 47;
    private const ushort TransparentEthernet = 0x6558;

    /// <summary>Whether a packet of this protocol may be a tunnel's; most are not, and cost no more than this.</summary>
    public static bool MayBe(byte protocol, byte* at, uint length, TunnelPorts ports) => protocol == Udp
        ? length >= 8 && UdpTunnel.Kinds(at, ports) != 0
        : protocol is 4 or 41 or Gre or EtherIP;

    /// <summary>Decodes the packet inside; <paramref name="length"/> bytes of the outer one may be read behind its IP header.</summary>
    public static DecodeResult Decode(
        byte protocol, byte* at, uint length, TunnelPorts ports, InternetLayer internet, ref PacketHeaders headers) => protocol switch
    {
        4 => internet.IPv4(at, length, ref headers),
        41 => internet.IPv6(at, length, ref headers),
        Gre => GreTunnel.Decode(at, length, internet, ref headers),

        // RFC 3378: version 3, and nothing else in its two bytes.
        EtherIP when length >= 2 && ReadUInt16(at) == 0x3000 => Ethernet(at + 2, length - 2, internet, ref headers),
        Udp => UdpTunnel.Decode(at, length, ports, internet, ref headers),
        _ => DecodeResult.NonIp,
    };

    /// <summary>What a protocol type announces, as GRE and GENEVE have it.</summary>
    public static DecodeResult Payload(ushort type, byte* at, uint length, InternetLayer internet, ref PacketHeaders headers) =>
        type == TransparentEthernet
            ? Ethernet(at, length, internet, ref headers)
            : LinkLayer.EtherType(type, at, length, internet, ref headers);

    /// <summary>An Ethernet frame.</summary>
    public static DecodeResult Ethernet(byte* at, uint length, InternetLayer internet, ref PacketHeaders headers) =>
        LinkLayer.Decode(LinkType.Ethernet, at, length, internet, ref headers);

    /// <summary>
    /// An IP packet of either version that nothing announces: it has to fit into the <paramref name="room"/> bytes that its tunnel's
    /// headers say there are.
    /// </summary>
    public static DecodeResult IP(byte* at, uint length, long room, InternetLayer internet, ref PacketHeaders headers)
    {
        if (length >= 20 && at[0] >> 4 == 4)
        {
            return ReadUInt16(at + 2) <= room ? internet.IPv4(at, length, ref headers) : DecodeResult.Malformed;
        }

        if (length >= 40 && at[0] >> 4 == 6)
        {
            return ReadUInt16(at + 4) + 40L <= room ? internet.IPv6(at, length, ref headers) : DecodeResult.Malformed;
        }

        return DecodeResult.NonIp;
    }
}
