using System.Text.Json;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>Live capture on an interface of the test's own: what is sent is known to the packet.</summary>
[Trait("Category", "EndToEnd")]
public sealed class CaptureTests : IDisposable
{
    private const int Clients = 401;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryTheory(Need.Network)]
    [InlineData("1", 1_000_000)]
    [InlineData("2", 100_000)]
    [InlineData("4", 100_000)]
    public void Every_packet_sent_is_metered_skipped_or_counted_as_dropped_and_each_flow_is_whole_in_one_worker(string workers, int packets)
    {
        using VethPair wire = new();
        Launched process = wire.CaptureInto(_folder["flows.csv"], "-q", "--summary", _folder["s.json"], "--workers", workers);
        wire.Send(Conversations(packets));
        process.Signal("TERM");
        Assert.Empty(process.AwaitEnd().Succeeded().Errors);
        Summary summary = Summary.Read(_folder["s.json"]);
        JsonElement capture = summary["capture"];
        Assert.Equal(packets, summary.Frames + capture.GetProperty("kernel_drops").GetInt64());
        Assert.Equal(0, capture.GetProperty("kernel_drops").GetInt64());
        Assert.Equal(packets / 100, summary["skipped"].GetProperty("non_ip").GetInt64());
        JsonElement[] each = [.. capture.GetProperty("workers").EnumerateArray()];
        Assert.Equal(int.Parse(workers, System.Globalization.CultureInfo.InvariantCulture), each.Length);
        Assert.All(each, worker => Assert.True(worker.GetProperty("frames").GetInt64() > 0, "every worker had some"));
        Assert.Equal(summary.Frames, each.Sum(worker => worker.GetProperty("frames").GetInt64()));

        // A flow in two workers would be two rows.
        CsvTable table = CsvTable.ReadFile(_folder["flows.csv"]);
        Assert.Equal(Hosts(packets), table.Rows.Count);
        Assert.Equal(packets - (packets / 100), table.Sum("packets"));
        Assert.All(table.Rows, row => Assert.NotEqual("0", row[table.Column("bwd_packets")]));
    }

    [BinaryFact(Need.Network)]
    public void What_a_full_ring_drops_is_counted_to_the_packet()
    {
        using VethPair wire = new();
        Launched process = wire.CaptureInto(_folder["flows.csv"], "-q", "--summary", _folder["s.json"], "--buffer", "1");
        process.Signal("STOP");
        wire.Send(Conversations(50_000));
        process.Signal("CONT");
        process.Signal("TERM");
        string said = process.AwaitEnd().Succeeded().OnlyLine();
        Assert.Contains("the kernel dropped", said, StringComparison.Ordinal);
        Summary summary = Summary.Read(_folder["s.json"]);
        long dropped = summary["capture"].GetProperty("kernel_drops").GetInt64();
        Assert.InRange(dropped, 1, 49_999);
        Assert.Equal(50_000, summary.Frames + dropped);
    }

    [BinaryTheory(Need.Network)]
    [InlineData("1")]
    [InlineData("3")]
    public void A_wire_gives_the_same_flows_as_a_file(string workers)
    {
        byte[] sample = File.ReadAllBytes(Samples.Office);
        byte[][] frames =
            [.. ReferenceReader.Read(sample).Frames.Select(frame => frame.Captured).Where(data => data.Length is > 14 and <= 1514)];
        string file = _folder.WriteCapture(
            "sent.pcap", [.. frames.Select((frame, i) => Frame.Whole(PacketBuilder.LinkEthernet, i * 1000L, frame))]);
        using VethPair wire = new();
        Launched process = wire.CaptureInto(_folder["flows.csv"], "-q", "--model", "none", "--workers", workers);
        wire.Send(frames);
        process.Signal("TERM");
        process.AwaitEnd().Succeeded();
        Assert.Equal(
            Wire.Compared(FlowMeterBinary.Run("read", file, "-q", "--model", "none").Table()),
            Wire.Compared(CsvTable.ReadFile(_folder["flows.csv"])));
    }

    /// <summary>Payloads are looked at after the ring has gone on, and the hosts are told when the capture ends.</summary>
    [BinaryTheory(Need.Network)]
    [InlineData("1")]
    [InlineData("3")]
    public void A_wire_gives_profile_full_the_payloads_of_a_file_and_names_the_scan(string workers)
    {
        byte[][] frames = [.. ReferenceReader.Read(File.ReadAllBytes(Samples.Office)).Frames.Select(frame => frame.Captured).Where(
            data => data.Length is > 14 and <= 1514)];
        string file = _folder.WriteCapture(
            "sent.pcap", [.. frames.Select((frame, i) => Frame.Whole(PacketBuilder.LinkEthernet, i * 1000L, frame))]);
        using VethPair wire = new();
        Launched process = wire.CaptureInto(
            _folder["flows.csv"], "-q", "--profile", "full", "--hosts", _folder["hosts.csv"], "--workers", workers);
        wire.Send(frames);
        process.Signal("TERM");
        process.AwaitEnd().Succeeded();
        string[] Payloads(CsvTable table) => [.. table.Rows.Select(row => string.Join(',', table.Header.Zip(row).Where(
            field => field.First is "src_ip" or "src_port" or "dst_ip" or "dst_port"
                || field.First.Contains("st_payload_", StringComparison.Ordinal)
                || field.First.Contains("xt_payload_", StringComparison.Ordinal)
                || field.First.StartsWith("data_size_", StringComparison.Ordinal))
            .Select(field => field.Second))).Order(StringComparer.Ordinal)];
        string[] expected = Payloads(FlowMeterBinary.Run("read", file, "-q", "--profile", "full").Table());
        Assert.Contains(expected, row => row.Contains(",7,", StringComparison.Ordinal));
        Assert.Equal(expected, Payloads(CsvTable.ReadFile(_folder["flows.csv"])));
        Assert.Contains(
            "203.0.113.66,415,1184,2,200,400,", Assert.Single(File.ReadLines(_folder["hosts.csv"]), row => row.Contains(
                "malicious,port_scan 198.51.100.22 (200 flows)", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [BinaryFact(Need.Network)]
    public void On_a_silent_wire_idle_flows_are_written_while_the_capture_goes_on()
    {
        using VethPair wire = new();
        Launched process = wire.CaptureInto(_folder["flows.csv"], "-q", "--idle-timeout", "1");
        wire.Send(Conversations(100));
        process.Await(() => _folder.Peek("flows.csv.partial").Count(c => c == '\n') == 1 + Hosts(100), "all idle flows were written");
        process.Signal("USR1");
        process.Signal("INT");
        process.AwaitEnd().EndedWith(130);
        Assert.All(CsvTable.ReadFile(_folder["flows.csv"]).Texts("end_reason"), reason => Assert.Equal("idle", reason));
    }

    [BinaryTheory(Need.Network)]
    [InlineData("1")]
    [InlineData("2")]
    public void It_stops_by_itself_after_exactly_as_many_packets_as_asked(string workers)
    {
        using VethPair wire = new();
        Launched process = wire.CaptureInto(
            _folder["flows.csv"], "-q", "--count", "777", "--workers", workers, "--summary", _folder["s.json"]);
        wire.Send(Conversations(3000));
        process.AwaitEnd().Succeeded();
        Assert.Equal(777, Summary.Read(_folder["s.json"]).Frames);
    }

    [BinaryFact(Need.Network)]
    public void It_stops_by_itself_after_a_while()
    {
        using VethPair wire = new();
        Assert.Contains(
            "no frame came", wire.Capture("-o", _folder["flows.csv"], "--duration", "0.2").AwaitEnd().Succeeded().Errors,
            StringComparison.Ordinal);
    }

    [BinaryTheory(Need.Network)]
    [InlineData("1")]
    [InlineData("2")]
    public void An_interface_that_goes_down_and_comes_back_goes_on_with_the_same_flows(string workers)
    {
        using VethPair wire = new();
        Launched process = wire.CaptureInto(_folder["flows.csv"], "--workers", workers, "--summary", _folder["s.json"]);
        wire.Send(Conversations(1000));
        wire.Set("down");
        Thread.Sleep(1500);
        wire.Set("up");
        Thread.Sleep(1500);
        wire.Send(Conversations(1000));
        process.Signal("TERM");
        string said = process.AwaitEnd().Succeeded().Errors;
        Assert.Contains("far0: the interface is down", said, StringComparison.Ordinal);
        Assert.Contains("far0: is up again", said, StringComparison.Ordinal);
        Assert.Equal(2000, Summary.Read(_folder["s.json"]).Frames);
        Assert.Equal(Hosts(1000), CsvTable.ReadFile(_folder["flows.csv"]).Rows.Count);
    }

    [BinaryFact(Need.Network)]
    public void What_can_not_be_captured_is_one_line_that_says_what_to_do()
    {
        using VethPair wire = new();
        string filter = wire.Capture("--filter", "tcp prt 80", "-o", _folder["flows.csv"]).AwaitEnd().EndedWith(1).OnlyLine();
        Assert.Contains("'tcp prt 80' does not compile", filter, StringComparison.Ordinal);
        string unknown = wire.Start(FlowMeterBinary.Path!, "capture", "-i", "far1").AwaitEnd().EndedWith(1).OnlyLine();
        Assert.Contains("far1: no such interface; there is far0,", unknown, StringComparison.Ordinal);
        Assert.Empty(_folder.Names());
    }

    [BinaryFact(Need.Network | Need.Root)]
    public void Without_the_right_the_capability_and_its_command_are_named()
    {
        string line = Nobody.Run(_folder, "capture", "-i", "lo").EndedWith(1).OnlyLine();
        Assert.Contains(
            $"CAP_NET_RAW; give it to the program: sudo setcap cap_net_raw+ep {_folder["flowmeter"]}", line, StringComparison.Ordinal);
    }

    /// <summary>Flows that so many packets make.</summary>
    private static int Hosts(int packets) =>
        Conversations(packets).Distinct().Count(frame => frame.Length > 0 && frame[12] == 8 && frame[13] == 0 && frame[26] == 10);

    /// <summary>Hosts that talk to a server, both ways; every hundredth frame is ARP.</summary>
    private static IEnumerable<byte[]> Conversations(int packets)
    {
        byte[] arp = Samples.Arp(0).Captured;
        byte[][] frames = [.. Enumerable.Range(0, 2 * Clients).Select(i => Between(i / 2, isAnswer: i % 2 == 1))];
        for (int i = 0; i < packets; i++)
        {
            yield return i % 100 == 99 ? arp : frames[i % frames.Length];
        }
    }

    private static byte[] Between(int host, bool isAnswer)
    {
        string client = $"10.1.{host / 200}.{(host % 200) + 1}";
        return isAnswer
            ? Samples.Ethernet(
                0, PacketBuilder.IPv4("192.0.2.1", client, PacketBuilder.UdpProtocol, PacketBuilder.Udp(443, 5000 + host))).Captured
            : Samples.Ethernet(
                0, PacketBuilder.IPv4(client, "192.0.2.1", PacketBuilder.UdpProtocol, PacketBuilder.Udp(5000 + host, 443))).Captured;
    }
}
