using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Output;

namespace FlowMeter.Tests.Brokers;

/// <summary>Fifty sensors, a cluster whose servers are killed, and a collector: each row once.</summary>
public sealed class NatsClusterTests
{
    private const int Sensors = 50;
    private const int Blocks = 40;
    private const int RowsOfBlock = 10;

    [NatsFact]
    public void Fifty_sensors_lose_nothing_while_one_server_is_killed_and_then_another()
    {
        using TemporaryFolder folder = new();
        using NatsCluster cluster = new();
        Publisher[] publishers = [.. Enumerable.Range(0, Sensors).Select(number => new Publisher(cluster.Address, $"s{number}"))];
        try
        {
            using Collecting collecting = new(cluster.Address, folder["t.csv"]);
            for (int block = 0; block < Blocks; block++)
            {
                foreach (Publisher publisher in publishers)
                {
                    publisher.Write(block * RowsOfBlock, RowsOfBlock);
                }

                Thread.Sleep(100);
                switch (block)
                {
                    case 10:
                        cluster[0].Kill();
                        break;
                    case 20:
                        // One of three is no majority: nothing is acknowledged.
                        cluster[1].Kill();
                        break;
                    case 30:
                        cluster[0].Restart();
                        cluster[1].Restart();
                        break;
                }
            }

            ResilientRun.Await(
                () => publishers.All(publisher => publisher.Broker.Acknowledged.Rows == Blocks * RowsOfBlock), "all was acknowledged");
            Assert.All(publishers, publisher => Assert.Equal(0, publisher.Output.LostRows));
            collecting.Finish(Sensors * Blocks * RowsOfBlock);
        }
        finally
        {
            foreach (Publisher publisher in publishers)
            {
                publisher.Dispose();
            }
        }

        Assert.Equal(
            Enumerable.Range(0, Sensors).SelectMany(sensor => Enumerable.Range(0, Blocks * RowsOfBlock).Select(
                number => Publisher.Row($"s{sensor}", number))).Order(StringComparer.Ordinal),
            Collecting.Rows(folder));
    }
}
