using System.Text.Json;
using FlowMeter.Tests.Oracle;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>What may be captured and how: several interfaces, directions, filters, processors, and what is told meanwhile.</summary>
[Trait("Category", "EndToEnd")]
public sealed class CaptureOptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryTheory(Need.Network)]
    [InlineData("1")]
    [InlineData("2")]
    public void The_device_any_is_every_interface_on_one_handle(string workers)
    {
        using VethPair wire = new();
        Launched process = wire.Start(
            FlowMeterBinary.Path!, "capture", "-i", "any", "--workers", workers, "-o", _folder["flows.csv"], "-q", "--summary",
            _folder["s.json"]);
        process.Await(() => File.Exists(_folder["flows.csv.partial"]), "it captured");
        wire.Send(Wire.Flows(0, 5000));
        wire.Send(Wire.Flows(0, 5000));
        process.Signal("TERM");
        Assert.Empty(process.AwaitEnd().Succeeded().Errors);
        Summary summary = Summary.Read(_folder["s.json"]);
        Assert.Equal(10_000, summary.Frames + summary["capture"].GetProperty("kernel_drops").GetInt64());
        Assert.Equal(5000, summary.Flows);
        Assert.All(CsvTable.ReadFile(_folder["flows.csv"]).Texts("packets"), packets => Assert.Equal("2", packets));
    }

    [BinaryFact(Need.Network | Need.Bash)]
    public void Several_interfaces_make_one_table_and_are_counted_apart()
    {
        using VethPair wire = new();
        wire.UseLoopback();
        Launched process = wire.Capture("-i", "lo", "--workers", "2", "-o", _folder["flows.csv"], "-q", "--summary", _folder["s.json"]);
        process.Await(() => File.Exists(_folder["flows.csv.partial"]), "it captured");
        wire.Send(Wire.Flows(0, 500));
        wire.Start("bash", "-c", "echo a > /dev/udp/127.0.0.1/9").Finish().Succeeded();
        process.Signal("TERM");
        Assert.Empty(process.AwaitEnd().Succeeded().Errors);
        Summary summary = Summary.Read(_folder["s.json"]);
        JsonElement[] workers = [.. summary["capture"].GetProperty("workers").EnumerateArray()];
        Assert.Equal(["far0", "far0", "lo", "lo"], workers.Select(worker => worker.GetProperty("interface").GetString()!));
        Assert.Equal(500, workers[..2].Sum(worker => worker.GetProperty("frames").GetInt64()));
        Assert.InRange(workers[2..].Sum(worker => worker.GetProperty("frames").GetInt64()), 1, 10);
        Assert.Contains("127.0.0.1", CsvTable.ReadFile(_folder["flows.csv"]).Texts("dst_ip"));
    }

    [BinaryTheory(Need.Network)]
    [InlineData("in", 1000)]
    [InlineData("out", 500)]
    [InlineData("both", 1500)]
    public void A_direction_is_seen_from_this_machine(string direction, int packets)
    {
        using VethPair wire = new();
        Launched process = wire.CaptureInto(_folder["flows.csv"], "-q", "--summary", _folder["s.json"], "--direction", direction);
        wire.Send(Wire.Flows(0, 1000));
        wire.SendBack(Wire.Flows(1000, 500));
        process.Signal("TERM");
        process.AwaitEnd().Succeeded();
        Assert.Equal(packets, Summary.Read(_folder["s.json"]).Frames);
    }

    [BinaryFact(Need.Network)]
    public void Pinned_workers_have_a_processor_each()
    {
        using VethPair wire = new();
        Launched process = wire.CaptureInto(_folder["flows.csv"], "-q", "--workers", "2", "--pin");
        string[] Pinned() => [.. Directory.GetDirectories($"/proc/{process.Id}/task")
            .SelectMany(task => File.ReadLines(Path.Join(task, "status"))).Where(
                line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal))
            .Select(line => line.Split('\t')[1]).Where(
                list => !list.Contains('-', StringComparison.Ordinal) && !list.Contains(',', StringComparison.Ordinal))];
        if (Environment.ProcessorCount > 1)
        {
            process.Await(() => Pinned().Length == 2, "two threads were pinned");
            Assert.Equal(2, Pinned().Distinct().Count());
        }

        process.Signal("TERM");
        process.AwaitEnd().Succeeded();
    }

    [BinaryTheory(Need.Network)]
    [InlineData("")]
    [InlineData("1")]
    public void What_a_filter_keeps_out_is_in_no_counter(string buffer)
    {
        using VethPair wire = new();
        string[] small = buffer.Length == 0 ? [] : ["--buffer", buffer];
        Launched process = wire.CaptureInto(
            _folder["flows.csv"], ["-q", "--summary", _folder["s.json"], "--filter", "src net 10.0.0.0/17", .. small]);
        bool isFull = small.Length > 0;
        if (isFull)
        {
            process.Signal("STOP");
        }

        // 32,768 are in the net; the others are not.
        wire.Send(Wire.Flows(0, 60_000));
        process.Signal("CONT");
        process.Signal("TERM");
        process.AwaitEnd().Succeeded();
        Summary summary = Summary.Read(_folder["s.json"]);
        long dropped = summary["capture"].GetProperty("kernel_drops").GetInt64();
        Assert.Equal(32_768, summary.Frames + dropped);
        Assert.Equal(isFull, dropped > 0);
    }

    [BinaryFact(Need.Network)]
    public void Counters_are_told_as_often_as_asked_and_at_a_signal_and_a_loss_once()
    {
        using VethPair wire = new();
        string errors = _folder["errors"];
        Launched process = wire.CaptureTelling(
            errors, "-o", _folder["flows.csv"], "-q", "--workers", "2", "--max-flows", "64", "--stats-every", "0.2");
        process.Await(() => File.Exists(errors) && File.ReadAllLines(errors).Length >= 2, "two lines were told");
        wire.Send(Wire.Flows(0, 1000));
        process.Await(() => File.ReadAllText(errors).Contains(
            "had to leave the full table; raise --max-flows, or lower --idle-timeout.", StringComparison.Ordinal), "the loss was told");
        wire.Send(Wire.Flows(1000, 1000));
        process.Await(() => File.ReadAllText(errors).Contains(" 2,000 packets (", StringComparison.Ordinal), "all packets were told");
        process.Signal("TERM");
        process.AwaitEnd().Succeeded();
        string[] lines = File.ReadAllLines(errors);
        Assert.Single(lines, line => line.StartsWith("flowmeter: warning: ", StringComparison.Ordinal));
        Assert.All(lines.Where(line => !line.Contains("warning", StringComparison.Ordinal)), line => Assert.Matches(
            @"^flowmeter: \d+ s, [\d,]+ packets \([\d,]+/s\), [\d,]+ flows live, [\d,]+ ended; dropped by kernel 0 \(by worker: 0 0\), by "
                + @"interface 0; flows not written 0, evicted [\d,]+$",
            line));
    }

    [BinaryFact(Need.Network)]
    public void A_signal_asks_for_one_line_of_counters()
    {
        using VethPair wire = new();
        string errors = _folder["errors"];
        Launched process = wire.CaptureTelling(errors, "-o", _folder["flows.csv"], "-q", "--summary", _folder["s.json"]);
        process.Await(() => File.Exists(_folder["s.json.partial"]), "it captured");
        wire.Send(Wire.Flows(0, 10));
        process.Await(process.CatchesInterrupt, "it caught signals");

        // The kernel hands over frames after a tenth of a second, and one line is asked for, once.
        Thread.Sleep(500);
        process.Signal("USR1");
        process.Await(() => File.ReadAllText(errors).Contains(" 10 packets (", StringComparison.Ordinal), "the line was told");
        process.Signal("TERM");
        process.AwaitEnd().Succeeded();
        Assert.Single(File.ReadAllLines(errors));
    }

    [BinaryFact(Need.Network)]
    public void Interfaces_are_listed_as_a_table_and_as_JSON()
    {
        using VethPair wire = new();
        wire.UseLoopback();
        Finished table = wire.Start(FlowMeterBinary.Path!, "interfaces").Finish().Succeeded();
        string[] lines = table.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Matches("^name +state +link type +addresses +description$", lines[0]);
        Assert.Contains(lines, line => System.Text.RegularExpressions.Regex.IsMatch(line, "^far0 +up +EN10MB"));
        Assert.Contains(lines, line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^lo +up +EN10MB +127\.0\.0\.1/8"));

        wire.Set("down");
        using JsonDocument json = JsonDocument.Parse(wire.Start(FlowMeterBinary.Path!, "interfaces", "--json").Finish().Succeeded().Output);
        JsonElement far = Assert.Single(json.RootElement.EnumerateArray(), device => device.GetProperty("name").GetString() == "far0");
        Assert.False(far.GetProperty("up").GetBoolean());
        Assert.False(far.GetProperty("loopback").GetBoolean());
        JsonElement lo = Assert.Single(json.RootElement.EnumerateArray(), device => device.GetProperty("name").GetString() == "lo");
        Assert.True(lo.GetProperty("loopback").GetBoolean());
        Assert.Equal("EN10MB", lo.GetProperty("link_type").GetString());
        Assert.Equal("127.0.0.1/8", lo.GetProperty("addresses")[0].GetString());
    }

    [BinaryFact]
    public void A_pipe_that_pauses_gives_the_rows_of_what_has_ended()
    {
        byte[] capture = Support.CaptureWriter.Pcap(
            [.. Enumerable.Range(0, 50).Select(i => Samples.Udp(i, i * 1e-3)), .. Enumerable.Range(1, 5).Select(
                i => Samples.Udp(50, 40 * i))]);
        Launched process = FlowMeterBinary.Start("read", "-", "-q", "-o", _folder["flows.csv"]);
        process.Input.Write(capture);
        process.Input.Flush();
        process.Await(
            () => File.Exists(_folder["flows.csv.partial"]) && _folder.Peek("flows.csv.partial").Count(c => c == '\n') == 51,
            "fifty rows came out");
        process.Finish().Succeeded();
        Assert.Equal(51, CsvTable.ReadFile(_folder["flows.csv"]).Rows.Count);
    }
}
