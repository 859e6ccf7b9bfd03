using System.Text;
using System.Text.Json;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Learning.Data;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Names;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;
using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Metering;

/// <summary>The columns of names: what stands in them, in each format, and that nothing else changes.</summary>
public sealed class NameColumnTests
{
    private const long Second = 1_000_000_000;
    private const string Hostile = "a,b\"c\\d;\r\n\u001b[31m\u00e9=1";

    public static TheoryData<string> Profiles => [.. Profile.All.Select(profile => profile.Name)];

    [Theory, MemberData(nameof(Profiles))]
    public void Names_stand_behind_the_columns_that_are_the_same_without_them(string profile)
    {
        for (int seed = 0; seed < 8; seed++)
        {
            byte[] capture = CaptureWriter.Pcap([.. Traffic.Random(seed), .. PayloadTraffic.Random(seed)]);
            EngineMeter meter = new() { Profile = profile, MinPackets = 1 };
            CsvTable plain = meter.Run(capture).Table;
            CsvTable table = (meter with { HasNames = true, Workers = 1 + (seed % 3), BytesPerRead = seed % 2 == 0 ? int.MaxValue : 700 })
                .Run(capture).Table;

            Assert.Equal([.. plain.Header, .. Column.OfNames.Select(column => column.Name)], table.Header);
            Assert.Equal(
                plain.Rows.Select(row => string.Join(',', row)).Order(StringComparer.Ordinal),
                table.Rows.Select(row => string.Join(',', row[..plain.Header.Length])).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Hosts_are_called_what_a_name_server_said_before()
    {
        byte[] name = [3, .. "www"u8, 7, .. "example"u8, 0];
        byte[] question = [0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. name, 0, 1, 0, 1];
        byte[] answer =
            [0, 7, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, .. name, 0, 1, 0, 1, 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 203, 0, 113, 9];
        Frame[] frames =
        [
            Datagram(0, "10.0.0.1", "203.0.113.9", 999, 998, [1, 2, 3]),
            Datagram(1, "10.0.0.1", "10.0.0.53", 5000, 53, question),
            Datagram(2, "10.0.0.53", "10.0.0.1", 53, 5000, answer),
            Datagram(3, "10.0.0.1", "203.0.113.9", 1000, 998, [1, 2, 3]),
            Datagram(4, "203.0.113.9", "10.0.0.1", 1001, 998, [1, 2, 3]),
            Datagram(3000, "10.0.0.1", "203.0.113.9", 1002, 998, [1, 2, 3]),
        ];

        CsvTable table = new EngineMeter { HasNames = true, Workers = 2 }.Run(CaptureWriter.Pcap(frames)).Table;

        string[] Row(string port) => table.Rows.Single(row => row[table.Column("src_port")] == port);
        string Cell(string port, string column) => Row(port)[table.Column(column)];
        Assert.Equal(("DNS", "payload", "www.example", "NOERROR"), (
            Cell("5000", "application"), Cell("5000", "application_by"), Cell("5000", "dns_query"), Cell("5000", "dns_rcode")));
        Assert.Equal(("", ""), (Cell("999", "src_name"), Cell("999", "dst_name")));
        Assert.Equal(("", "www.example"), (Cell("1000", "src_name"), Cell("1000", "dst_name")));
        Assert.Equal(("www.example", ""), (Cell("1001", "src_name"), Cell("1001", "dst_name")));
        Assert.Equal(("", ""), (Cell("1002", "src_name"), Cell("1002", "dst_name")));
    }

    [Fact]
    public void A_hostile_name_is_the_same_printable_text_in_every_format()
    {
        byte[] capture = CaptureWriter.Pcap(HostileRequest());
        EngineMeter meter = new() { HasNames = true };

        CsvTable csv = meter.Run(capture).Table;
        string[] row = Assert.Single(csv.Rows);
        string host = row[csv.Column("http_host")];
        Assert.Equal("a,b\"c\\\\d;\\x1b[31m\\xc3\\xa9=1", host);
        Assert.All(row, cell => Assert.All(cell, letter => Assert.InRange(letter, ' ', '~')));

        using JsonDocument json = JsonDocument.Parse(meter.Encoded(capture, new TableEncoding(TableFormat.JsonLines)).Bytes);
        Assert.Equal(host, json.RootElement.GetProperty("http_host").GetString());
        using TemporaryFolder folder = new();
        string parquet = folder.Write("t.parquet", meter.Encoded(capture, new TableEncoding(TableFormat.Parquet)).Bytes);
        using FlowTableReader table = FlowTableReader.Open(parquet, _ => { });
        Assert.True(table.Read());
        Assert.Equal(row, csv.Header.Select((_, i) => table.Text(i)));
        byte[] ipfix = meter.Encoded(capture, new TableEncoding(TableFormat.Ipfix)).Bytes;
        Assert.True(ipfix.AsSpan().IndexOf(Encoding.ASCII.GetBytes(host)) > 0);
    }

    [Fact]
    public void The_longest_names_fit_in_every_format()
    {
        string longest = new('\u0001', 255);
        TestHello hello = new() { ServerName = longest, Protocols = [new string('"', 255)] };
        byte[] capture = CaptureWriter.Pcap(Enumerable.Range(0, 300).Select(
            i => Segment(i, 1000 + i, hello.Records())).ToList());
        EngineMeter meter = new() { HasNames = true, HasConnectionState = true, HasCommunityId = true };

        CsvTable csv = meter.Run(capture).Table;
        Assert.Equal(300, csv.Rows.Count);
        Assert.All(csv.Rows, row => Assert.StartsWith("\\x01\\x01", row[csv.Column("server_name")], StringComparison.Ordinal));
        foreach (TableFormat format in TableFormat.All)
        {
            Assert.Equal(300, meter.Encoded(capture, new TableEncoding(format)).Rows);
        }
    }

    [SharedFact]
    public void The_formats_agree_on_real_traffic()
    {
        EngineMeter meter = new() { HasNames = true, HasConnectionState = true };
        foreach (string path in Directory.EnumerateFiles(Path.Combine(SharedFolder.Path!, "peers", "ja4"), "*.pcap*"))
        {
            byte[] capture = File.ReadAllBytes(path);
            CsvTable csv = meter.Run(capture).Table;
            using TemporaryFolder folder = new();
            foreach (TableFormat format in new[] { TableFormat.JsonLines, TableFormat.Parquet })
            {
                string file = folder.Write($"t.{format.Name}", meter.Encoded(capture, new TableEncoding(format)).Bytes);
                using FlowTableReader table = FlowTableReader.Open(file, _ => { });
                List<string[]> rows = [];
                while (table.Read())
                {
                    rows.Add([.. csv.Header.Select((_, i) => table.Text(i))]);
                }

                Assert.Equal(csv.Rows, rows);
            }
        }
    }

    private static Frame Datagram(long second, string source, string destination, int sourcePort, int destinationPort, byte[] payload) =>
        Frame.Whole(
            LinkRaw, second * Second, IPv4(source, destination, UdpProtocol, Udp(sourcePort, destinationPort, payload)));

    private static Frame Segment(long time, int port, byte[] payload) =>
        Frame.Whole(LinkRaw, time, IPv4("10.0.0.1", "192.0.2.1", TcpProtocol, Tcp(port, 443, Ack, payload)));

    private static List<Frame> HostileRequest()
    {
        string text = $"GET / HTTP/1.1\r\nHost: {Hostile.Replace("\r\n", "", StringComparison.Ordinal)}\r\nUser-Agent: x; y\"\r\n\r\n";
        return [Segment(0, 1000, Encoding.UTF8.GetBytes(text))];
    }
}
