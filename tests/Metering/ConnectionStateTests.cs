using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;
using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Metering;

/// <summary>The state of connections: what each handshake is called, the reference on random traffic, and Zeek's own conn.logs.</summary>
public sealed class ConnectionStateTests
{
    private const long Second = 1_000_000_000;

    public static TheoryData<string> Profiles => [.. Profile.All.Select(profile => profile.Name)];

    /// <summary>Letters as in Zeek's history, upper case for the originator: S SYN, H SYN+ACK, A ACK, D data, F FIN, R RST.</summary>
    [Theory]
    [InlineData("S", "S0")]
    [InlineData("SS", "S0")]
    [InlineData("SD", "S0")]
    [InlineData("Sa", "S0")]
    [InlineData("Sr", "REJ")]
    [InlineData("SrR", "REJ")]
    [InlineData("ShA", "S1")]
    [InlineData("ShADad", "S1")]
    [InlineData("ShADadF", "S2")]
    [InlineData("ShADadf", "S3")]
    [InlineData("ShADadFf", "SF")]
    [InlineData("ShADadFafA", "SF")]
    [InlineData("ShADadFfR", "SF")]
    [InlineData("ShADadR", "RSTO")]
    [InlineData("ShADadr", "RSTR")]
    [InlineData("ShAFRf", "SF")]
    [InlineData("ShAFR", "RSTO")]
    [InlineData("SR", "RSTOS0")]
    [InlineData("SDR", "RSTOS0")]
    [InlineData("SAR", "OTH")]
    [InlineData("R", "OTH")]
    [InlineData("SF", "SH")]
    [InlineData("hr", "RSTRH")]
    [InlineData("hf", "SHR")]
    [InlineData("hA", "S1")]
    [InlineData("h", "OTH")]
    [InlineData("D", "OTH")]
    [InlineData("Dd", "OTH")]
    [InlineData("AS", "S0")]
    [InlineData("Ss", "S1")]
    public void A_handshake_has_the_name_that_Zeek_gives_it(string packets, string expected)
    {
        List<Frame> frames = [.. packets.Select(FrameOf)];

        EngineResult result = new EngineMeter { HasConnectionState = true }.Run(CaptureWriter.Pcap(frames));

        string[] row = Assert.Single(result.Table.Rows);
        Assert.Equal(expected, row[result.Table.Column("connection_state")]);
        Assert.Contains(expected, ConnectionStateText.Names);
    }

    [Theory]
    [InlineData("10.0.0.0/8")]
    [InlineData("192.0.2.0/24")]
    public void A_local_net_changes_no_state(string net)
    {
        List<Frame> frames = [.. "ShADadF".Select(FrameOf)];

        EngineResult result = new EngineMeter { HasConnectionState = true, LocalNets = [net] }.Run(CaptureWriter.Pcap(frames));

        Assert.Equal("S2", Assert.Single(result.Table.Rows)[result.Table.Column("connection_state")]);
    }

    [Fact]
    public void Other_protocols_are_answered_or_not()
    {
        byte[] ask = IPv4("10.0.0.1", "192.0.2.1", UdpProtocol, Udp(5, 53, Payload(20)));
        byte[] answer = IPv4("192.0.2.1", "10.0.0.1", UdpProtocol, Udp(53, 5, Payload(20)));
        byte[] alone = IPv4("10.0.0.1", "192.0.2.9", UdpProtocol, Udp(5, 53, Payload(20)));
        List<Frame> frames = [.. new[] { ask, answer, alone }.Select((packet, i) => Frame.Whole(LinkRaw, i * Second, packet))];

        EngineResult result = new EngineMeter { HasConnectionState = true }.Run(CaptureWriter.Pcap(frames));

        int state = result.Table.Column("connection_state");
        Assert.Equal(["S0", "SF"], result.Table.Rows.Select(row => row[state]).Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void States_are_the_references_and_nothing_else_changes(string profile)
    {
        for (int seed = 0; seed < 12; seed++)
        {
            byte[] capture = CaptureWriter.Pcap(Traffic.Random(seed, new TrafficShape { MaxDisorderNs = 9 * Second, Conversations = 60 }));
            CsvTable plain = new EngineMeter { Profile = profile, MinPackets = 1 }.Run(capture).Table;
            CsvTable table = new EngineMeter
            {
                Profile = profile, MinPackets = 1, HasConnectionState = true, Workers = 1 + (seed % 3),
            }.Run(capture).Table;

            int state = table.Column("connection_state");
            Assert.Equal(table.Header.Length - 1, state);
            Assert.Equal(plain.Header, profile == "full" ? table.Header : table.Header[..^1]);
            Assert.Equal(
                plain.Rows.Select(row => string.Join(',', row[..state])).Order(StringComparer.Ordinal),
                table.Rows.Select(row => string.Join(',', row[..state])).Order(StringComparer.Ordinal));
            Assert.All(table.Rows, row => Assert.Contains(row[state], ConnectionStateText.Names));
        }
    }

    [Fact]
    public void Random_connections_have_the_states_of_the_reference()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            List<Frame> frames = RandomConnections(seed);
            CsvTable table = new EngineMeter { HasConnectionState = true, Workers = 1 + (seed % 2) }.Run(CaptureWriter.Pcap(frames)).Table;
            int state = table.Column("connection_state");
            int port = table.Column("src_port");
            int start = table.Column("start_time");

            IEnumerable<string> expected = ReferenceMeter.Run(frames).Flows.Select(
                flow => $"{ReferenceRecord.TimeText(flow.FirstNs)} {flow.Source.Port} {ReferenceConnection.Of(flow)}");

            Assert.Equal(
                expected.Order(StringComparer.Ordinal),
                table.Rows.Select(row => $"{row[start]} {row[port]} {row[state]}").Order(StringComparer.Ordinal));
        }
    }

    private static Frame FrameOf(char letter, int index) => FrameOf(letter, index, port: 4000);

    private static Frame FrameOf(char letter, long time, int port)
    {
        byte flags = char.ToUpperInvariant(letter) switch
        {
            'S' => Syn,
            'H' => Syn | Ack,
            'F' => Fin | Ack,
            'R' => Rst,
            'D' => Ack | Psh,
            _ => Ack,
        };
        byte[] payload = Payload(letter is 'D' or 'd' ? 10 : 0);
        byte[] packet = char.IsUpper(letter)
            ? IPv4("10.0.0.1", "192.0.2.1", TcpProtocol, Tcp(port, 80, flags, payload))
            : IPv4("192.0.2.1", "10.0.0.1", TcpProtocol, Tcp(80, port, flags, payload));
        return Frame.Whole(LinkRaw, time, packet);
    }

    /// <summary>A thousand packets of forty connections, with any flags in any order.</summary>
    private static List<Frame> RandomConnections(int seed)
    {
        Random random = new(seed);
        List<Frame> frames = [];
        for (int i = 0; i < 1000; i++)
        {
            int port = 1000 + random.Next(40);
            byte flags = random.Next(4) == 0
                ? (byte)random.Next(64)
                : new byte[] { Syn, Syn | Ack, Ack, Ack | Psh, Fin | Ack, Rst, Rst | Ack }[random.Next(7)];
            byte[] payload = Payload(random.Next(3) == 0 ? random.Next(1, 50) : 0);
            byte[] packet = random.Next(2) == 0
                ? IPv4("10.0.0.1", "192.0.2.1", TcpProtocol, Tcp(port, 80, flags, payload))
                : IPv4("192.0.2.1", "10.0.0.1", TcpProtocol, Tcp(80, port, flags, payload));
            frames.Add(Frame.Whole(LinkRaw, i * (Second / 10), packet));
        }

        return frames;
    }
}
