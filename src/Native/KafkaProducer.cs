using System.Runtime.InteropServices;
using System.Text;

namespace FlowMeter.Native;

/// <summary>
/// A producer of messages to a cluster of Kafka, with threads of librdkafka's own behind it. It logs nothing. Producing and asking for what
/// happens may be done by different threads.
/// </summary>
public sealed unsafe class KafkaProducer : SafeHandle
{
    private const int TextBytes = 512;

    private readonly nint _queue;

    private KafkaProducer(nint handle)
        : base(handle, ownsHandle: true) => _queue = LibRdKafka.rd_kafka_queue_get_main(handle);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Loads librdkafka.</summary>
    /// <exception cref="KafkaException">It is not there; the message says what to install.</exception>
    public static void Require() => LibRdKafka.Load();

    /// <summary>Makes a producer, which begins to connect.</summary>
    /// <param name="settings">Names and values, as librdkafka has them.</param>
    /// <exception cref="KafkaException">A setting is refused, or librdkafka is not there.</exception>
    public static KafkaProducer Create(IEnumerable<KeyValuePair<string, string>> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        byte* reason = stackalloc byte[TextBytes];
        nint conf = LibRdKafka.rd_kafka_conf_new();
        LibRdKafka.rd_kafka_conf_set_events(conf, LibRdKafka.RD_KAFKA_EVENT_DR | LibRdKafka.RD_KAFKA_EVENT_ERROR);

        // In place of standard error.
        LibRdKafka.rd_kafka_conf_set_log_cb(conf, 0);
        foreach ((string name, string value) in settings)
        {
            if (LibRdKafka.rd_kafka_conf_set(conf, name, value, reason, TextBytes) != LibRdKafka.RD_KAFKA_CONF_OK)
            {
                LibRdKafka.rd_kafka_conf_destroy(conf);
                throw new KafkaException(Text(reason));
            }
        }

        nint producer = LibRdKafka.rd_kafka_new(LibRdKafka.RD_KAFKA_PRODUCER, conf, reason, TextBytes);
        if (producer == 0)
        {
            LibRdKafka.rd_kafka_conf_destroy(conf);
            throw new KafkaException(Text(reason));
        }

        return new KafkaProducer(producer);
    }

    /// <summary>What librdkafka calls a failure.</summary>
    public static string Describe(KafkaError error) => Text(LibRdKafka.rd_kafka_err2str(error));

    /// <summary>Asks the cluster for a topic.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="patience">How long to wait for the answer.</param>
    /// <returns>Why it can not be produced to; <see cref="KafkaError.Transport"/> or another negative one where nobody answered.</returns>
    public KafkaError Find(string topic, TimeSpan patience)
    {
        nint handle = LibRdKafka.rd_kafka_topic_new(this, topic, 0);
        if (handle == 0)
        {
            return KafkaError.InvalidTopic;
        }

        KafkaMetadata* answer = null;
        KafkaError error = LibRdKafka.rd_kafka_metadata(this, 0, handle, &answer, (int)patience.TotalMilliseconds);
        if (error == KafkaError.None)
        {
            error = answer->TopicCount == 1 ? answer->Topics[0].Error : KafkaError.UnknownTopic;
            LibRdKafka.rd_kafka_metadata_destroy(answer);
        }

        LibRdKafka.rd_kafka_topic_destroy(handle);
        return error;
    }

    /// <summary>Hands a message over, of which a copy is taken.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="key">By which its partition is chosen.</param>
    /// <param name="headers">Names and values.</param>
    /// <param name="value">Its body.</param>
    /// <param name="number">By which its delivery is reported.</param>
    /// <exception cref="KafkaException">It was not taken.</exception>
    public void Produce(
        string topic, ReadOnlySpan<byte> key, IReadOnlyList<KeyValuePair<string, string>> headers, ReadOnlySpan<byte> value, nint number)
    {
        ArgumentNullException.ThrowIfNull(headers);
        const int FieldsBesideHeaders = 5;
        KafkaField[] fields = new KafkaField[FieldsBesideHeaders + headers.Count];
        byte[] texts = Encoding.UTF8.GetBytes(
            $"{topic}\0{string.Concat(headers.Select(header => $"{header.Key}\0{header.Value}"))}");
        fixed (KafkaField* field = fields)
        fixed (byte* text = texts, keys = key, values = value)
        {
            nint next = (nint)text;
            field[0] = new KafkaField(KafkaField.Topic, Take(topic.AsSpan(), 1));
            field[1] = new KafkaField(KafkaField.Key, (nint)keys, key.Length);
            field[2] = new KafkaField(KafkaField.Value, (nint)values, value.Length);
            field[3] = new KafkaField(KafkaField.Flags, LibRdKafka.RD_KAFKA_MSG_F_COPY);
            field[4] = new KafkaField(KafkaField.Opaque, number);
            for (int i = 0; i < headers.Count; i++)
            {
                nint name = Take(headers[i].Key, 1);
                nint start = Take(headers[i].Value, 0);
                field[FieldsBesideHeaders + i] = new KafkaField(KafkaField.Header, name, start, next - start);
            }

            nint refusal = LibRdKafka.rd_kafka_produceva(this, field, (nuint)fields.Length);
            if (refusal != 0)
            {
                KafkaFailure failure = new(LibRdKafka.rd_kafka_error_code(refusal), Text(LibRdKafka.rd_kafka_error_string(refusal)));
                LibRdKafka.rd_kafka_error_destroy(refusal);
                throw new KafkaException(failure);
            }

            nint Take(ReadOnlySpan<char> part, int end)
            {
                nint start = next;
                next += Encoding.UTF8.GetByteCount(part) + end;
                return start;
            }
        }
    }

    /// <summary>Waits until something happens. For one thread at a time.</summary>
    /// <param name="patience">How long to wait.</param>
    /// <param name="delivered">Takes the numbers of messages, and <see cref="KafkaError.None"/> or why they were not delivered.</param>
    /// <returns>What failed; null: nothing.</returns>
    public KafkaFailure? Poll(TimeSpan patience, Action<nint, KafkaError> delivered)
    {
        ArgumentNullException.ThrowIfNull(delivered);
        nint happened = LibRdKafka.rd_kafka_queue_poll(_queue, (int)patience.TotalMilliseconds);
        if (happened == 0)
        {
            return null;
        }

        try
        {
            if (LibRdKafka.rd_kafka_event_type(happened) == LibRdKafka.RD_KAFKA_EVENT_ERROR)
            {
                bool isFatal = LibRdKafka.rd_kafka_event_error_is_fatal(happened) != 0;
                return new KafkaFailure(
                    isFatal ? KafkaError.Fatal : LibRdKafka.rd_kafka_event_error(happened),
                    Text(LibRdKafka.rd_kafka_event_error_string(happened)));
            }

            while (LibRdKafka.rd_kafka_event_message_next(happened) is var message && message != null)
            {
                delivered(message->Opaque, message->Error);
            }

            return null;
        }
        finally
        {
            LibRdKafka.rd_kafka_event_destroy(happened);
        }
    }

    /// <inheritdoc/>
    /// <remarks>What was not delivered is forgotten, and nothing is said of it.</remarks>
    protected override bool ReleaseHandle()
    {
        LibRdKafka.rd_kafka_queue_destroy(_queue);
        LibRdKafka.rd_kafka_destroy(handle);
        return true;
    }

    private static string Text(byte* text) =>
        string.Join(' ', (Marshal.PtrToStringUTF8((nint)text) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries)).Trim();
}
