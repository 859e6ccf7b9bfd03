using FlowMeter.Engine.Brokers;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Output;
using FlowMeter.Native;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Output;

namespace FlowMeter.Tests.Brokers;

/// <summary>What is published to Kafka is in the topic, by the word of another client, whatever happens to the cluster.</summary>
public sealed class KafkaTests
{
    private const int RequestTimedOut = 7;
    private const int NotLeader = 6;
    private const int OutOfOrder = 45;

    [KafkaFact]
    public void Rows_of_several_sensors_are_in_the_topic_as_they_were_published()
    {
        using KafkaCluster cluster = new(brokers: 3);
        using Publisher one = new(cluster.Address(), "one");
        using Publisher two = new(cluster.Address(), "t wo", format: TableFormat.Csv);
        for (int block = 0; block < 20; block++)
        {
            one.Write(block * 100, 100);
            two.Write(block, 1);
        }

        one.Output.Complete();
        two.Output.Complete();
        Assert.Equal((2000, 0), ((int)one.Broker.Acknowledged.Rows, (int)one.Output.LostRows));
        Assert.Equal(default, one.Broker.Waiting);
        Assert.Empty(one.Told);
        KafkaRecord[] records = cluster.Records();
        KafkaRecord[] ofOne = [.. records.Where(record => record.Key == "one")];
        KafkaRecord[] ofTwo = [.. records.Where(record => record.Key == "t wo")];
        Assert.Equal((20, 20, 40), (ofOne.Length, ofTwo.Length, records.Length));

        // One sensor's messages are in one partition, in their order.
        Assert.Single(ofOne.Select(record => record.Partition).Distinct());
        Assert.Equal(Enumerable.Range(0, 20), ofOne.Select(record => record.Block));
        Assert.Equal(
            Enumerable.Range(0, 2000).Select(number => $"{{\"number\":{number},\"text\":\"text {number}\"}}"),
            ofOne.SelectMany(record => record.Lines));
        Assert.Equal(Enumerable.Range(0, 20).SelectMany(number => new[] { "number,text", $"{number},text {number}" }),
            ofTwo.SelectMany(record => record.Lines));
        IReadOnlyDictionary<string, string> headers = ofOne[7].Headers;
        Assert.Equal(
            [
                "Flowmeter-Block", "Flowmeter-Format", "Flowmeter-Id", "Flowmeter-Profile", "Flowmeter-Rows", "Flowmeter-Run",
                "Flowmeter-Schema", "Flowmeter-Sensor",
            ],
            headers.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("one", "100", "jsonl"), (headers["Flowmeter-Sensor"], headers["Flowmeter-Rows"], headers["Flowmeter-Format"]));
        Assert.Equal($"one/{headers["Flowmeter-Run"]}/7", ofOne[7].Id);
    }

    /// <summary>The producer waits and goes on: nothing is told, and nothing is there twice.</summary>
    [KafkaFact]
    public void A_cluster_that_is_away_for_some_seconds_loses_and_doubles_nothing()
    {
        using KafkaCluster cluster = new();
        using Publisher publisher = new(cluster.Address());
        for (int block = 0; block < 300; block++)
        {
            publisher.Write(block * 10, 10);

            // So that there are many messages in place of one, on both sides of the failure.
            Thread.Sleep(block % 20 == 0 ? 50 : 0);
            if (block is 100 or 200)
            {
                cluster.SetDown(block == 100);
            }
        }

        ResilientRun.Await(() => publisher.Broker.Acknowledged.Rows == 3000, "all rows were acknowledged");
        publisher.Output.Complete();
        Assert.Empty(publisher.Told);
        AssertWhole(cluster, 3000, isExact: true);
    }

    [KafkaFact]
    public void A_cluster_that_is_away_for_long_is_told_and_gets_all_when_it_is_back()
    {
        using KafkaCluster cluster = new();
        using Publisher publisher = new(cluster.Address());
        publisher.Write(0, 10);
        ResilientRun.Await(() => publisher.Broker.Acknowledged.Rows == 10, "the first rows were acknowledged");
        cluster.SetDown();
        for (int block = 1; block < 200; block++)
        {
            publisher.Write(block * 10, 10);
        }

        ResilientRun.Await(() => publisher.Broker.IsFailing, "the silence was noticed");
        Assert.Equal((1990, 0), ((int)publisher.Broker.Waiting.Rows, (int)publisher.Output.LostRows));
        cluster.SetDown(false);
        ResilientRun.Await(() => publisher.Broker.Acknowledged.Rows == 2000, "all rows were acknowledged");
        ResilientRun.Await(() => !publisher.Broker.IsFailing, "it was told that it works");
        publisher.Output.Complete();
        Assert.Equal(2, publisher.Told.Length);
        Assert.Equal(
            $"{cluster.Address().Name}: can not be reached: Connect to ipv4#{cluster.Hosts} failed: Connection refused; rows wait in "
                + "memory until it works. To do: see whether servers and network are up, and whether they want kafkas:// or a user.",
            publisher.Told[0]);
        Assert.Equal($"{cluster.Address().Name}: takes rows again.", publisher.Told[1]);
        AssertWhole(cluster, 2000, isExact: false);
    }

    [KafkaFact]
    public void A_cluster_that_is_not_there_at_first_is_told_within_seconds()
    {
        using KafkaCluster cluster = new();
        cluster.SetDown();
        using Publisher publisher = new(cluster.Address());
        publisher.Write(0, 10);
        ResilientRun.Await(() => publisher.Told.Length == 1, "it was told");
        cluster.SetDown(false);
        ResilientRun.Await(() => publisher.Broker.Acknowledged.Rows == 10, "the rows were acknowledged");
        Assert.Contains("failed: Connection refused; rows wait in memory", publisher.Told[0], StringComparison.Ordinal);
    }

    [KafkaFact]
    public void What_the_cluster_refuses_for_a_moment_is_sent_again_by_the_producer_in_order()
    {
        using KafkaCluster cluster = new(partitions: 1);
        using Publisher publisher = new(cluster.Address());
        for (int block = 0; block < 100; block++)
        {
            // So that there are many messages in place of one, on both sides of the failure. None is under way behind the one that is
            // refused: the mock takes it, unlike a server, and then takes what is sent again for a double.
            Thread.Sleep(block % 10 == 0 ? 20 : 0);
            bool isRefused = block is 30 or 60;
            if (isRefused)
            {
                AwaitAcknowledged(block * 10);
                cluster.Refuse(block == 30 ? [RequestTimedOut, RequestTimedOut] : [NotLeader]);
            }

            publisher.Write(block * 10, 10);
            if (isRefused)
            {
                AwaitAcknowledged((block + 1) * 10);
            }
        }

        void AwaitAcknowledged(long rows) =>
            ResilientRun.Await(() => publisher.Broker.Acknowledged.Rows == rows, "the rows were acknowledged");

        publisher.Output.Complete();
        Assert.Empty(publisher.Told);
        AssertWhole(cluster, 1000, isExact: true);
        Assert.Equal(Enumerable.Range(0, 100), cluster.Records().Select(record => record.Block));
    }

    [KafkaFact]
    public void A_producer_that_has_lost_track_is_replaced_and_the_rows_are_sent_again()
    {
        using KafkaCluster cluster = new();
        using Publisher publisher = new(cluster.Address());
        publisher.Write(0, 10);
        ResilientRun.Await(() => publisher.Broker.Acknowledged.Rows == 10, "the first rows were acknowledged");
        cluster.Refuse(OutOfOrder, OutOfOrder);
        publisher.Write(10, 10);
        publisher.Write(20, 10);
        ResilientRun.Await(() => publisher.Broker.Acknowledged.Rows == 30, "all rows were acknowledged");
        publisher.Output.Complete();
        Assert.Contains(": has lost track of what it has: ", publisher.Told[0], StringComparison.Ordinal);
        Assert.Contains("To do: see what the broker's log says; a new producer is tried.", publisher.Told[0], StringComparison.Ordinal);
        AssertWhole(cluster, 30, isExact: true);
    }

    [KafkaTheory]
    [InlineData(3, "has no topic flows", "make it, as with kafka-topics.sh --bootstrap-server HOST:PORT --create --topic flows")]
    [InlineData(29, "refuses: Broker: Topic authorization failed", "give this user the right to write to topic flows, and idempotently")]
    public void A_topic_that_can_not_be_written_to_is_told_and_rows_wait_for_it(int error, string reason, string advice)
    {
        using KafkaCluster cluster = new();
        cluster.SetTopic(error);
        using Publisher publisher = new(cluster.Address());
        publisher.Write(0, 10);
        ResilientRun.Await(() => publisher.Told.Length == 1, "it was told");
        Assert.Equal(
            $"{cluster.Address().Name}: {reason}; rows wait in memory until it works. To do: {advice}.", publisher.Told[0]);
        cluster.SetTopic(0);
        ResilientRun.Await(() => publisher.Broker.Acknowledged.Rows == 10, "the rows were acknowledged");
    }

    [KafkaTheory]
    [InlineData(10, "takes no message of this length", "set max.message.bytes of topic flows to 1048588 or more")]
    [InlineData(29, "refuses: Broker: Topic authorization failed", "give this user the right to write to topic flows, and idempotently")]
    [InlineData(47, "refuses: Broker: Producer attempted an operation with an old epoch", "see what the broker's log says")]
    public void A_message_that_is_refused_is_told_and_sent_again(int error, string reason, string advice)
    {
        using KafkaCluster cluster = new();
        using Publisher publisher = new(cluster.Address());
        cluster.Refuse(error);
        publisher.Write(0, 10);
        ResilientRun.Await(() => publisher.Broker.Acknowledged.Rows == 10, "the rows were acknowledged");
        publisher.Output.Complete();
        Assert.Equal(
            $"{cluster.Address().Name}: {reason}; rows wait in memory until it works. To do: {advice}.", publisher.Told[0]);
        AssertWhole(cluster, 10, isExact: true);
    }

    [KafkaFact]
    public void What_a_run_leaves_in_the_spool_the_next_one_sends_under_the_name_of_its_sensor()
    {
        using TemporaryFolder folder = new();
        using KafkaCluster cluster = new();
        cluster.SetDown();
        using (Publisher publisher = new(cluster.Address(), "first", spool: folder.Path))
        {
            publisher.Write(0, 500);
            publisher.Write(500, 500);
        }

        cluster.SetDown(false);
        using Publisher next = new(cluster.Address(), "second", spool: folder.Path);
        next.Write(1000, 10);
        next.Output.Complete();
        Assert.Equal((1000, 1010, 0), ((int)next.Broker.Found.Rows, (int)next.Broker.Acknowledged.Rows, (int)next.Output.LostRows));
        KafkaRecord[] records = cluster.Records();
        Assert.Equal(["first", "first", "second"], records.Select(record => record.Key).Order(StringComparer.Ordinal));
        Assert.All(records, record => Assert.Equal(record.Key, record.Headers["Flowmeter-Sensor"]));
    }

    [KafkaFact]
    public void A_row_of_megabytes_is_a_message_of_its_own()
    {
        using KafkaCluster cluster = new(partitions: 1);
        using Publisher publisher = new(cluster.Address());
        byte[] row = [.. Enumerable.Repeat((byte)'x', 3 << 20), (byte)'\n'];
        publisher.Output.Write(row);
        publisher.Write(0, 1);
        publisher.Output.Complete();
        Assert.Empty(publisher.Told);
        Assert.Equal([row.Length, 29], cluster.Records().Select(record => record.Body.Length));
    }

    [Fact]
    public void Without_librdkafka_it_is_said_what_to_install() => Assert.Equal(
        "librdkafka was not found, which Kafka needs; install it (Debian: apt install librdkafka1; Fedora: dnf install librdkafka)",
        Assert.Throws<KafkaException>(() => LibRdKafka.Load(["no-such-library.so.1"])).Message);

    [KafkaFact]
    public void Files_that_can_not_be_used_are_told_at_the_start()
    {
        using TemporaryFolder folder = new();
        string noise = folder.Write("noise.pem", "noise");
        Assert.Equal(
            $"{folder["none"]}: Could not find file '{folder["none"]}'; name another file, or leave it out.",
            Refusal($"kafka://user@127.0.0.1/flows?password-file={folder["none"]}"));
        string notPem = Refusal($"kafka://127.0.0.1/flows?ca={noise}");
        Assert.StartsWith(
            "kafka://127.0.0.1/flows: failed to read certificate #0 from ssl.ca.pem: not in PEM format?: ", notPem,
            StringComparison.Ordinal);
        Assert.EndsWith("; see the settings of the address, and their files.", notPem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', notPem);
        Assert.Contains("no-such-host.invalid is not known: ", Refusal("kafka://no-such-host.invalid/flows"), StringComparison.Ordinal);
    }

    private static string Refusal(string address) => Assert.Throws<OutputException>(
        () => BrokerOutput.Prepare(BrokerAddress.Parse(address), TimeProvider.System)).Message;

    private static void AssertWhole(KafkaCluster cluster, int rows, bool isExact)
    {
        KafkaRecord[] records = cluster.Records();
        KafkaRecord[] distinct = [.. records.DistinctBy(record => record.Id)];
        Assert.Equal(
            Enumerable.Range(0, rows).Select(number => $"{{\"number\":{number},\"text\":\"text {number}\"}}"),
            distinct.OrderBy(record => record.Block).SelectMany(record => record.Lines));
        Assert.Equal(isExact ? distinct.Length : records.Length, records.Length);
    }
}
