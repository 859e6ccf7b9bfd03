using System.Globalization;
using FlowMeter.Tests.Cli.Telemetry;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>A capture under load, as it is seen from outside: its metrics and its memory.</summary>
[Trait("Category", "EndToEnd")]
public sealed class CaptureLoadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryTheory(Need.Network | Need.Curl)]
    [InlineData("far0", "far0/0", "far0/1")]
    [InlineData("any", "any/0", "any/1")]
    public void Metrics_keep_their_format_and_add_up_while_packets_come(string name, params string[] workers)
    {
        const int Packets = 60_000;
        using VethPair wire = new();
        wire.UseLoopback();
        Launched process = wire.Start(
            FlowMeterBinary.Path!, "capture", "-i", name, "--filter", "not host 127.0.0.1", "--workers", "2", "--metrics", "9105", "-q",
            "-o", _folder["flows.csv"]);
        process.Await(() => File.Exists(_folder["flows.csv.partial"]), "it captured");
        PrometheusText Scrape() => PrometheusText.Parse(
            wire.Start("curl", "-sSf", "--retry", "5", "--retry-connrefused", "--max-time", "20", "http://127.0.0.1:9105/metrics").Finish()
                .Succeeded().Output);
        Task sending = Task.Run(() => wire.Send(Wire.Paced(Wire.Flows(0, Packets), 40_000)));
        double last = 0;
        PrometheusText page;
        do
        {
            page = Scrape();
            Assert.InRange(page["flowmeter_packets_total"], last, Packets);
            last = page["flowmeter_packets_total"];
        }
        while (!sending.IsCompleted);

        sending.GetAwaiter().GetResult();
        process.Await(() => (page = Scrape())["flowmeter_flows_live"] == Packets, "all packets were metered");
        Assert.Equal(Packets, page["flowmeter_packets_metered_total"]);
        double[] batches = [.. workers.Select(worker => page[$"flowmeter_batch_duration_seconds_count{{worker=\"{worker}\"}}"])];

        // Of a batch that several workers share, the last one to be done says so: on a busy machine it may always be the same.
        Assert.True(name == "any" ? batches.Sum() > 0 : batches.All(count => count > 0), "workers did some batches");
        Assert.Equal("ok\n", wire.Start("curl", "-sSf", "http://127.0.0.1:9105/healthz").Finish().Succeeded().Output);
        process.Signal("TERM");
        process.AwaitEnd().Succeeded();
    }

    [BinaryFact(Need.Network)]
    public void Memory_stays_as_it_is_while_new_flows_come_and_go()
    {
        const int FlowsPerSecond = 20_000;
        const int WarmUp = 6;
        const int Measured = 10;
        using VethPair wire = new();
        Launched process = wire.Capture("-o", _folder["flows-%H%M%S.csv"], "-q", "--idle-timeout", "1", "--rotate", "5s");
        process.Await(() => _folder.Names().Length > 0, "it captured");
        wire.Send(Wire.Paced(Wire.Flows(0, WarmUp * FlowsPerSecond), FlowsPerSecond));
        List<long> sizes = [];
        for (int second = WarmUp; second < WarmUp + Measured; second++)
        {
            sizes.Add(Resident(process));
            wire.Send(Wire.Paced(Wire.Flows(second * FlowsPerSecond, FlowsPerSecond), FlowsPerSecond));
        }

        process.Signal("TERM");
        process.AwaitEnd().Succeeded();
        Assert.InRange(sizes.Max(), sizes[0], sizes[0] * 1.05);
    }

    private static long Resident(Launched process)
    {
        string line = File.ReadLines($"/proc/{process.Id.ToString(CultureInfo.InvariantCulture)}/status").First(
            line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
