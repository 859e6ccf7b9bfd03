using System.Text.Json;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>
/// Workers share an interface: whatever the packets are wrapped in, each flow is whole in one of them. A file, read by one worker, says
/// what the flows are.
/// </summary>
[Trait("Category", "EndToEnd")]
public sealed class CaptureSharingTests : IDisposable
{
    private const byte Esp = 50;
    private const int Hosts = 60;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryTheory(Need.Network)]
    [InlineData("2")]
    [InlineData("4")]
    public void Fragments_encryption_extension_headers_and_tags_leave_flows_whole(string workers)
    {
        byte[][] frames = [.. Enumerable.Range(0, 3).SelectMany(_ => Enumerable.Range(0, Hosts).SelectMany(Conversation))];
        Summary summary = AssertSameAsFile(frames, "--workers", workers);
        Assert.All(
            summary["capture"].GetProperty("workers").EnumerateArray(),
            worker => Assert.True(worker.GetProperty("frames").GetInt64() > 0, "every worker had some"));
    }

    [BinaryFact(Need.Network)]
    public void Flows_inside_tunnels_are_whole_among_workers_on_one_handle()
    {
        byte[][] frames =
        [
            .. Enumerable.Range(0, 3).SelectMany(_ => Enumerable.Range(0, Hosts)).SelectMany(host => new[]
            {
                Between(host, false, (from, to) => PacketBuilder.IPv4(
                    "198.51.100.1", "198.51.100.2", PacketBuilder.GreProtocol,
                    PacketBuilder.Gre(PacketBuilder.EtherIPv4, Datagram(from, to, 10)))),
                Between(host, true, (from, to) => PacketBuilder.IPv4(
                    "198.51.100.2", $"198.51.100.{3 + (host % 5)}", PacketBuilder.UdpProtocol, PacketBuilder.Udp(
                        5000, PacketBuilder.VxlanPort, PacketBuilder.Vxlan(7, PacketBuilder.EthernetIP(Datagram(from, to, 20)))))),
            }),
        ];
        AssertSameAsFile(frames, "--decapsulate", "--workers", "2");
    }

    private static IEnumerable<byte[]> Conversation(int host) => new[] { false, true }.SelectMany(isAnswer => new[]
    {
        Between(host, isAnswer, (from, to) => Datagram(from, to, 100)),
        Between(host, isAnswer, (from, to) => PacketBuilder.IPv4(
            from, to, PacketBuilder.UdpProtocol, PacketBuilder.Udp(7000, 7000, new byte[400]), id: host, moreFragments: true)),
        Between(host, isAnswer, (from, to) =>
            PacketBuilder.IPv4(from, to, PacketBuilder.UdpProtocol, new byte[300], id: host, fragmentOffset: 408)),
        Between(host, isAnswer, (from, to) =>
            PacketBuilder.IPv4(from, to, Esp, [(byte)host, isAnswer ? (byte)1 : (byte)2, 3, 4, .. new byte[60]])),
        Between(host, isAnswer, (from, to) => PacketBuilder.IPv6(
            Six(from), Six(to), PacketBuilder.DestinationOptions,
            PacketBuilder.Extension(PacketBuilder.UdpProtocol, PacketBuilder.Udp(53, 53)))),
        Between(host, isAnswer, (from, to) => PacketBuilder.IPv6(Six(from), Six(to), PacketBuilder.FragmentHeader, PacketBuilder.Fragment(
            PacketBuilder.UdpProtocol, (uint)host, 0, true, PacketBuilder.Udp(9000, 9000, new byte[120])))),
        Between(host, isAnswer, (from, to) => PacketBuilder.IPv6(Six(from), Six(to), PacketBuilder.FragmentHeader, PacketBuilder.Fragment(
            PacketBuilder.UdpProtocol, (uint)host, 128, false, new byte[40]))),
        Framed(
            host, isAnswer,
            packet => PacketBuilder.Ethernet(PacketBuilder.EtherVlan, PacketBuilder.Vlan(5, PacketBuilder.EtherIPv4, packet)), 6000),
        Framed(host, isAnswer, packet => PacketBuilder.QinQ(5, 6, packet), 6001),
        Framed(
            host, isAnswer, packet => PacketBuilder.Ethernet(PacketBuilder.EtherPppoeSession, PacketBuilder.PppoeSession(0x21, packet)),
            6002),
    });

    private static byte[] Framed(int host, bool isAnswer, Func<byte[], byte[]> frame, int port)
    {
        (string from, string to) = Ends(host, isAnswer);
        return frame(PacketBuilder.IPv4(from, to, PacketBuilder.UdpProtocol, PacketBuilder.Udp(port, port)));
    }

    private static byte[] Between(int host, bool isAnswer, Func<string, string, byte[]> packet)
    {
        (string from, string to) = Ends(host, isAnswer);
        return PacketBuilder.EthernetIP(packet(from, to));
    }

    private static (string From, string To) Ends(int host, bool isAnswer)
    {
        (string one, string other) = ($"10.1.{host % 7}.{host + 1}", $"192.0.2.{(host * 11 % 200) + 1}");
        return isAnswer ? (other, one) : (one, other);
    }

    private static byte[] Datagram(string from, string to, int payload) =>
        PacketBuilder.IPv4(from, to, PacketBuilder.UdpProtocol, PacketBuilder.Udp(4000, 4000, new byte[payload]));

    private static string Six(string four) => $"2001:db8::{four.Replace('.', ':')}";

    private Summary AssertSameAsFile(byte[][] frames, params string[] options)
    {
        string file = _folder.WriteCapture(
            "sent.pcap", [.. frames.Select((frame, i) => Frame.Whole(PacketBuilder.LinkEthernet, i * 1000L, frame))]);
        using VethPair wire = new();
        Launched process = wire.CaptureInto(_folder["flows.csv"], ["-q", "--summary", _folder["s.json"], .. options]);
        wire.Send(frames);
        process.Signal("TERM");
        Assert.Empty(process.AwaitEnd().Succeeded().Errors);
        string[] expected = Wire.Compared(
            FlowMeterBinary.Run(["read", file, "-q", "--workers", "1", .. options.Where(option => option == "--decapsulate")]).Table());
        Assert.Equal(expected, Wire.Compared(CsvTable.ReadFile(_folder["flows.csv"])));
        Assert.True(expected.Length >= Hosts);
        Summary summary = Summary.Read(_folder["s.json"]);
        JsonElement capture = summary["capture"];
        Assert.Equal(frames.Length, summary.Frames + capture.GetProperty("kernel_drops").GetInt64());
        Assert.Equal(0, summary.Sum("skipped"));
        return summary;
    }
}
