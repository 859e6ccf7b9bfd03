using Apache.Arrow.Ipc;
using FlowMeter.Native;
using FlowMeter.Tests.Brokers;
using FlowMeter.Tests.Export;
using FlowMeter.Tests.Oracle;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>Runs of the binary, in their sandbox, that publish to Kafka.</summary>
[Trait("Category", "EndToEnd")]
public sealed class KafkaRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryTheory(Need.Kafka)]
    [InlineData("jsonl")]
    [InlineData("csv")]
    public void What_is_read_and_published_is_what_would_have_been_written(string format)
    {
        using KafkaCluster cluster = new(brokers: 1);
        string file = _folder[$"t.{format}"];
        FlowMeterBinary.Run("read", Samples.Office, "-q", "-o", file).Succeeded();
        Finished run = Read(cluster, "--format", format);
        Assert.Empty(run.Errors);
        KafkaRecord[] records = [.. cluster.Records().OrderBy(record => record.Block)];
        int header = format == "csv" ? 1 : 0;
        Assert.Equal(File.ReadLines(file).Skip(header), records.SelectMany(record => record.Lines.Skip(header)));
        Assert.Equal(File.ReadLines(file).Take(header), records[0].Lines.Take(header));
    }

    [BinaryFact(Need.Kafka)]
    public void Arrow_is_published_as_a_stream_for_each_message()
    {
        using KafkaCluster cluster = new();
        CsvTable table = FlowMeterBinary.Run("read", Samples.Office, "-q").Table();
        Read(cluster, "--format", "arrow");
        int row = 0;
        foreach (KafkaRecord record in cluster.Records().OrderBy(record => record.Block))
        {
            using ArrowStreamReader reader = new(new MemoryStream(record.Body));
            while (reader.ReadNextRecordBatch() is { } batch)
            {
                for (int i = 0; i < batch.Length; i++, row++)
                {
                    for (int column = 0; column < table.Header.Length; column++)
                    {
                        ArrowTests.AssertSame(table.Rows[row][column], batch.Column(column), i);
                    }
                }
            }
        }

        Assert.Equal(table.Rows.Count, row);
    }

    [BinaryFact(Need.Network | Need.Kafka)]
    public void A_capture_that_is_killed_leaves_its_rows_to_the_next_one()
    {
        using KafkaCluster cluster = new();
        cluster.SetDown();
        SpooledCapture capture = new(_folder, 19_998);
        string address = $"kafka://{cluster.Hosts}/flows?sensor=";
        Launched first = capture.Start(address + "one");
        capture.Send(300);
        first.Await(() => capture.Spooled == 300, "all rows were in the spool");
        first.Await(
            () => capture.Errors.Contains("failed: Connection refused; rows wait in ", StringComparison.Ordinal),
            "it was told that the cluster is away");
        first.Signal("KILL");
        first.AwaitEnd();
        cluster.SetDown(false);
        Launched second = capture.Start(address + "two");
        second.Await(() => cluster.Records().Length > 0, "rows were sent");
        capture.Send(50);
        second.Signal("TERM");
        second.AwaitEnd().Succeeded();
        Assert.Contains("has 300 rows in ", capture.Errors, StringComparison.Ordinal);
        Assert.Contains("flowmeter: sandbox: system calls (seccomp)", capture.Errors, StringComparison.Ordinal);
        var broker = capture.Broker;
        Assert.Equal(300, broker.GetProperty("found_rows").GetInt64());
        Assert.Equal(350, broker.GetProperty("acknowledged_rows").GetInt64());
        Assert.Equal(0, broker.GetProperty("spooled_rows").GetInt64());
        KafkaRecord[] records = cluster.Records();
        Assert.Equal(records.Select(record => record.Id).Distinct(), records.Select(record => record.Id));
        Assert.Equal(300, records.Where(record => record.Key == "one").Sum(record => record.Lines.Length));
        Assert.Equal(50, records.Where(record => record.Key == "two").Sum(record => record.Lines.Length));
    }

    /// <summary>librdkafka looks names up when it connects, which is after the sandbox has closed.</summary>
    [BinaryFact(Need.Kafka)]
    public void Names_are_looked_up_in_the_sandbox()
    {
        using KafkaCluster cluster = new();
        FlowMeterBinary.Run(
            "read", Samples.Office, "-q", "--to",
            $"kafka://{cluster.Hosts.Replace("127.0.0.1", "localhost", StringComparison.Ordinal)}/flows").Succeeded();
        Assert.NotEmpty(cluster.Records());
    }

    [BinaryFact(Need.Kafka)]
    public void A_port_that_only_the_cluster_names_is_not_connected_to()
    {
        if (!OperatingSystem.IsLinux() || Sandbox.LandlockVersion < 4)
        {
            return;
        }

        using KafkaCluster cluster = new(brokers: 2);
        cluster.SetLeader(2, partitions: 4);
        string one = $"kafka://{cluster.Hosts.Split(',')[0]}/flows";
        Finished run = FlowMeterBinary.Run("read", Samples.Office, "-q", "--to", one).EndedWith(1);
        Assert.Contains(
            ": Permission denied; rows wait in memory until it works. To do: name the ports of all its servers in the address, since "
                + "a run in its sandbox connects to no others.",
            run.Errors, StringComparison.Ordinal);
        FlowMeterBinary.Run("read", Samples.Office, "-q", "--no-sandbox", "--to", one).Succeeded();
    }

    [BinaryFact(Need.Kafka | Need.Mount)]
    public void Without_librdkafka_it_is_said_what_to_install_before_anything_is_read()
    {
        const string Script = """
            for f in /usr/lib/*/librdkafka.so.1 /usr/lib/librdkafka.so.1 /lib/*/librdkafka.so.1; do
                [ ! -e "$f" ] || mount --bind /dev/null "$(realpath "$f")"
            done
            exec "$0" read "$1" --to kafka://127.0.0.1/flows
            """;
        Finished run = Launched.Start("unshare", "-m", "sh", "-c", Script, FlowMeterBinary.Path!, Samples.Office).Finish().EndedWith(1);
        Assert.Equal(
            "flowmeter: kafka://127.0.0.1/flows: librdkafka was not found, which Kafka needs; install it (Debian: apt install librdkafka1; "
                + "Fedora: dnf install librdkafka).",
            run.OnlyLine());
    }

    private static Finished Read(KafkaCluster cluster, params string[] options) => FlowMeterBinary.Run(
        ["read", Samples.Office, "-q", "--to", $"kafka://{cluster.Hosts}/flows?sensor=here", .. options]).Succeeded();
}
