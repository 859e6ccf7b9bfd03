using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Support;

/// <summary>Two ends, a clock, and ways in which the two may talk. Each way adds frames and moves the clock on.</summary>
internal sealed class TrafficConversation(Random random, TrafficShape shape, long startNs)
{
    private readonly TrafficFraming _framing = new(random, shape);
    private long _nowNs = startNs;

    public required string Client { get; init; }

    public required string Server { get; init; }

    public required int ClientPort { get; init; }

    public required int ServerPort { get; init; }

    public List<Frame> Frames { get; } = [];

    private bool IsIPv6 => Client.Contains(':', StringComparison.Ordinal);

    /// <summary>A whole TCP connection, its trailing acknowledgements around the linger time, and the port used again.</summary>
    public void OpenTalkClose()
    {
        for (int connection = random.Next(1, 4); connection > 0; connection--)
        {
            // Where the capture missed the SYN, the first packet is the answer.
            if (random.Next(4) != 0)
            {
                SendTcp(true, Syn);
            }
            SendTcp(false, Syn | Ack, ShortGap());
            SendTcp(true, Ack, ShortGap());
            for (int i = random.Next(12); i > 0; i--)
            {
                SendTcp(random.Next(2) == 0, Ack | Psh, ShortGap(), random.Next(1400));
            }
            SendTcp(true, Fin | Ack, ShortGap());
            SendTcp(false, Fin | Ack, ShortGap());
            SendTcp(true, Ack, ShortGap());
            for (int i = random.Next(3); i > 0; i--)
            {
                SendTcp(true, Ack, AroundEdge(shape.LingerNs));
            }
            _nowNs += random.Next(2) == 0 ? ShortGap() : AroundEdge(shape.LingerNs);
        }
    }

    /// <summary>A reset, repeated; then a new connection on the same ports.</summary>
    public void Reset()
    {
        SendTcp(true, Syn);
        SendTcp(false, random.Next(2) == 0 ? (byte)(Rst | Ack) : Rst, ShortGap());
        for (int i = random.Next(4); i > 0; i--)
        {
            SendTcp(random.Next(2) == 0, Rst, random.Next(2) == 0 ? 0 : AroundEdge(shape.LingerNs));
        }
        SendTcp(true, Syn, ShortGap());
        SendTcp(false, Syn | Ack, ShortGap());
    }

    /// <summary>Flags and gaps with no plan at all, but gaps that like the edges.</summary>
    public void AnyFlagsAtAnyEdge()
    {
        byte[] flags = [Syn, Syn | Ack, Ack, Ack, Ack, Fin | Ack, Fin, Rst, 0, Ack | Psh | Urg];
        for (int i = random.Next(5, 40); i > 0; i--)
        {
            SendTcp(random.Next(2) == 0, flags[random.Next(flags.Length)], AnyGap(), random.Next(3) == 0 ? random.Next(1400) : 0);
        }
    }

    /// <summary>Never idle, until the flow is as old as the active timeout to the nanosecond, or one more or less.</summary>
    public void TouchActiveTimeout()
    {
        long began = _nowNs;
        SendTcp(random.Next(2) == 0, random.Next(2) == 0 ? (byte)(Syn | Ack) : Ack);
        while (_nowNs - began < shape.ActiveTimeoutNs - shape.IdleTimeoutNs)
        {
            SendTcp(random.Next(2) == 0, Ack, random.NextInt64(shape.IdleTimeoutNs / 2, shape.IdleTimeoutNs), random.Next(1400));
        }
        SendTcp(random.Next(2) == 0, Ack, AroundEdge(began + shape.ActiveTimeoutNs - _nowNs));
        for (int i = random.Next(4); i > 0; i--)
        {
            SendTcp(random.Next(2) == 0, Ack, random.Next(3));
        }
    }

    public void Exchange()
    {
        for (int i = random.Next(2, 60); i > 0; i--)
        {
            SendUdp(random.Next(2) == 0, AnyGap());
        }
    }

    public void OnePacket() => SendUdp(true, 0);

    public void AllAtOnce()
    {
        for (int i = random.Next(2, 20); i > 0; i--)
        {
            SendUdp(random.Next(2) == 0, 0);
        }
    }

    /// <summary>Fragments in and out of order, some with no first one, some around the 30 s for which first ones are kept.</summary>
    public void Fragments()
    {
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            // Few ids, so that they are used again.
            uint id = (uint)random.Next(3);
            bool fromClient = random.Next(2) == 0;
            bool reversed = random.Next(4) == 0;
            bool firstIsLost = random.Next(5) == 0;
            byte[] datagram = Udp(
                fromClient ? ClientPort : ServerPort, fromClient ? ServerPort : ClientPort, Payload(random.Next(40, 3000)));
            int cut = (datagram.Length / 2 / 8 * 8) + 8;
            byte[] first = FragmentOf(fromClient, id, 0, true, datagram[..cut]);
            byte[] later = FragmentOf(fromClient, id, cut, false, datagram[cut..]);
            long gap = random.Next(3) == 0 ? AroundEdge(30_000_000_000) : ShortGap();
            if (!reversed && !firstIsLost)
            {
                Send(first, ShortGap());
            }
            Send(later, gap);
            if (reversed && !firstIsLost)
            {
                Send(first, gap);
            }
        }
    }

    /// <summary>Protocols with ports and without, and IPv6 headers before them.</summary>
    public void AnyProtocol()
    {
        (byte Protocol, Func<int, int, byte[]> Build)[] kinds =
        [
            (SctpProtocol, (from, to) => Sctp(from, to, Payload(20))),
            (UdpLiteProtocol, (from, to) => UdpLite(from, to, Payload(20))),
            (DccpProtocol, (from, to) => Dccp(from, to, Payload(20))),
            (IsIPv6 ? IcmpV6Protocol : IcmpProtocol, (_, _) => Icmp(8, Payload(20))),
            (GreProtocol, (from, to) => Gre(EtherIPv4, IPv4("10.9.9.1", "10.9.9.2", UdpProtocol, Udp(from, to)))),
            (NoNextHeader, (_, _) => Payload(4)),
        ];
        (byte protocol, Func<int, int, byte[]> build) = kinds[random.Next(kinds.Length)];
        for (int i = random.Next(1, 20); i > 0; i--)
        {
            bool fromClient = random.Next(2) == 0;
            byte[] transport = build(fromClient ? ClientPort : ServerPort, fromClient ? ServerPort : ClientPort);
            Send(IP(fromClient, protocol, transport), AnyGap());
        }
    }

    /// <summary>Frames that no flow takes, and some that only look so.</summary>
    public void Noise()
    {
        for (int i = random.Next(1, 12); i > 0; i--)
        {
            _nowNs += ShortGap();
            Frames.Add(_framing.Noise(_nowNs));
        }
    }

    private void SendTcp(bool fromClient, byte flags, long gap = 0, int payload = 0)
    {
        byte[] segment = fromClient
            ? Tcp(ClientPort, ServerPort, flags, Payload(payload))
            : Tcp(ServerPort, ClientPort, flags, Payload(payload));
        Send(IP(fromClient, TcpProtocol, segment), gap);
    }

    private void SendUdp(bool fromClient, long gap)
    {
        byte[] payload = Payload(random.Next(600));
        byte[] datagram = fromClient ? Udp(ClientPort, ServerPort, payload) : Udp(ServerPort, ClientPort, payload);
        Send(IP(fromClient, UdpProtocol, datagram), gap);
    }

    private void Send(byte[] packet, long gap)
    {
        _nowNs += gap;
        Frames.Add(_framing.Frame(_nowNs, packet));
    }

    private byte[] IP(bool fromClient, byte protocol, byte[] payload)
    {
        (string source, string destination) = fromClient ? (Client, Server) : (Server, Client);
        if (!IsIPv6)
        {
            return IPv4(source, destination, protocol, payload, optionBytes: random.Next(8) == 0 ? 4 * random.Next(11) : 0);
        }
        for (int i = random.Next(4) == 0 ? random.Next(10) : 0; i > 0; i--)
        {
            (protocol, payload) = random.Next(3) switch
            {
                0 => (AuthenticationHeader, Authentication(protocol, payload)),
                // An atomic fragment.
                1 => (FragmentHeader, Fragment(protocol, (uint)random.Next(3), 0, false, payload)),
                _ => (DestinationOptions, Extension(protocol, payload, 8 * random.Next(1, 4))),
            };
        }
        return IPv6(source, destination, protocol, payload);
    }

    private byte[] FragmentOf(bool fromClient, uint id, int offset, bool more, byte[] part)
    {
        (string source, string destination) = fromClient ? (Client, Server) : (Server, Client);
        return IsIPv6
            ? IPv6(source, destination, FragmentHeader, Fragment(UdpProtocol, id, offset, more, part))
            : IPv4(source, destination, UdpProtocol, part, id: (int)id, fragmentOffset: offset, moreFragments: more);
    }

    /// <summary>Ties, neighbours, and anything up to half a second.</summary>
    private long ShortGap() => random.Next(4) switch
    {
        0 => 0,
        1 => 1,
        _ => random.NextInt64(500_000_000),
    };

    private long AnyGap() => random.Next(12) switch
    {
        0 => AroundEdge(shape.LingerNs),
        1 => AroundEdge(shape.IdleTimeoutNs),
        2 => random.NextInt64(shape.IdleTimeoutNs),
        _ => ShortGap(),
    };

    private long AroundEdge(long edge) => Math.Max(0, edge + random.Next(-1, 2));
}
