using FlowMeter.Tests.Brokers;
using FlowMeter.Tests.Oracle;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>Sensors and collectors that are killed, with a real server of NATS between them.</summary>
[Trait("Category", "EndToEnd")]
public sealed class BrokerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _consumers;

    public void Dispose() => _folder.Dispose();

    [BinaryFact(Need.Network | Need.Nats)]
    public void A_capture_that_is_killed_leaves_its_rows_to_the_next_one()
    {
        using NatsServerProcess server = new();
        server.MakeStream();
        server.Kill();
        SpooledCapture capture = new(_folder, 19_999);
        string address = $"nats://127.0.0.1:{server.Port}/flows?sensor=";
        Launched first = capture.Start(address + "one");
        capture.Send(300);
        first.Await(() => capture.Spooled == 300, "all rows were in the spool");
        first.Signal("KILL");
        first.AwaitEnd();
        server.Restart();
        Launched second = capture.Start(address + "two");
        second.Await(() => server.Messages > 0, "rows were sent");
        capture.Send(50);
        second.Signal("TERM");
        second.AwaitEnd().Succeeded();
        Assert.Contains("has 300 rows in ", capture.Errors, StringComparison.Ordinal);
        var broker = capture.Broker;
        Assert.Equal(300, broker.GetProperty("found_rows").GetInt64());
        Assert.Equal(350, broker.GetProperty("acknowledged_rows").GetInt64());
        Assert.Equal(0, broker.GetProperty("spooled_rows").GetInt64());
        Launched collector = Collect(server);
        collector.Await(() => Partial() == 351, "all rows were collected");
        collector.Signal("TERM");
        collector.AwaitEnd().Succeeded();
        CsvTable table = CsvTable.ReadFile(_folder["t.csv"]);
        Assert.Equal(300, table.Texts("sensor").Count(sensor => sensor == "one"));
        Assert.Equal(50, table.Texts("sensor").Count(sensor => sensor == "two"));
    }

    [BinaryFact(Need.Nats)]
    public void A_collector_that_is_killed_again_and_again_writes_each_row_once()
    {
        using NatsServerProcess server = new();
        server.MakeStream();
        using Publisher publisher = new(server.Address());
        Random random = new(1);
        int written = 0;
        for (int round = 0; round < 6; round++)
        {
            Launched collector = Collect(server, "t.csv", "--rotate", "1s");
            for (int block = 0; block < 50; block++, written += 20)
            {
                publisher.Write(written, 20);
                Thread.Sleep(random.Next(60));
            }

            collector.Signal("KILL");
            collector.AwaitEnd();
        }

        Launched last = Collect(server);
        last.Await(() => RowsSoFar() >= written, "all rows were collected");
        last.Signal("TERM");
        Assert.Empty(last.AwaitEnd().Succeeded().Errors);
        Assert.Equal(
            Enumerable.Range(0, written).Select(number => Publisher.Row("s1", number)).Order(StringComparer.Ordinal), Rows());
        Assert.DoesNotContain(_folder.Names(), name => name.EndsWith(".partial", StringComparison.Ordinal));
    }

    [BinaryTheory(Need.Nats)]
    [InlineData("jsonl", "flowmeter")]
    [InlineData("csv", "cic")]
    [InlineData("arrow", "full")]
    public void What_is_read_and_published_is_collected_as_it_would_have_been_written(string format, string profile)
    {
        using NatsServerProcess server = new();
        server.MakeStream();
        Publish(server, "--profile", profile, "--format", format);
        CsvTable written = FlowMeterBinary.Run("read", Samples.Office, "-q", "--profile", profile).Table();
        CollectAll(server, "t.csv");
        CsvTable collected = CsvTable.ReadFile(_folder["t.csv"]);
        Assert.Equal(written.Header, collected.Header.Skip(1));
        Assert.Equal(written.Set().Select(row => "here," + row), collected.Set());
    }

    /// <summary>What reads them is the binary itself, which other readers are held against elsewhere.</summary>
    [BinaryFact(Need.Nats)]
    public void What_is_published_without_a_format_is_collected_in_every_format()
    {
        using NatsServerProcess server = new();
        server.MakeStream();
        Publish(server);
        string[] paths = ["t.csv", "t.jsonl", "t.parquet"];
        int rows = FlowMeterBinary.Run("read", Samples.Office, "-q").Table().Rows.Count;
        string[] scored =
        [
            .. paths.Select(path =>
            {
                CollectAll(server, path);
                return FlowMeterBinary.Run("score", _folder[path], "-q").Succeeded().Output;
            }),
        ];
        Assert.Equal(rows + 2, scored[0].Split('\n').Length);
        Assert.Equal([scored[0], scored[0]], scored[1..]);
        CollectAll(server, "t.arrows");
        CollectAll(server, "t.arrow");
        Assert.True(File.ReadAllBytes(_folder["t.arrow"]).AsSpan().EndsWith("ARROW1"u8));
    }

    /// <summary>In its sandbox a run reads no certificate any more, and connects to this port alone.</summary>
    [BinaryFact(Need.Nats)]
    public void A_run_in_its_sandbox_publishes_by_TLS()
    {
        using TestCertificates certificates = new();
        using NatsServerProcess server = new(certificates.Configuration("server", asksClient: true) + "\nallow_non_tls: true");
        server.MakeStream();
        string settings = $"?ca={certificates.Authority}&cert={certificates.Client}";
        FlowMeterBinary.Run("read", Samples.Office, "-q", "--to", $"tls://127.0.0.1:{server.Port}/flows{settings}").Succeeded();
        Assert.InRange(server.Messages, 1, 10);
    }

    [BinaryFact(Need.Nats)]
    public void IPFIX_is_published_and_not_collected()
    {
        using NatsServerProcess server = new();
        server.MakeStream();
        Publish(server, "--format", "ipfix");
        Assert.InRange(server.Messages, 1, 3);
        Finished collector = Collect(server, "t.parquet").AwaitEnd().EndedWith(1);
        Assert.Equal(
            "flowmeter: messages of here are ipfix, of which parquet can not be made; have the sensor publish --format arrow, or give -o "
                + "another ending.",
            collector.OnlyLine());
    }

    private static void Publish(NatsServerProcess server, params string[] options) => FlowMeterBinary.Run(
        ["read", Samples.Office, "-q", "--to", $"nats://127.0.0.1:{server.Port}/flows?sensor=here", .. options]).Succeeded();

    private string[] Rows() => Collecting.Rows(_folder);

    private Launched Collect(NatsServerProcess server, string file = "t.csv", params string[] options) => FlowMeterBinary.Start(
        ["collect", "--from", $"nats://127.0.0.1:{server.Port}/flows", "-q", "-o", _folder[file], .. options]);

    /// <summary>Collects all that was published into a file, by a consumer of its own.</summary>
    private void CollectAll(NatsServerProcess server, string file)
    {
        Launched collector = Collect(server, file);
        _consumers++;
        collector.Await(() => server.IsAllTaken(_consumers), "all was collected");
        collector.Signal("TERM");
        Assert.Empty(collector.AwaitEnd().Succeeded().Errors);
    }

    /// <summary>Rows of all files so far; too few while a file gets its name.</summary>
    private int RowsSoFar() => _folder.PeekAll("*.csv *.partial").Split('\n').Count(
        line => line.StartsWith("s1,", StringComparison.Ordinal));

    /// <summary>Lines of the file that is being written.</summary>
    private int Partial() => _folder.PeekAll("*.partial").Count(c => c == '\n');
}
