using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using FlowMeter.Engine.Export;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Export.Ipfix;

/// <summary>Programs of others find in IPFIX what CSV says: flows, and packets and bytes of both directions.</summary>
[SupportedOSPlatform("linux")]
public sealed class CollectorTests : IDisposable
{
    private static readonly byte[] s_capture = CaptureWriter.Pcap(Traffic.Random(29, new TrafficShape { Conversations = 200 }));

    private readonly string _folder = Directory.CreateTempSubdirectory("ipfix-").FullName;
    private readonly EngineResult _csv = new EngineMeter().Run(s_capture);
    private readonly byte[] _messages = new EngineMeter().Encoded(s_capture, new TableEncoding(TableFormat.Ipfix)).Bytes;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ToolFact("ipfixDump")]
    public void Libfixbuf_names_every_field()
    {
        string dump = Run("ipfixDump", "--rfc5610", "-i", WriteFile());
        Assert.Contains($"{_csv.Table.Rows.Count}", dump, StringComparison.Ordinal);
        Assert.DoesNotContain("alien", dump, StringComparison.OrdinalIgnoreCase);
        Assert.All(
            _csv.Table.Header.Where(name => name.Contains('_', StringComparison.Ordinal)).Except(
            [
                "start_time", "end_time", "src_ip", "src_port", "dst_ip", "dst_port", "end_reason", "fwd_packets", "bwd_packets",
                "fwd_bytes", "bwd_bytes",
            ]),
            name => Assert.Contains($" {name} :", dump, StringComparison.Ordinal));
    }

    [ToolFact("tshark")]
    public void Wireshark_counts_the_packets_and_bytes_of_both_directions()
    {
        string dump = Run(
            "tshark", "-r", WriteFile(), "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=,", "-e", "cflow.packets", "-e",
            "cflow.octets");
        long[] sums = [0, 0];
        foreach (string[] message in dump.Split('\n').Select(line => line.Split('\t')).Where(message => message.Length == 2))
        {
            for (int i = 0; i < 2; i++)
            {
                sums[i] += message[i].Split(',', StringSplitOptions.RemoveEmptyEntries).Sum(
                    value => long.Parse(value, CultureInfo.InvariantCulture));
            }
        }

        Assert.Equal([_csv.Sum("packets"), _csv.Sum("bytes")], sums);
    }

    [ToolFact("nfcapd")]
    public void Nfdump_collects_every_flow_without_a_gap_in_the_numbers()
    {
        using Socket probe = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        IPEndPoint collector = (IPEndPoint)probe.LocalEndPoint!;
        probe.Dispose();
        using Process nfcapd = Start("nfcapd", "-b", "127.0.0.1", "-p", $"{collector.Port}", "-w", _folder, "-t", "3600");
        WaitFor(nfcapd.StandardError, "Startup");
        using UdpClient client = new();
        for (int at = 0; at < _messages.Length;)
        {
            int length = (_messages[at + 2] << 8) | _messages[at + 3];
            client.Send(_messages.AsSpan(at, length), collector);
            at += length;

            // UDP has no back-pressure, and a socket's buffer has room for some fifty messages.
            Thread.Sleep(5);
        }

        Thread.Sleep(500);
        Run("kill", "-INT", $"{nfcapd.Id}");
        string log = nfcapd.StandardError.ReadToEnd();
        Assert.True(nfcapd.WaitForExit(10_000));
        Assert.Contains("Sequence Errors: 0, Bad Packets: 0", log, StringComparison.Ordinal);
        string[][] lines =
        [
            .. Run("nfdump", "-q", "-R", _folder, "-N", "-o", "fmt:%ipkt %opkt %ibyt %obyt").Split('\n').Select(
                line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(line => line.Length == 4),
        ];
        Assert.Equal(_csv.Table.Rows.Count, lines.Length);
        string[] columns = ["fwd_packets", "bwd_packets", "fwd_bytes", "bwd_bytes"];
        Assert.Equal(
            columns.Select(_csv.Sum), columns.Select((_, i) => lines.Sum(line => long.Parse(line[i], CultureInfo.InvariantCulture))));
    }

    private static void WaitFor(StreamReader log, string word)
    {
        while (log.ReadLine() is { } line && !line.Contains(word, StringComparison.Ordinal))
        {
        }
    }

    private static Process Start(string program, params string[] arguments) => Process.Start(
        new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static string Run(string program, params string[] arguments)
    {
        using Process process = Start(program, arguments);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program}: {errors.Result}");
        return text;
    }

    private string WriteFile()
    {
        string path = Path.Combine(_folder, "flows.ipfix");
        File.WriteAllBytes(path, _messages);
        return path;
    }
}
