using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FlowMeter.Native;
using FlowMeter.Tests.Brokers;
using FlowMeter.Tests.Export.Ipfix;
using FlowMeter.Tests.Oracle;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>Flows of the binary, in its sandbox, at collectors.</summary>
[Trait("Category", "EndToEnd")]
public sealed class IpfixCollectorTests : IDisposable
{
    private static readonly string[] s_sums = ["fwd_packets", "bwd_packets", "fwd_bytes", "bwd_bytes"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryFact(Need.Nfdump)]
    public void Over_UDP_nfcapd_gets_what_the_table_says()
    {
        double[][] flows = CollectByNfcapd();
        AssertSame(flows.Length, i => flows.Sum(flow => flow[i]));
    }

    [BinaryFact(Need.Nfdump)]
    public void Nfcapd_gets_each_direction_as_a_flow()
    {
        double[][] flows = CollectByNfcapd("--ipfix-uniflow");
        CsvTable table = Table();
        Assert.Equal(Directions(table).Count(), flows.Length);
        Assert.Equal(
            (table.Sum("packets"), 0, table.Sum("bytes"), 0),
            (flows.Sum(flow => flow[0]), flows.Sum(flow => flow[1]), flows.Sum(flow => flow[2]), flows.Sum(flow => flow[3])));
    }

    [BinaryTheory(Need.Pmacct)]
    [InlineData]
    [InlineData("--ipfix-uniflow")]
    public void Nfacctd_gets_the_forward_direction_and_each_as_a_flow(params string[] options)
    {
        // It loses what comes before its processes have found each other, and says nothing when they have: then it gets all anew.
        string[] collected = [];
        string[] expected = ["a direction"];
        for (int tries = 0; tries < 5 && collected.Length < expected.Length; tries++)
        {
            collected = CollectedByNfacctd($"nfacctd{tries}", options, out expected);
        }

        Assert.Equal(expected, collected.Order(StringComparer.Ordinal));
    }

    private string[] CollectedByNfacctd(string name, string[] options, out string[] expected)
    {
        string port = $"{FreePort()}";
        string file = _folder[$"{name}.csv"];
        string configuration = _folder.Write($"{name}.conf", $"""
            daemonize: false
            nfacctd_ip: 127.0.0.1
            nfacctd_port: {port}
            nfacctd_pipe_size: 4194304
            plugins: print
            aggregate: src_host, dst_host, src_port, dst_port, timestamp_start, timestamp_end
            print_output: csv
            print_output_file: {file}
            print_output_file_append: true
            print_refresh_time: 1

            """);
        Launched nfacctd = Launched.Start("nfacctd", "-f", configuration);
        string[] Collected() => File.Exists(file)
            ? [.. File.ReadLines(file).Where(line => !line.StartsWith("SRC", StringComparison.Ordinal)).Select(WithoutTimes)]
            : [];
        try
        {
            nfacctd.Await(() => nfacctd.ErrorsSoFar.Contains("cache entries", StringComparison.Ordinal), "its plugin is there");
            ReadWhenItListens(nfacctd, port, options);
            string[] all =
            [
                .. Directions(Table()).Where(direction => options.Length > 0 || direction.IsForward)
                    .Select(direction => direction.Text).Order(StringComparer.Ordinal),
            ];
            expected = all;
            SpinWait.SpinUntil(() => Collected().Length >= all.Length, TimeSpan.FromSeconds(15));
        }
        finally
        {
            nfacctd.Signal("INT");
        }

        nfacctd.AwaitEnd();
        return Collected();
    }

    [BinaryTheory(Need.Fixbuf)]
    [InlineData]
    [InlineData("--ipfix-uniflow")]
    public async Task Over_TCP_libfixbuf_reads_what_the_table_says(params string[] options)
    {
        string[] dump = Dump(await ReadOverTcpAsync(options));
        long[] Values(string element) =>
        [
            .. dump.Where(line => line.Contains($" {element} : ", StringComparison.Ordinal))
                .Select(line => long.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture)),
        ];
        CsvTable table = Table();
        bool isUniflow = options.Length > 0;
        Assert.Equal(isUniflow ? Directions(table).Count() : table.Rows.Count, Values("packetDeltaCount").Length);
        string[] elements = ["packetDeltaCount", "reversePacketDeltaCount", "octetDeltaCount", "reverseOctetDeltaCount"];
        Assert.Equal(
            isUniflow ? [table.Sum("packets"), 0, table.Sum("bytes"), 0] : s_sums.Select(table.Sum),
            elements.Select(element => (double)Values(element).Sum()));
    }

    [BinaryFact]
    public async Task Over_TCP_a_collector_gets_what_the_table_says()
    {
        IReadOnlyList<Dictionary<string, string>> flows = IpfixReader.Flows(await ReadOverTcpAsync());
        string[] elements = ["packetDeltaCount", "reverse packetDeltaCount", "octetDeltaCount", "reverse octetDeltaCount"];
        AssertSame(flows.Count, i => flows.Sum(flow => double.Parse(flow[elements[i]], CultureInfo.InvariantCulture)));
    }

    [BinaryFact(Need.OpenSsl | Need.Fixbuf)]
    public void Over_TLS_a_collector_gets_what_the_file_has()
    {
        using TestCertificates certificates = new();
        using TlsCollector collector = new(certificates, asksClient: true);
        Read($"{collector.Place}?ca={certificates.Authority}&cert={certificates.Client}").Succeeded();
        string file = _folder["office.ipfix"];
        FlowMeterBinary.Run("read", Samples.Office, "-q", "-o", file).Succeeded();
        Assert.Equal(Dump(File.ReadAllBytes(file)), Dump(collector.Received()));
    }

    [BinaryFact(Need.OpenSsl)]
    public void Over_TLS_a_collector_of_another_name_gets_nothing()
    {
        using TestCertificates certificates = new();
        using TlsCollector collector = new(certificates, "other");
        Assert.Equal(
            $"flowmeter: {collector.Place}: can not be reached: its certificate is not trusted: IP address mismatch; name its authority "
                + "with ?ca=FILE, and the collector as in its certificate.",
            Read($"{collector.Place}?ca={certificates.Authority}").EndedWith(1).OnlyLine());
        Assert.Empty(collector.Received());
    }

    [BinaryTheory]
    [InlineData("udp", "")]
    [InlineData("tcp", "")]
    [InlineData("tls", " over TLS")]
    public void A_collector_that_is_not_there_ends_a_run_over_files(string transport, string by)
    {
        string place = $"{transport}://127.0.0.1:{FreePort()}";
        Assert.Equal(
            $"flowmeter: {place}: can not be reached: connection refused; see whether the collector runs and takes IPFIX{by} there.",
            Read(place).EndedWith(1).OnlyLine());
    }

    [BinaryTheory(Need.Strace)]
    [InlineData("udp", 0)]
    [InlineData("tcp", 1)]
    public void The_sandbox_has_a_way_by_TCP_only_where_it_is_taken(string transport, int ports)
    {
        string log = _folder["calls"];
        Launched.Start(
            "strace", "-f", "-qq", "-o", log, "-e", "trace=landlock_add_rule", FlowMeterBinary.Path!, "read", Samples.Office, "-q",
            "--ipfix", $"{transport}://127.0.0.1:{FreePort()}").Finish().EndedWith(1);
        string[] rules = File.ReadAllLines(log);
        if (OperatingSystem.IsLinux() && Sandbox.LandlockVersion >= 4)
        {
            // The kind of a rule: 1 is a path, 2 a port.
            Assert.NotEmpty(rules);
            Assert.Equal(ports, rules.Count(rule => !rule.Contains("_PATH_BENEATH", StringComparison.Ordinal)));
        }
    }

    private static Finished Read(string collector, params string[] options) =>
        FlowMeterBinary.Run(["read", Samples.Office, "-q", "--ipfix", collector, .. options]);

    /// <summary>It takes a moment until a collector listens, and a refusal is a failure.</summary>
    private static void ReadWhenItListens(Launched collector, string port, string[] options)
    {
        Finished read;
        do
        {
            read = Read($"127.0.0.1:{port}", options);
        }
        while (read.ExitCode == 1 && collector.IsRunning);
        read.Succeeded();
    }

    private static async Task<byte[]> ReadOverTcpAsync(params string[] options)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task<Finished> read = Task.Run(() => Read($"tcp://{listener.LocalEndpoint}", options));
        using Socket socket = await listener.AcceptSocketAsync();
        using MemoryStream all = new();
        await using NetworkStream stream = new(socket);
        await stream.CopyToAsync(all);
        (await read).Succeeded();
        return all.ToArray();
    }

    private static CsvTable Table() => FlowMeterBinary.Run("read", Samples.Office, "-q").Succeeded().Table();

    private static void AssertSame(int flows, Func<int, double> sumOf)
    {
        CsvTable table = Table();
        Assert.Equal(table.Rows.Count, flows);
        Assert.Equal(s_sums.Select(table.Sum), s_sums.Select((_, i) => sumOf(i)));
    }

    /// <summary>The directions that sent packets, as ends, packets and bytes.</summary>
    private static IEnumerable<(bool IsForward, string Text)> Directions(CsvTable table)
    {
        string[] forward = ["src_ip", "dst_ip", "src_port", "dst_port", "fwd_packets", "fwd_bytes"];
        string[] back = ["dst_ip", "src_ip", "dst_port", "src_port", "bwd_packets", "bwd_bytes"];
        return from row in table.Rows
               from columns in new[] { forward, back }
               where row[table.Column(columns[4])] != "0"
               select (columns == forward, string.Join(',', columns.Select(name => row[table.Column(name)])));
    }

    private static string WithoutTimes(string line)
    {
        string[] cells = line.Split(',');
        return string.Join(',', [.. cells[..4], .. cells[^2..]]);
    }

    /// <summary>A port of this machine that nobody has, over TCP and UDP.</summary>
    private static int FreePort()
    {
        using Socket probe = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    private double[][] CollectByNfcapd(params string[] options)
    {
        string port = $"{FreePort()}";
        Launched nfcapd = Launched.Start("nfcapd", "-b", "127.0.0.1", "-p", port, "-w", _folder.Path, "-t", "3600", "-B", "4194304");
        ReadWhenItListens(nfcapd, port, options);
        Thread.Sleep(500);
        nfcapd.Signal("INT");
        Assert.Contains("Sequence Errors: 0, Bad Packets: 0", nfcapd.AwaitEnd().Errors, StringComparison.Ordinal);
        return
        [
            .. Launched.Start("nfdump", "-q", "-R", _folder.Path, "-N", "-o", "fmt:%ipkt %opkt %ibyt %obyt").Finish().Succeeded()
                .Output.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(line => line.Length == 4)
                .Select(line => line.Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray()),
        ];
    }

    /// <summary>What ipfixDump reads in messages, but for the times when they left.</summary>
    private string[] Dump(byte[] messages)
    {
        string file = _folder["received.ipfix"];
        File.WriteAllBytes(file, messages);
        string text = Launched.Start("ipfixDump", "--rfc5610", "-i", file).Finish().Succeeded().Output;
        Assert.DoesNotContain("alien", text, StringComparison.OrdinalIgnoreCase);
        return [.. text.Split('\n').Where(line => !line.StartsWith("export time:", StringComparison.Ordinal))];
    }
}
