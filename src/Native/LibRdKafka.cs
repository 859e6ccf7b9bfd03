using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>The functions of librdkafka (2.0 or later) that a producer takes, by their C names; loaded when one is needed. There are no
/// callbacks: what happens is asked for, on a thread of the caller's.</summary>
internal static unsafe partial class LibRdKafka
{
    internal const string Library = "rdkafka";

    internal const int RD_KAFKA_PRODUCER = 0;
    internal const int RD_KAFKA_CONF_OK = 0;
    internal const int RD_KAFKA_EVENT_DR = 1;
    internal const int RD_KAFKA_EVENT_ERROR = 8;
    internal const int RD_KAFKA_MSG_F_COPY = 2;

    internal const string Missing = "librdkafka was not found, which Kafka needs; install it (Debian: apt install librdkafka1; Fedora: dnf "
        + "install librdkafka)";

    private static nint _library;

    static LibRdKafka() => ImportResolver.Install();

    private static string[] Names =>
        OperatingSystem.IsWindows() ? ["librdkafka.dll"]
        : OperatingSystem.IsMacOS()
            ? ["librdkafka.1.dylib", "/opt/homebrew/lib/librdkafka.1.dylib", "/usr/local/lib/librdkafka.1.dylib"]
        : ["librdkafka.so.1"];

    /// <summary>The loaded library.</summary>
    /// <exception cref="KafkaException">There is none; the message says what to install.</exception>
    internal static nint Load() => _library != 0 ? _library : _library = Load(Names);

    internal static nint Load(ReadOnlySpan<string> names)
    {
        nint library = ImportResolver.LoadFirst(names);
        return library != 0 ? library : throw new KafkaException(Missing);
    }

    [LibraryImport(Library)]
    internal static partial nint rd_kafka_conf_new();

    [LibraryImport(Library)]
    internal static partial void rd_kafka_conf_destroy(nint conf);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int rd_kafka_conf_set(nint conf, string name, string value, byte* errstr, nuint errstr_size);

    [LibraryImport(Library)]
    internal static partial void rd_kafka_conf_set_events(nint conf, int events);

    [LibraryImport(Library)]
    internal static partial void rd_kafka_conf_set_log_cb(nint conf, nint log_cb);

    [LibraryImport(Library)]
    internal static partial nint rd_kafka_new(int type, nint conf, byte* errstr, nuint errstr_size);

    // Called by KafkaProducer alone, which owns it.
    [LibraryImport(Library)]
    internal static partial void rd_kafka_destroy(nint rk);

    [LibraryImport(Library)]
    internal static partial nint rd_kafka_queue_get_main(nint rk);

    [LibraryImport(Library)]
    internal static partial void rd_kafka_queue_destroy(nint rkqu);

    [LibraryImport(Library)]
    internal static partial nint rd_kafka_queue_poll(nint rkqu, int timeout_ms);

    [LibraryImport(Library)]
    internal static partial int rd_kafka_event_type(nint rkev);

    [LibraryImport(Library)]
    internal static partial KafkaDelivery* rd_kafka_event_message_next(nint rkev);

    [LibraryImport(Library)]
    internal static partial KafkaError rd_kafka_event_error(nint rkev);

    [LibraryImport(Library)]
    internal static partial int rd_kafka_event_error_is_fatal(nint rkev);

    [LibraryImport(Library)]
    internal static partial byte* rd_kafka_event_error_string(nint rkev);

    [LibraryImport(Library)]
    internal static partial void rd_kafka_event_destroy(nint rkev);

    [LibraryImport(Library)]
    internal static partial nint rd_kafka_produceva(KafkaProducer rk, KafkaField* vus, nuint cnt);

    [LibraryImport(Library)]
    internal static partial KafkaError rd_kafka_error_code(nint error);

    [LibraryImport(Library)]
    internal static partial byte* rd_kafka_error_string(nint error);

    [LibraryImport(Library)]
    internal static partial void rd_kafka_error_destroy(nint error);

    [LibraryImport(Library)]
    internal static partial byte* rd_kafka_err2str(KafkaError err);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint rd_kafka_topic_new(KafkaProducer rk, string topic, nint conf);

    [LibraryImport(Library)]
    internal static partial void rd_kafka_topic_destroy(nint rkt);

    [LibraryImport(Library)]
    internal static partial KafkaError rd_kafka_metadata(
        KafkaProducer rk, int all_topics, nint only_rkt, KafkaMetadata** metadatap, int timeout_ms);

    [LibraryImport(Library)]
    internal static partial void rd_kafka_metadata_destroy(KafkaMetadata* metadata);
}
