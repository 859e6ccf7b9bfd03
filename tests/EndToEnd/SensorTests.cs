using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FlowMeter.Native;
using FlowMeter.Tests.Cli.Telemetry;
using FlowMeter.Tests.Native;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>A capture on loopback as a sensor runs it: watched by Prometheus and systemd, without the rights it was started with.</summary>
[Trait("Category", "EndToEnd")]
public sealed class SensorTests
{
    [BinaryFact(Need.Root)]
    public void Metrics_and_readiness_are_told_while_the_process_is_nobody()
    {
        using TemporaryFolder folder = new();
        Nobody.ChangeMode("a+rwx", folder.Path);
        int port = FreePort();
        using Socket systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 60_000 };
        systemd.Bind(new UnixDomainSocketEndPoint(folder["notify"]));
        Nobody.ChangeMode("a+rw", folder["notify"]);
        string[] capture =
        [
            FlowMeterBinary.Path!, "capture", "-i", LoopbackFactAttribute.Device, "--workers", "2", "--filter", $"port {port}", "--user",
            "nobody", "--metrics", port.ToString(CultureInfo.InvariantCulture), "-o", folder["flows.csv"], "--quiet",
        ];
        Launched running = Launched.Start("env", [$"NOTIFY_SOCKET={folder["notify"]}", "WATCHDOG_USEC=200000", .. capture]);
        byte[] message = new byte[1000];
        Assert.StartsWith("READY=1\nSTATUS=capturing lo with 2 workers", Text(message, systemd.Receive(message)), StringComparison.Ordinal);
        Assert.Equal("WATCHDOG=1", Text(message, systemd.Receive(message)));

        using HttpClient scraper = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        PrometheusText page = Scrape(scraper);
        running.Await(() => (page = Scrape(scraper))["flowmeter_packets_metered_total"] >= 10, "the scrapes were metered");
        Assert.Equal(page["flowmeter_packets_total"], page.Samples
            .Where(sample => sample.Key.StartsWith("flowmeter_packets_skipped_total", StringComparison.Ordinal))
            .Sum(sample => sample.Value) + page["flowmeter_packets_metered_total"]);
        Assert.True(
            page["flowmeter_batch_duration_seconds_count{worker=\"lo/0\"}"]
                + page["flowmeter_batch_duration_seconds_count{worker=\"lo/1\"}"]
                > 0);
        Assert.Equal(0, page["flowmeter_packets_dropped_total{handle=\"lo/0\",place=\"kernel\"}"]);
        Assert.Equal("ok\n", scraper.GetStringAsync("/healthz").Result);

        string[] threads =
            [.. Directory.GetDirectories($"/proc/{running.Id}/task").Select(task => File.ReadAllText(Path.Join(task, "status")))];
        Assert.True(threads.Length >= 5, $"{threads.Length} threads");
        Assert.All(threads, status =>
        {
            Assert.Contains("\nUid:\t65534\t65534\t65534\t65534\n", status, StringComparison.Ordinal);
            Assert.Contains("\nNoNewPrivs:\t1\n", status, StringComparison.Ordinal);
            Assert.Matches(@"\nCapPrm:\t000000000000(2|0)000\n", status);
            Assert.Matches(@"\nCapInh:\t0+\n", status);
        });

        running.Signal("TERM");
        running.AwaitEnd().Succeeded();
        while (systemd.Available > 0 && Text(message, systemd.Receive(message)) is var told && told != "STOPPING=1")
        {
            Assert.True(told == "WATCHDOG=1" || told.StartsWith("STATUS=capturing lo with 2 workers: ", StringComparison.Ordinal), told);
        }

        Assert.True(File.Exists(folder["flows.csv"]));
    }

    [BinaryTheory(Need.Root)]
    [InlineData("--user no-such-user", 1, "there is no such user")]
    [InlineData("--user root", 1, "has all rights")]
    [InlineData("--metrics nowhere", 2, "is not an address to listen on")]
    [InlineData("--metrics 192.0.2.1:9105", 1, "does not have that address")]
    public void What_can_not_be_is_said_in_one_line(string options, int code, string words)
    {
        using TemporaryFolder folder = new();
        string[] capture =
            ["capture", "-i", LoopbackFactAttribute.Device, "-o", folder["flows.csv"], "--duration", "1", .. options.Split(' ')];
        Assert.Contains(words, FlowMeterBinary.Run(capture).EndedWith(code).OnlyLine(), StringComparison.Ordinal);
    }

    [BinaryFact(Need.Root)]
    public void A_folder_that_the_user_may_not_write_in_is_said_at_once()
    {
        using TemporaryFolder folder = new();
        Finished finished = FlowMeterBinary.Run(
            "capture", "-i", LoopbackFactAttribute.Device, "-o", folder["flows.csv"], "--user", "nobody", "--duration", "1");
        Assert.Contains($"--user nobody: may not write in {folder.Path}", finished.EndedWith(1).OnlyLine(), StringComparison.Ordinal);
    }

    [BinaryTheory(Need.Root)]
    [InlineData("flows.csv.partial", 0)]
    [InlineData("run.json.partial", 1)]
    public void Who_may_write_in_the_folder_can_not_have_root_write_elsewhere(string name, int code)
    {
        using TemporaryFolder folder = new();
        string victim = folder.Write("victim", "root's");
        string output = Directory.CreateDirectory(folder["output"]).FullName;
        Nobody.ChangeMode("a+rx", folder.Path);
        Launched.Start("chown", "nobody", output).Finish().Succeeded();
        File.CreateSymbolicLink(Path.Join(output, name), victim);
        FlowMeterBinary.Run(
            "capture", "-i", LoopbackFactAttribute.Device, "-o", Path.Join(output, "flows.csv"), "--summary", Path.Join(output, "run.json"),
            "--user", "nobody", "--duration", "0.3", "-q").EndedWith(code);
        Assert.Equal("root's", File.ReadAllText(victim));
        Assert.DoesNotContain(
            Directory.GetFiles(output), file => Path.GetFileName(file) != name && FileIdentity.OfName(file) is { Owner: 0 });
    }

    private static PrometheusText Scrape(HttpClient scraper) => PrometheusText.Parse(scraper.GetStringAsync("/metrics").Result);

    private static string Text(byte[] message, int count) => System.Text.Encoding.UTF8.GetString(message, 0, count);

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
