using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.EndToEnd;

[Trait("Category", "EndToEnd")]
public sealed class MeteringOptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryFact]
    public void Flows_of_fewer_than_min_packets_are_left_out_and_counted()
    {
        string capture = _folder.WriteCapture("a.pcap", Samples.Udp(1, 0), Samples.Udp(2, 1), Samples.Udp(2, 2));
        CsvTable table = FlowMeterBinary.Run("read", capture, "--min-packets", "2", "--summary", _folder["s.json"]).Table();
        Assert.Equal(["10002"], table.Texts("src_port"));
        Assert.Equal(1, Summary.Read(_folder["s.json"])["flows_below_min_packets"].GetInt64());
    }

    [BinaryTheory]
    [InlineData("2.5", "1,2")]
    [InlineData("3.5", "3")]
    public void A_gap_longer_than_the_idle_timeout_ends_a_flow(string seconds, string packets)
    {
        string capture = _folder.WriteCapture("a.pcap", Samples.Udp(1, 0), Samples.Udp(1, 1), Samples.Udp(1, 4));
        CsvTable table = FlowMeterBinary.Run("read", capture, "--idle-timeout", seconds).Table();
        Assert.Equal(packets.Split(','), table.Texts("packets").Order(StringComparer.Ordinal));
    }

    [BinaryFact]
    public void A_flow_longer_than_the_active_timeout_is_cut()
    {
        string capture = _folder.WriteCapture("a.pcap", Samples.Udp(1, 0), Samples.Udp(1, 1), Samples.Udp(1, 4));
        CsvTable table = FlowMeterBinary.Run("read", capture, "--active-timeout", "3.5").Table();
        Assert.Equal(["active 2", "forced 1"], Enumerable.Range(0, 2)
            .Select(row => $"{table.Text(row, "end_reason")} {table.Text(row, "packets")}")
            .Order(StringComparer.Ordinal));
    }

    [BinaryFact]
    public void The_end_in_the_local_net_is_the_source()
    {
        string capture = _folder.WriteCapture("a.pcap", Samples.Udp(1, 0));
        Assert.Equal(["192.0.2.1"], FlowMeterBinary.Run("read", capture).Table().Texts("src_ip"));
        Assert.Equal(
            ["198.51.100.2"],
            FlowMeterBinary.Run("read", capture, "--local-net", "10.0.0.0/8", "--local-net", "198.51.100.0/24").Table().Texts("src_ip"));
    }

    [BinaryFact]
    public void Decapsulate_meters_the_packet_inside_a_tunnel()
    {
        byte[] inner = PacketBuilder.IPv4("10.1.1.1", "10.2.2.2", PacketBuilder.UdpProtocol, PacketBuilder.Udp(1111, 2222));
        string capture = _folder.WriteCapture(
            "a.pcap", Samples.Ethernet(0, PacketBuilder.IPv4(
                "192.0.2.1", "198.51.100.2", PacketBuilder.GreProtocol, PacketBuilder.Gre(PacketBuilder.EtherIPv4, inner))));
        Assert.Equal(["47"], FlowMeterBinary.Run("read", capture).Table().Texts("protocol"));
        Assert.Equal(["2222"], FlowMeterBinary.Run("read", capture, "--decapsulate").Table().Texts("dst_port"));
    }

    [BinaryFact]
    public void Tunnel_port_says_where_a_kind_of_tunnel_is_looked_for()
    {
        byte[] inner = PacketBuilder.EthernetIP(
            PacketBuilder.IPv4("10.1.1.1", "10.2.2.2", PacketBuilder.UdpProtocol, PacketBuilder.Udp(1111, 2222)));
        string capture = _folder.WriteCapture("a.pcap", [.. new[] { 4789, 8472, 5000 }.Select((port, i) => Samples.Ethernet(
            i, PacketBuilder.IPv4(
                "192.0.2.1", "198.51.100.2", PacketBuilder.UdpProtocol, PacketBuilder.Udp(49152, port, PacketBuilder.Vxlan(1, inner)))))]);
        Assert.Equal(["2222", "5000"], FlowMeterBinary.Run("read", capture, "--decapsulate").Table().Texts("dst_port").Order());
        Assert.Equal(
            ["2222", "8472"],
            FlowMeterBinary.Run("read", capture, "--decapsulate", "--tunnel-port", "vxlan=4789,5000").Table().Texts("dst_port").Order());
        Assert.Equal(
            ["2222"],
            FlowMeterBinary.Run("read", capture, "--decapsulate", "--tunnel-port", "vxlan=4789", "--tunnel-port", "vxlan=5000,8472").Table()
                .Texts("dst_port"));
    }

    [BinaryTheory]
    [InlineData("vxlan, vxlan-gpe, geneve, gtpu, teredo, ayiya, l2tp, capwap, mpls", "--decapsulate", "--tunnel-port", "gre=5")]
    [InlineData("vxlan, vxlan-gpe, geneve, gtpu, teredo, ayiya, l2tp, capwap, mpls", "--decapsulate", "--tunnel-port", "vxlan")]
    [InlineData("\"70000\" is no port from 1 to 65535", "--decapsulate", "--tunnel-port", "vxlan=4789,70000")]
    [InlineData("\"\" is no port from 1 to 65535", "--decapsulate", "--tunnel-port", "vxlan=")]
    [InlineData("one port is one kind's", "--decapsulate", "--tunnel-port", "vxlan=5", "--tunnel-port", "teredo=5")]
    [InlineData("only --decapsulate looks into them", "--tunnel-port", "vxlan=5")]
    public void A_wrong_tunnel_port_is_refused_with_what_is_allowed(string message, params string[] options)
    {
        string capture = _folder.WriteCapture("a.pcap", Samples.Udp(1, 0));
        Assert.Contains(message, FlowMeterBinary.Run(["read", capture, .. options]).EndedWith(2).OnlyLine(), StringComparison.Ordinal);
    }

    [BinaryFact]
    public void With_room_for_two_flows_the_others_are_pushed_out_and_no_packet_is_lost()
    {
        string capture = _folder.WriteCapture("a.pcap", [.. Enumerable.Range(0, 40).Select(i => Samples.Udp(i % 5, i))]);
        CsvTable table = FlowMeterBinary.Run("read", capture, "--max-flows", "2", "--summary", _folder["s.json"]).Table();
        Assert.Equal(40, table.Sum("packets"));
        Summary summary = Summary.Read(_folder["s.json"]);
        Assert.Equal(
            table.Texts("end_reason").Count(reason => reason == "resources"),
            summary["flows_by_end_reason"].GetProperty("resources").GetInt64());
        Assert.InRange(summary["flows_by_end_reason"].GetProperty("resources").GetInt64(), 3, 38);
        Assert.InRange(summary["peak_flows"].GetInt64(), 1, 2);
    }

    [BinaryFact]
    public void Any_number_of_workers_gives_the_same_rows()
    {
        string capture = _folder.Generate(
            "a.pcap", "--packets", "60000", "--flows", "3000", "--packets-per-flow", "9", "--pps", "100", "--ipv6", "0.3", "--size",
            "imix");
        string[] alone = Rows(capture, "1");

        // More than the 6667 flows that were generated: some gaps are longer than the idle timeout.
        Assert.InRange(alone.Length, 6700, 59_999);
        Assert.Equal(alone, Rows(capture, "2"));
        Assert.Equal(alone, Rows(capture, "3"));
        Assert.Equal(alone, Rows(capture, "7"));
    }

    [BinaryFact]
    public void Profile_Deepfence_has_its_own_columns_and_only_flows_of_15_packets_or_more()
    {
        CsvTable table = FlowMeterBinary.Run("read", Samples.Office, "--profile", "deepfence").Table();
        Assert.Equal("fiveTuple,srcIP,dstIP,protocol,srcPort,dstPort,flowDuration,flowLength", string.Join(',', table.Header[..8]));
        Assert.Equal(39, table.Header.Length);

        // In flows this long and shorter than 83 packets nothing but the protocol and the length decides.
        int expected = File.ReadLines(Samples.OfficeLabels).Skip(1).Select(line => line.Split('\t')).Count(
            field => field[1] is "6" or "17" && int.Parse(field[7], null) >= 15);
        Assert.Equal(expected, table.Rows.Count);
        Assert.All(Enumerable.Range(0, expected), row => Assert.InRange(table.Number(row, "flowLength"), 15, 83));
    }

    private static string[] Rows(string capture, string workers) =>
        FlowMeterBinary.Run("read", capture, "--workers", workers).Table().Set();
}
