using System.Buffers.Binary;

namespace FlowMeter.Engine.Synthetic;

/// <summary>
/// Writes one Ethernet frame with valid lengths and checksums. Addresses are those reserved for benchmarks: clients in 10.0.0.0/8 and
/// servers in 198.18.0.0/15 (RFC 2544), both in 2001:2::/48 for IPv6 (RFC 5180). Payload is zeros.
/// </summary>
internal static class FrameWriter
{
    private const int EthernetHeader = 14;
    private const int IPv4Header = 20;
    private const int IPv6Header = 40;
    private const int TcpHeader = 20;
    private const int UdpHeader = 8;
    private const uint Tcp = 6;
    private const uint Udp = 17;
    private const uint HopLimit = 64;
    private const uint DoNotFragment = 0x4000;
    private const uint HeaderOfFiveWords = 0x5000_0000;
    private const uint FullWindow = 0xFFFF;
    private const ulong ClientMac = 0x02_00_00_00_00_01;
    private const ulong ServerMac = 0x02_00_00_00_00_02;
    private const uint ClientNetwork = 0x0A00_0000;
    private const uint ServerNetwork = 0xC612_0000;
    private const ulong IPv6Prefix = 0x2001_0002_0000_0000;
    private const ulong ClientInterface = 0x1_0000_0000;
    private const ulong ServerInterface = 0x2_0000_0000;

    /// <summary>Writes the flow's next packet and counts it.</summary>
    /// <param name="frame">Room for <paramref name="size"/> bytes and all headers.</param>
    /// <param name="size">Bytes the frame is to have; it gets more if the headers need more.</param>
    /// <param name="identity">The flow's addresses.</param>
    /// <param name="flow">The flow's state, which moves on by this packet.</param>
    /// <param name="segment">What the packet is in its conversation.</param>
    /// <returns>The frame's length.</returns>
    public static int Write(Span<byte> frame, int size, in SyntheticFlow identity, ref LiveFlow flow, Segment segment)
    {
        int ipHeader = identity.IsIPv6 ? IPv6Header : IPv4Header;
        int transportHeader = identity.IsUdp ? UdpHeader : TcpHeader;
        int headers = EthernetHeader + ipHeader + transportHeader;
        int length = Math.Max(size, headers);
        int payload = segment.HasData ? length - headers : 0;
        int transportLength = transportHeader + payload;

        frame[headers..length].Clear();
        WriteEthernet(frame, identity.IsIPv6, segment.FromClient);
        Span<byte> ip = frame[EthernetHeader..];
        Span<byte> transport = ip[ipHeader..(ipHeader + transportHeader)];
        ulong sum = identity.IsIPv6
            ? WriteIPv6(ip, identity, segment.FromClient, transportLength)
            : WriteIPv4(ip, identity, segment.FromClient, transportLength, (ushort)flow.Sent);

        if (identity.IsUdp)
        {
            WriteUdp(transport, identity, segment.FromClient, transportLength, sum);
        }
        else
        {
            WriteTcp(transport, identity, ref flow, segment, payload, sum);
        }

        flow.Sent++;
        return length;
    }

    private static void WriteEthernet(Span<byte> frame, bool isIPv6, bool fromClient)
    {
        ulong source = fromClient ? ClientMac : ServerMac;
        ulong destination = fromClient ? ServerMac : ClientMac;
        BinaryPrimitives.WriteUInt64BigEndian(frame, (destination << 16) | (source >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(frame[8..], (uint)source);
        BinaryPrimitives.WriteUInt16BigEndian(frame[12..], isIPv6 ? (ushort)0x86DD : (ushort)0x0800);
    }

    /// <summary>Returns the sum of the pseudo-header, on which the transport's checksum builds.</summary>
    private static ulong WriteIPv4(Span<byte> ip, in SyntheticFlow identity, bool fromClient, int transportLength, ushort identification)
    {
        uint client = ClientNetwork | identity.ClientHost;
        uint server = ServerNetwork | identity.ServerHost;
        uint protocol = identity.IsUdp ? Udp : Tcp;
        uint versionAndLength = 0x4500_0000u | (uint)(IPv4Header + transportLength);
        uint identificationAndFlags = ((uint)identification << 16) | DoNotFragment;
        uint hopsAndProtocol = (HopLimit << 24) | (protocol << 16);
        ulong addresses = (ulong)client + server;
        BinaryPrimitives.WriteUInt32BigEndian(ip, versionAndLength);
        BinaryPrimitives.WriteUInt32BigEndian(ip[4..], identificationAndFlags);
        BinaryPrimitives.WriteUInt32BigEndian(
            ip[8..], hopsAndProtocol | Checksum(addresses + versionAndLength + identificationAndFlags + hopsAndProtocol));
        BinaryPrimitives.WriteUInt32BigEndian(ip[12..], fromClient ? client : server);
        BinaryPrimitives.WriteUInt32BigEndian(ip[16..], fromClient ? server : client);
        return addresses + protocol + (uint)transportLength;
    }

    /// <inheritdoc cref="WriteIPv4"/>
    private static ulong WriteIPv6(Span<byte> ip, in SyntheticFlow identity, bool fromClient, int transportLength)
    {
        ulong client = ClientInterface | identity.ClientHost;
        ulong server = ServerInterface | identity.ServerHost;
        uint protocol = identity.IsUdp ? Udp : Tcp;
        BinaryPrimitives.WriteUInt32BigEndian(ip, 0x6000_0000);
        BinaryPrimitives.WriteUInt32BigEndian(ip[4..], ((uint)transportLength << 16) | (protocol << 8) | HopLimit);
        BinaryPrimitives.WriteUInt64BigEndian(ip[8..], IPv6Prefix);
        BinaryPrimitives.WriteUInt64BigEndian(ip[16..], fromClient ? client : server);
        BinaryPrimitives.WriteUInt64BigEndian(ip[24..], IPv6Prefix);
        BinaryPrimitives.WriteUInt64BigEndian(ip[32..], fromClient ? server : client);
        return (2 * Words(IPv6Prefix)) + Words(client) + Words(server) + protocol + (uint)transportLength;
    }

    private static void WriteUdp(Span<byte> udp, in SyntheticFlow identity, bool fromClient, int transportLength, ulong pseudoHeaderSum)
    {
        uint ports = Ports(identity, fromClient);
        uint length = (uint)transportLength << 16;
        uint checksum = Checksum(pseudoHeaderSum + ports + length);
        BinaryPrimitives.WriteUInt32BigEndian(udp, ports);

        // 0 on the wire would say that there is no checksum.
        BinaryPrimitives.WriteUInt32BigEndian(udp[4..], length | (checksum == 0 ? 0xFFFF : checksum));
    }

    private static void WriteTcp(
        Span<byte> tcp, in SyntheticFlow identity, ref LiveFlow flow, Segment segment, int payload, ulong pseudoHeaderSum)
    {
        uint client = identity.InitialSequence + flow.ClientBytes;
        uint server = ~identity.InitialSequence + flow.ServerBytes;
        bool acknowledges = (segment.TcpFlags & Segment.Ack) != 0;
        uint ports = Ports(identity, segment.FromClient);
        uint sequence = segment.FromClient ? client : server;
        uint acknowledgement = !acknowledges ? 0 : segment.FromClient ? server : client;
        uint flagsAndWindow = HeaderOfFiveWords | ((uint)segment.TcpFlags << 16) | FullWindow;
        uint checksum = Checksum(pseudoHeaderSum + ports + sequence + acknowledgement + flagsAndWindow);
        BinaryPrimitives.WriteUInt32BigEndian(tcp, ports);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[8..], acknowledgement);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[12..], flagsAndWindow);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[16..], checksum << 16);

        // SYN and FIN take a sequence number each, as a byte of payload does.
        uint used = (uint)payload + ((segment.TcpFlags & (Segment.Syn | Segment.Fin)) != 0 ? 1u : 0u);
        if (segment.FromClient)
        {
            flow.ClientBytes += used;
        }
        else
        {
            flow.ServerBytes += used;
        }
    }

    private static uint Ports(in SyntheticFlow identity, bool fromClient) => fromClient
        ? ((uint)identity.ClientPort << 16) | identity.ServerPort
        : ((uint)identity.ServerPort << 16) | identity.ClientPort;

    /// <summary>The two 32-bit words of a 64-bit one, added.</summary>
    private static ulong Words(ulong value) => (value >> 32) + (uint)value;

    /// <summary>
    /// The checksum of RFC 1071 over a sum of 32-bit words, which in one's complement arithmetic folds to the same 16 bits as the sum of
    /// 16-bit words. The zeros of the payload add nothing, so nobody reads it again.
    /// </summary>
    private static uint Checksum(ulong sum)
    {
        // Three steps fold any sum of fewer than 2^16 words; a loop that asks whether it is done would be mispredicted for half of the
        // frames.
        sum = (sum & uint.MaxValue) + (sum >> 32);
        sum = (sum & ushort.MaxValue) + (sum >> 16);
        sum = (sum & ushort.MaxValue) + (sum >> 16);
        return (ushort)~sum;
    }
}
