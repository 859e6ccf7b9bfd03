using System.Globalization;
using System.Net;
using System.Net.Sockets;
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
        string port = $"{FreePort()}";
        Launched nfcapd = Launched.Start("nfcapd", "-b", "127.0.0.1", "-p", port, "-w", _folder.Path, "-t", "3600");

        // It takes a moment until it listens, and a refusal is a failure.
        Finished read;
        do
        {
            read = Read($"127.0.0.1:{port}");
        }
        while (read.ExitCode == 1 && nfcapd.IsRunning);
        read.Succeeded();
        Thread.Sleep(500);
        nfcapd.Signal("INT");
        Assert.Contains("Sequence Errors: 0, Bad Packets: 0", nfcapd.AwaitEnd().Errors, StringComparison.Ordinal);
        string[][] lines =
        [
            .. Launched.Start("nfdump", "-q", "-R", _folder.Path, "-N", "-o", "fmt:%ipkt %opkt %ibyt %obyt").Finish().Succeeded()
                .Output.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(line => line.Length == 4),
        ];
        AssertSame(lines.Length, i => lines.Sum(line => double.Parse(line[i], CultureInfo.InvariantCulture)));
    }

    [BinaryFact]
    public async Task Over_TCP_a_collector_gets_what_the_table_says()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task<Finished> read = Task.Run(() => Read($"tcp://{listener.LocalEndpoint}"));
        using Socket socket = await listener.AcceptSocketAsync();
        using MemoryStream all = new();
        await using NetworkStream stream = new(socket);
        await stream.CopyToAsync(all);
        (await read).Succeeded();
        IReadOnlyList<Dictionary<string, string>> flows = IpfixReader.Flows(all.ToArray());
        string[] elements = ["packetDeltaCount", "reverse packetDeltaCount", "octetDeltaCount", "reverse octetDeltaCount"];
        AssertSame(flows.Count, i => flows.Sum(flow => double.Parse(flow[elements[i]], CultureInfo.InvariantCulture)));
    }

    [BinaryTheory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public void A_collector_that_is_not_there_ends_a_run_over_files(string transport)
    {
        string place = $"{transport}://127.0.0.1:{FreePort()}";
        Assert.Equal(
            $"flowmeter: {place}: can not be reached: connection refused; see whether the collector runs and takes IPFIX there.",
            Read(place).EndedWith(1).OnlyLine());
    }

    private static Finished Read(string collector) => FlowMeterBinary.Run("read", Samples.Office, "-q", "--ipfix", collector);

    private static void AssertSame(int flows, Func<int, double> sumOf)
    {
        CsvTable table = FlowMeterBinary.Run("read", Samples.Office, "-q").Succeeded().Table();
        Assert.Equal(table.Rows.Count, flows);
        Assert.Equal(s_sums.Select(table.Sum), s_sums.Select((_, i) => sumOf(i)));
    }

    /// <summary>A port of this machine that nobody has, over TCP and UDP.</summary>
    private static int FreePort()
    {
        using Socket probe = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
