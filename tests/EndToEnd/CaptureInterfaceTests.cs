using FlowMeter.Tests.Cli.Telemetry;
using FlowMeter.Tests.Oracle;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>Interfaces that come and go under a live capture.</summary>
[Trait("Category", "EndToEnd")]
public sealed class CaptureInterfaceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryTheory(Need.Network | Need.Root)]
    [InlineData("--workers", "1")]
    [InlineData("--workers", "2")]
    [InlineData("--workers", "2", "--decapsulate")]
    [InlineData("--workers", "2", "--user", "nobody")]
    public void An_interface_that_is_removed_and_made_again_is_captured_again_and_costs_no_packet_that_came_before(params string[] options)
    {
        using VethPair wire = new();
        Nobody.ChangeMode("a+rwx", _folder.Path);
        Launched process = wire.CaptureTelling(
            _folder["errors"], ["-o", _folder["flows.csv"], "-q", "--summary", _folder["s.json"], .. options]);
        process.Await(() => File.Exists(_folder["flows.csv.partial"]), "it captured");
        for (int round = 0; round < 2; round++)
        {
            // No pause: what the kernel has not handed over yet is metered, too.
            wire.Send(Wire.Flows(round * 1000, 1000));
            wire.Disconnect();
            process.Await(() => Said("far0: the interface is down") == round + 1, "it was missed");
            wire.Connect();
            process.Await(() => Said("far0: is up again") == round + 1, "it was captured again");
        }

        wire.Send(Wire.Flows(2000, 1000));
        process.Signal("TERM");
        process.AwaitEnd().Succeeded();
        Assert.Equal(4, File.ReadAllLines(_folder["errors"]).Length);
        Summary summary = Summary.Read(_folder["s.json"]);
        Assert.Equal(0, summary["capture"].GetProperty("kernel_drops").GetInt64());
        Assert.Equal(3000, summary.Frames);
        Assert.Equal(3000, CsvTable.ReadFile(_folder["flows.csv"]).Texts("src_ip").Distinct().Count());
    }

    [BinaryFact(Need.Network)]
    public void An_interface_of_a_link_type_that_is_not_supported_is_refused_by_name()
    {
        if (!File.Exists("/dev/net/tun"))
        {
            return;
        }

        using VethPair wire = new();
        using TunDevice can = wire.Open(() => new TunDevice("odd0", kind: 280));
        wire.Start("ip", "link", "set", "odd0", "up").Finish().Succeeded();
        Finished finished =
            wire.Start(FlowMeterBinary.Path!, "capture", "-i", "odd0", "--duration", "1", "-o", _folder["flows.csv"]).Finish().EndedWith(1);
        Assert.Equal("flowmeter: odd0: linktype CAN_SOCKETCAN (227) is not supported; capture another interface.", finished.OnlyLine());
    }

    [BinaryFact(Need.Network)]
    public void What_libpcap_captures_by_itself_is_not_down()
    {
        using VethPair wire = new();
        Finished interfaces = wire.Start(FlowMeterBinary.Path!, "interfaces").Finish();
        if (!interfaces.Output.Contains("nflog", StringComparison.Ordinal))
        {
            return;
        }

        Finished finished = wire.Start(FlowMeterBinary.Path!, "capture", "-i", "nflog:7", "--duration", "2", "-o", _folder["flows.csv"])
            .Finish()
            .Succeeded();
        string[] lines = finished.Errors.Split('\n');
        Assert.StartsWith("flowmeter: sandbox: ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("0 flows: no frame came", lines[1], StringComparison.Ordinal);
    }

    [BinaryFact(Need.Network)]
    public void What_a_handle_dropped_before_its_interface_went_is_still_counted_afterwards()
    {
        using VethPair wire = new();
        Launched process = wire.CaptureTelling(
            _folder["errors"], "-o", _folder["flows.csv"], "-q", "--summary", _folder["s.json"], "--buffer", "1");
        process.Await(() => File.Exists(_folder["flows.csv.partial"]), "it captured");
        process.Signal("STOP");
        wire.Send(Wire.Flows(0, 50_000));
        wire.Disconnect();
        process.Signal("CONT");
        process.Await(() => Said("far0: the interface is down") == 1, "it was missed");
        wire.Connect();
        process.Await(() => Said("far0: is up again") == 1, "it was captured again");
        wire.Send(Wire.Flows(50_000, 1000));
        process.Signal("TERM");
        process.AwaitEnd().Succeeded();
        Summary summary = Summary.Read(_folder["s.json"]);
        long dropped = summary["capture"].GetProperty("kernel_drops").GetInt64();
        Assert.InRange(dropped, 1, 50_000);
        Assert.Equal(51_000, summary.Frames + dropped);
    }

    [BinaryTheory(Need.Network)]
    [InlineData("1")]
    [InlineData("2")]
    public void An_interface_that_is_down_at_the_start_is_waited_for(string workers)
    {
        using VethPair wire = new();
        wire.UseLoopback();
        wire.Set("down");
        Launched process = wire.CaptureTelling(
            _folder["errors"], "-o", _folder["flows.csv"], "-q", "--summary", _folder["s.json"], "--workers", workers, "--metrics", "9106");
        process.Await(
            () => File.Exists(_folder["errors"]) && Said("far0: the interface is down; waiting for it (ip link set far0 up)") == 1,
            "it was said");
        Finished Asked(string page) => wire.Start("curl", "-sS", $"http://127.0.0.1:9106/{page}").Finish();
        string Ask(string page) => Asked(page).Succeeded().Output;
        process.Await(() => Asked("healthz").Output == "ok\n", "it listened");
        Assert.Equal("far0 is down\n", Ask("readyz"));
        Assert.Equal(0, PrometheusText.Parse(Ask("metrics"))["flowmeter_interface_up{interface=\"far0\"}"]);
        wire.Set("up");
        process.Await(() => Said("far0: is up again") == 1, "it was captured");
        Assert.Equal("ok\n", Ask("readyz"));
        Assert.Equal(1, PrometheusText.Parse(Ask("metrics"))["flowmeter_interface_up{interface=\"far0\"}"]);
        wire.Send(Wire.Flows(0, 1000));
        process.Signal("TERM");
        process.AwaitEnd().Succeeded();
        Assert.Equal(1000, Summary.Read(_folder["s.json"]).Frames);
        Assert.Equal(2, File.ReadAllLines(_folder["errors"]).Length);
    }

    private int Said(string words) => File.ReadAllLines(_folder["errors"]).Count(line => line.Contains(words, StringComparison.Ordinal));
}
