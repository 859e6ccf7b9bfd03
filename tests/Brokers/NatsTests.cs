using FlowMeter.Engine.Export;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Output;

namespace FlowMeter.Tests.Brokers;

/// <summary>What is published is collected, row by row, whatever happens to the server between.</summary>
public sealed class NatsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [NatsFact]
    public void Rows_of_several_sensors_are_collected_as_they_were_published()
    {
        using NatsServerProcess server = new();
        server.MakeStream();
        using Publisher one = new(server.Address("flows.a"), "one");
        using Publisher two = new(server.Address("flows.b"), "t,wo", format: TableFormat.Csv);
        one.Write(0, 1000);
        two.Write(0, 10);
        one.Write(1000, 1);
        one.Output.Complete();
        two.Output.Complete();
        Assert.Equal((1001, 2, 0), ((int)one.Broker.Acknowledged.Rows, (int)one.Broker.Acknowledged.Messages, (int)one.Output.LostRows));
        Assert.Equal(default, one.Broker.Waiting);
        Assert.Empty(one.Told);
        using Collecting collecting = new(server.Address("flows.>"), _folder["t.csv"]);
        collecting.Finish(1011);
        string[] expected =
        [
            .. Enumerable.Range(0, 1001).Select(number => Publisher.Row("one", number)),
            .. Enumerable.Range(0, 10).Select(number => Publisher.Row("\"t,wo\"", number)),
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), Collecting.Rows(_folder));

        // The schemas differ by their formats, so the tables are two.
        Assert.Equal(["t-1.csv", "t.csv", "t.csv.journal"], _folder.Names());
        Assert.Equal("sensor,number,text", File.ReadLines(_folder["t.csv"]).First());
        Assert.Empty(collecting.Told);
    }

    [NatsFact]
    public void Objects_are_collected_with_the_sensor_as_their_first_member()
    {
        using NatsServerProcess server = new();
        server.MakeStream();
        using Publisher publisher = new(server.Address(), "a\"b");
        publisher.Write(7, 2);
        publisher.Output.Complete();
        server.Publish("flows.other", "hello");
        using Collecting collecting = new(server.Address("flows"), _folder["t.jsonl"]);
        collecting.Finish(2);
        Assert.Equal(
            ["{\"sensor\":\"a\\\"b\",\"number\":7,\"text\":\"text 7\"}", "{\"sensor\":\"a\\\"b\",\"number\":8,\"text\":\"text 8\"}"],
            Collecting.Rows(_folder, ".jsonl"));
    }

    [NatsFact]
    public void A_message_of_somebody_else_is_told_and_left_out()
    {
        using NatsServerProcess server = new();
        server.MakeStream();
        server.Publish("flows.other", "hello");
        using Publisher publisher = new(server.Address());
        publisher.Write(0, 3);
        publisher.Output.Complete();
        using Collecting collecting = new(server.Address(">"), _folder["t.jsonl"]);
        collecting.Finish(3);
        Assert.Equal(1, collecting.Collector.Skipped);
        Assert.EndsWith("has messages that no sensor sent; they are left out.", Assert.Single(collecting.Told), StringComparison.Ordinal);
    }

    [NatsFact]
    public void A_server_that_is_killed_and_comes_back_loses_and_doubles_nothing()
    {
        using NatsServerProcess server = new();
        server.MakeStream();
        using Publisher publisher = new(server.Address());
        using Collecting collecting = new(server.Address(), _folder["t.csv"]);
        for (int round = 0; round < 3; round++)
        {
            for (int block = 0; block < 200; block++)
            {
                publisher.Write((round * 2000) + (block * 10), 10);
                Thread.Sleep(block == 100 ? 100 : 0);
                if (block == 100)
                {
                    server.Kill();
                }
            }

            server.Restart();
        }

        collecting.Finish(6000);
        publisher.Output.Complete();
        Assert.Equal((6000, 0), ((int)publisher.Broker.Acknowledged.Rows, (int)publisher.Output.LostRows));
        Assert.Equal(
            Enumerable.Range(0, 6000).Select(number => Publisher.Row("s1", number)).Order(StringComparer.Ordinal),
            Collecting.Rows(_folder));
        Assert.Contains(publisher.Told, line => line.EndsWith("takes rows again.", StringComparison.Ordinal));
    }

    [NatsFact]
    public void A_server_that_does_not_answer_holds_nobody_up_and_gets_all_when_it_does()
    {
        using NatsServerProcess server = new();
        server.MakeStream();
        using Publisher publisher = new(server.Address());
        publisher.Write(0, 10);
        ResilientRun.Await(() => publisher.Broker.Acknowledged.Rows == 10, "the first rows were acknowledged");
        server.Signal("STOP");
        for (int block = 1; block < 200; block++)
        {
            publisher.Write(block * 10, 10);
        }

        ResilientRun.Await(() => publisher.Broker.IsFailing, "the silence was noticed");
        server.Signal("CONT");
        ResilientRun.Await(() => publisher.Broker.Acknowledged.Rows == 2000, "all rows were acknowledged");
        publisher.Output.Complete();
        Assert.Contains("does not answer any more; rows wait in memory", publisher.Told[0], StringComparison.Ordinal);
        using Collecting collecting = new(server.Address(), _folder["t.csv"]);
        collecting.Finish(2000);
        Assert.Equal(2000, Collecting.Rows(_folder).Distinct().Count());
        Assert.Equal(2000, Collecting.Rows(_folder).Length);
    }

    [NatsFact]
    public void Without_a_stream_it_is_said_what_to_do_and_rows_wait_for_one()
    {
        using NatsServerProcess server = new();
        using Publisher publisher = new(server.Address());
        publisher.Write(0, 10);
        ResilientRun.Await(() => publisher.Told.Length == 1, "it was told");
        Assert.Equal(
            $"{server.Address().Name}: has no stream that takes the subject flows; rows wait in memory until it works. To do: make one, as "
                + "with nats stream add flows --subjects flows.",
            publisher.Told[0]);
        server.MakeStream();
        ResilientRun.Await(() => publisher.Broker.Acknowledged.Rows == 10, "the rows were acknowledged");
    }

    [NatsFact]
    public void What_a_run_leaves_in_the_spool_the_next_one_sends()
    {
        using NatsServerProcess server = new();
        server.MakeStream();
        server.Kill();
        string spool = _folder["spool"];
        Directory.CreateDirectory(spool);
        using (Publisher publisher = new(server.Address(), spool: spool))
        {
            publisher.Write(0, 500);
            publisher.Write(500, 500);

            // As after kill -9: not completed.
        }

        server.Restart();
        using Publisher next = new(server.Address(), spool: spool);
        Assert.Equal((1000, 2), ((int)next.Broker.Found.Rows, (int)next.Broker.Found.Messages));
        next.Write(1000, 10);
        next.Output.Complete();
        Assert.Equal((1010, 0), ((int)next.Broker.Acknowledged.Rows, (int)next.Output.LostRows));
        using Collecting collecting = new(server.Address(), _folder["t.csv"]);
        collecting.Finish(1010);
        Assert.Equal(
            Enumerable.Range(0, 1010).Select(number => Publisher.Row("s1", number)).Order(StringComparer.Ordinal),
            Collecting.Rows(_folder));
    }

    /// <summary>Written = acknowledged + waiting + lost, at every moment and at the end.</summary>
    [NatsFact]
    public void Rows_that_find_no_room_are_counted_and_those_that_memory_loses_at_the_end()
    {
        using NatsServerProcess server = new();
        server.Kill();
        using Publisher publisher = new(server.Address(), bytes: 64 << 10);
        for (int block = 0; block < 100; block++)
        {
            publisher.Write(block * 100, 100);
        }

        Assert.True(publisher.Output.LostRows > 0);
        Assert.Equal(10_000, publisher.Output.LostRows + publisher.Broker.Waiting.Rows);
        long waiting = publisher.Broker.Waiting.Rows;
        publisher.Output.Complete();
        Assert.Equal((10_000, 0), ((int)publisher.Output.LostRows, (int)publisher.Output.Rows));
        Assert.True(publisher.Broker.LosesWaiting);
        Assert.Equal(default, publisher.Broker.Waiting);
        Assert.Contains($"{waiting} rows in ", publisher.Told[^1], StringComparison.Ordinal);
        Assert.EndsWith("they are lost; --spool keeps them.", publisher.Told[^1], StringComparison.Ordinal);
    }
}
