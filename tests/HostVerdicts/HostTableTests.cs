using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.HostVerdicts;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Output;
using FlowMeter.Tests.Support;
using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.HostVerdicts;

public sealed class HostTableTests
{
    private const long Second = 1_000_000_000;

    [Theory]
    [InlineData("flowmeter", 1)]
    [InlineData("flowmeter", 3)]
    [InlineData("extended", 1)]
    [InlineData("full", 3)]
    [InlineData("cic", 2)]
    public void A_scan_is_named_whatever_the_profile_and_the_workers(string profile, int workers)
    {
        string[] rows = Rows(profile, workers, [.. Scan("203.0.113.9", "192.0.2.1", 30), .. Talks()]);
        Assert.Equal(HostTable.Header, rows[0]);
        Assert.Equal(3, rows.Length);
        Assert.Equal("1970-01-01T00:00:00.000000000Z,192.0.2.50,2,4,1,1,0,0,0,0,0,undecided,", rows[1]);
        Assert.Equal(
            "1970-01-01T00:00:00.000000000Z,203.0.113.9,30,60,1,30,30,1,0,0,0,malicious,port_scan 192.0.2.1 (30 flows)", rows[2]);
    }

    [Fact]
    public void A_scan_over_IPv6_is_named_as_well()
    {
        string[] rows = Rows("flowmeter", 1, [.. Enumerable.Range(1, 25).Select(port => Frame.Whole(
            LinkRaw, port * Second, IPv6("2001:db8::9", "2001:db8::1", TcpProtocol, Tcp(40_000, port, Syn))))]);
        Assert.EndsWith("malicious,port_scan 2001:db8::1 (25 flows)", Assert.Single(rows.Skip(1)), StringComparison.Ordinal);
    }

    [Fact]
    public void Flows_that_are_too_short_for_a_row_count_too()
    {
        string[] rows = Rows("flowmeter", 1, Scan("203.0.113.9", "192.0.2.1", 30), minPackets: 15);
        Assert.Contains("port_scan 192.0.2.1 (30 flows)", Assert.Single(rows.Skip(1)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_rules_find_is_counted_and_so_are_rows_that_an_output_refuses()
    {
        using RefusingOutput output = new();
        HostTable hosts = new(output, null, idleTimeout: Second);

        // The first interval is written, in vain, while flows go on; the last one at the end.
        Meter("full", hosts, 1, [.. Scan("203.0.113.9", "192.0.2.1", 30), .. Talks(), .. Scan("203.0.113.9", "192.0.2.1", 2, 3000)], 1);
        Assert.Throws<OutputException>(hosts.WriteAll);
        Assert.Equal((3, 1, 3), (hosts.Rows, hosts.Malicious, hosts.LostRows));
        Assert.Equal((1, 0), (hosts.FindingsOf("port_scan"), hosts.FindingsOf("sweep")));
    }

    [Fact]
    public void Rows_come_out_as_time_passes_though_no_flow_ends()
    {
        using RefusingOutput output = new();
        HostTable hosts = new(output, null, idleTimeout: 30 * Second);
        Meter("flowmeter", hosts, 1, Scan("203.0.113.9", "192.0.2.1", 2, 599), 1);

        // Ten minutes, the idle timeout, and the minute by which a flow may be late.
        hosts.PassTime(690 * Second);
        Assert.Equal(0, hosts.Rows);
        hosts.PassTime((690 * Second) + 1);
        Assert.Equal(1, hosts.Rows);
    }

    [Fact]
    public void A_row_is_for_ten_minutes()
    {
        string[] rows = Rows("flowmeter", 1, [.. Scan("203.0.113.9", "192.0.2.1", 2, 599), .. Scan("203.0.113.9", "192.0.2.1", 2, 1201)]);
        Assert.Equal(
            ["1970-01-01T00:00:00.000000000Z,2", "1970-01-01T00:20:00.000000000Z,2"],
            rows.Skip(1).Select(row => row.Split(',')).Select(fields => $"{fields[0]},{fields[2]}"));
    }

    [Theory]
    [InlineData("full", 22, 1)]
    [InlineData("full", 902, 1)]
    [InlineData("flowmeter", 22, 1)]
    [InlineData("flowmeter", 902, 0)]
    public void Guesses_are_known_by_the_port_and_in_profile_full_by_the_payload(string profile, int port, int found)
    {
        string[] rows = Rows(profile, 2, [.. Enumerable.Range(1, 12).SelectMany(session => Guess(session, port))]);
        Assert.Equal(
            found == 0 ? "undecided," : $"malicious,brute_force 192.0.2.1 tcp/{port} (12 flows)",
            string.Join(',', Assert.Single(rows.Skip(1)).Split(',')[^2..]));
    }

    /// <summary>A session that is answered with an identification of SSH and closed by a RST after its eighth packet.</summary>
    private static IEnumerable<Frame> Guess(int session, int port)
    {
        byte[] ForwardPacket(byte flags, byte[]? payload = null) =>
            IPv4("203.0.113.9", "192.0.2.1", TcpProtocol, Tcp(40_000 + session, port, flags, payload));
        byte[] BackwardPacket(byte flags, byte[]? payload = null) =>
            IPv4("192.0.2.1", "203.0.113.9", TcpProtocol, Tcp(port, 40_000 + session, flags, payload));
        byte[][] packets =
        [
            ForwardPacket(Syn), BackwardPacket(Syn | Ack), ForwardPacket(Ack), BackwardPacket(Ack, [.. "SSH-2.0-server\r\n"u8]),
            ForwardPacket(Ack, Payload(9)), BackwardPacket(Ack, Payload(9)), ForwardPacket(Ack, Payload(9)), ForwardPacket(Rst | Ack),
        ];
        return packets.Select((packet, i) => Frame.Whole(LinkRaw, (session * Second) + i, packet));
    }

    /// <summary>Half-open: a SYN, answered by a RST.</summary>
    private static List<Frame> Scan(string source, string destination, int ports, int second = 1) =>
    [
        .. Enumerable.Range(1, ports).SelectMany(port => new[]
        {
            Frame.Whole(LinkRaw, (second * Second) + port, IPv4(source, destination, TcpProtocol, Tcp(40_000, port, Syn))),
            Frame.Whole(
                LinkRaw, (second * Second) + port + 500, IPv4(destination, source, TcpProtocol, Tcp(port, 40_000, Rst | Ack))),
        }),
    ];

    /// <summary>Two flows that are answered.</summary>
    private static IEnumerable<Frame> Talks() => Enumerable.Range(1, 2).SelectMany(port => new[]
    {
        Frame.Whole(LinkRaw, port * Second, IPv4("192.0.2.50", "192.0.2.1", UdpProtocol, Udp(5000 + port, 53, Payload(4)))),
        Frame.Whole(LinkRaw, (port * Second) + 1, IPv4("192.0.2.1", "192.0.2.50", UdpProtocol, Udp(53, 5000 + port, Payload(4)))),
    });

    private static string[] Rows(string profile, int workers, List<Frame> frames, long minPackets = 1)
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.csv");
        using (OutputFile output = OutputFile.Open(path))
        {
            HostTable hosts = new(output, null, idleTimeout: null);
            Meter(profile, hosts, workers, frames, minPackets);
            hosts.WriteAll();
            output.Complete();
        }

        string[] rows = File.ReadAllLines(path);
        File.Delete(path);
        return rows;
    }

    private static void Meter(string profile, HostTable hosts, int workers, List<Frame> frames, long minPackets)
    {
        Profile found = Profile.Find(profile)!;
        MeteringOptions options = new()
        {
            Flow = new FlowOptions { Rules = found.Rules, MinPackets = minPackets, MaxFlows = 10_000 },
            Workers = workers,
        };
        using IPacketSource source = Savefile.Open(
            "capture", new MemoryStream(CaptureWriter.Pcap([.. frames.OrderBy(frame => frame.TimestampNs)])), _ => { });
        using MeteringProcess process = new(found, options, null, (RowOutput?)null, hosts);
        process.Run(source, CancellationToken.None);
    }
}
