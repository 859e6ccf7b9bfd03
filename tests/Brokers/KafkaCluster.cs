using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using FlowMeter.Engine.Brokers;
using FlowMeter.Tests.EndToEnd;

namespace FlowMeter.Tests.Brokers;

/// <summary>
/// librdkafka's own mock of a cluster, in the test's process, on free ports of this machine; a partition keeps 5 MB. What is in it is read
/// by kcat.
/// </summary>
internal sealed class KafkaCluster : IDisposable
{
    private const short Produce = 0;
    private readonly TemporaryFolder _folder = new();
    private readonly nint _owner;
    private readonly nint _cluster;
    private readonly int _brokers;

    public KafkaCluster(int brokers = 1, int partitions = 4)
    {
        _brokers = brokers;
        nint conf = MockKafka.rd_kafka_conf_new();
        MockKafka.rd_kafka_conf_set_log_cb(conf, 0);
        _owner = MockKafka.rd_kafka_new(0, conf, 0, 0);
        _cluster = MockKafka.rd_kafka_mock_cluster_new(_owner, brokers);
        Assert.Equal(0, MockKafka.rd_kafka_mock_topic_create(_cluster, "flows", partitions, brokers));
    }

    /// <summary>HOST:PORT of each broker, with commas between.</summary>
    public string Hosts => Marshal.PtrToStringUTF8(MockKafka.rd_kafka_mock_cluster_bootstraps(_cluster))!;

    /// <summary>The port of the only broker.</summary>
    public int Port => int.Parse(Hosts.Split(':')[1], CultureInfo.InvariantCulture);

    /// <summary>The address of the topic flows.</summary>
    public BrokerAddress Address(string settings = "") => BrokerAddress.Parse($"kafka://{Hosts}/flows{settings}");

    /// <summary>Ends all connections and takes no others.</summary>
    public void SetDown(bool isDown = true)
    {
        for (int broker = 1; broker <= _brokers; broker++)
        {
            Assert.Equal(0, isDown
                ? MockKafka.rd_kafka_mock_broker_set_down(_cluster, broker)
                : MockKafka.rd_kafka_mock_broker_set_up(_cluster, broker));
        }
    }

    /// <summary>Has the next messages refused.</summary>
    public void Refuse(params int[] errors) =>
        MockKafka.rd_kafka_mock_push_request_errors_array(_cluster, Produce, (nuint)errors.Length, errors);

    /// <summary>Has the cluster say something of the topic; 0: that it is well.</summary>
    public void SetTopic(int error) => MockKafka.rd_kafka_mock_topic_set_error(_cluster, "flows", error);

    /// <summary>Has all partitions of the topic led by one broker.</summary>
    public void SetLeader(int broker, int partitions)
    {
        for (int partition = 0; partition < partitions; partition++)
        {
            Assert.Equal(0, MockKafka.rd_kafka_mock_partition_set_leader(_cluster, "flows", partition, broker));
        }
    }

    /// <summary>All messages of the topic, partition by partition, as kcat prints them.</summary>
    public KafkaRecord[] Records()
    {
        string file = _folder["records"];
        Launched.Start(
            "sh", "-c", "f=$1; shift; exec \"$@\" > \"$f\"", "sh", file, "kcat", "-C", "-q", "-e", "-b", Hosts, "-t", "flows", "-o",
            "beginning", "-X", "check.crcs=true", "-f", @"%p\t%k\t%S\t%h\n%s").Finish().Succeeded();
        List<KafkaRecord> records = [];
        ReadOnlySpan<byte> rest = File.ReadAllBytes(file);
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\n');
            string[] words = Encoding.UTF8.GetString(rest[..end]).Split('\t');
            int length = int.Parse(words[2], CultureInfo.InvariantCulture);
            records.Add(new KafkaRecord(
                int.Parse(words[0], CultureInfo.InvariantCulture), words[1],
                words[3].Split(',').Select(header => header.Split('=', 2)).ToDictionary(header => header[0], header => header[1]),
                rest.Slice(end + 1, length).ToArray()));
            rest = rest[(end + 1 + length)..];
        }

        return [.. records];
    }

    public void Dispose()
    {
        MockKafka.rd_kafka_mock_cluster_destroy(_cluster);
        MockKafka.rd_kafka_destroy(_owner);
        _folder.Dispose();
    }
}
