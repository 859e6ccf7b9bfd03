using System.Runtime.InteropServices;

namespace FlowMeter.Tests.Brokers;

/// <summary>The cluster without disks that librdkafka has for its own tests, by its C names.</summary>
internal static partial class MockKafka
{
    private const string Library = "librdkafka.so.1";

    /// <summary>Whether there is one.</summary>
    public static bool IsAvailable { get; } = NativeLibrary.TryLoad(Library, out _);

    [LibraryImport(Library)]
    internal static partial nint rd_kafka_conf_new();

    [LibraryImport(Library)]
    internal static partial void rd_kafka_conf_set_log_cb(nint conf, nint log_cb);

    [LibraryImport(Library)]
    internal static partial nint rd_kafka_new(int type, nint conf, nint errstr, nuint errstr_size);

    [LibraryImport(Library)]
    internal static partial void rd_kafka_destroy(nint rk);

    [LibraryImport(Library)]
    internal static partial nint rd_kafka_mock_cluster_new(nint rk, int broker_cnt);

    [LibraryImport(Library)]
    internal static partial void rd_kafka_mock_cluster_destroy(nint mcluster);

    [LibraryImport(Library)]
    internal static partial nint rd_kafka_mock_cluster_bootstraps(nint mcluster);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int rd_kafka_mock_topic_create(nint mcluster, string topic, int partition_cnt, int replication_factor);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void rd_kafka_mock_topic_set_error(nint mcluster, string topic, int err);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int rd_kafka_mock_partition_set_leader(nint mcluster, string topic, int partition, int broker_id);

    [LibraryImport(Library)]
    internal static partial int rd_kafka_mock_broker_set_down(nint mcluster, int broker_id);

    [LibraryImport(Library)]
    internal static partial int rd_kafka_mock_broker_set_up(nint mcluster, int broker_id);

    [LibraryImport(Library)]
    internal static partial void rd_kafka_mock_push_request_errors_array(nint mcluster, short ApiKey, nuint cnt, int[] errors);
}
