using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;

namespace FlowMeter.Engine.Brokers;

/// <summary>
/// Takes messages of a stream of JetStream by a durable consumer: they are asked for in batches, and each is acknowledged by who has it.
/// For one thread.
/// </summary>
internal sealed class NatsConsumer : IDisposable
{
    private const int Batch = 256;
    private const int MaxUnacknowledged = 4096;
    private const long Second = 1_000_000_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly string _inbox = $"_INBOX.{Guid.NewGuid():N}.";
    private readonly BlockingCollection<NatsMessage> _received = [];
    private readonly TimeProvider _clock;
    private readonly NatsConnection _connection;
    private readonly string _next;
    private long _askedAt;
    private int _asked;
    private int _number;

    /// <summary>Connects, and makes the consumer if there is none.</summary>
    /// <param name="broker">The servers, and the subject.</param>
    /// <param name="name">The consumer's name, which it keeps.</param>
    /// <param name="clock">The time that patience goes by.</param>
    /// <exception cref="BrokerException">No server can be reached, it refuses, or there is no stream of that subject.</exception>
    public NatsConsumer(NatsBroker broker, string name, TimeProvider clock)
    {
        _clock = clock;
        _connection = broker.Open(
            message => _received.Add(message with { Header = message.Header.ToArray(), Body = message.Body.ToArray() }));
        try
        {
            _connection.Subscribe(_inbox + "*");
            string subject = broker.Address.Subject;
            JsonElement streams = Request("$JS.API.STREAM.NAMES", to => to.WriteString("subject", subject));
            string stream = streams.TryGetProperty("streams", out JsonElement names) && names.ValueKind == JsonValueKind.Array
                && names.EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.String } first ? first.GetString()!
                : throw new BrokerException(
                    $"has no stream with the subject {subject}", $"make one, as with nats stream add flows --subjects {subject}");
            Request($"$JS.API.CONSUMER.DURABLE.CREATE.{stream}.{name}", to =>
            {
                to.WriteString("stream_name", stream);
                to.WriteStartObject("config");
                to.WriteString("durable_name", name);
                to.WriteString("filter_subject", subject);
                to.WriteString("deliver_policy", "all");
                to.WriteString("ack_policy", "explicit");
                to.WriteString("replay_policy", "instant");
                to.WriteNumber("ack_wait", 30 * Second);
                to.WriteNumber("max_ack_pending", MaxUnacknowledged);
                to.WriteEndObject();
            });
            _next = $"$JS.API.CONSUMER.MSG.NEXT.{stream}.{name}";
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The next message, or null if none comes in time.</summary>
    /// <exception cref="BrokerException">The connection has failed.</exception>
    public NatsMessage? Next(TimeSpan patience)
    {
        if (_asked == 0 || _clock.GetElapsedTime(_askedAt) > s_patience)
        {
            Ask();
        }

        _connection.Flush();
        _connection.Check();
        if (!_received.TryTake(out NatsMessage message, patience))
        {
            return null;
        }

        if (message.Status == 0 && message.Reply.Length > 0)
        {
            _asked--;
            return message;
        }

        // What was asked for is over: none came in time (404, 408), or too many are not acknowledged (409).
        _asked = message.Subject.EndsWith($".{_number}", StringComparison.Ordinal) ? 0 : _asked;
        return message.Status is 404 or 408 or 409 or 100 ? null
            : throw new BrokerException(
                $"gives no messages: {Encoding.UTF8.GetString(message.Header.Span).Split("\r\n")[0]}", "see what its log says");
    }

    /// <summary>Says that a message is here for good.</summary>
    /// <exception cref="BrokerException">The connection has failed.</exception>
    public void Acknowledge(string reply) => _connection.Publish(reply, "", default, "+ACK"u8.ToArray());

    /// <summary>Sends acknowledgements that were held back.</summary>
    /// <exception cref="BrokerException">The connection has failed.</exception>
    public void Flush() => _connection.Flush();

    /// <inheritdoc/>
    public void Dispose()
    {
        _connection.Dispose();
        _received.Dispose();
    }

    private void Ask()
    {
        _asked = Batch;
        _askedAt = _clock.GetTimestamp();
        _number++;
        _connection.Publish(_next, _inbox + _number, default, Json(to =>
        {
            to.WriteNumber("batch", Batch);
            to.WriteNumber("expires", 5 * Second);
        }));
    }

    private JsonElement Request(string subject, Action<Utf8JsonWriter> write)
    {
        _number++;
        _connection.Publish(subject, _inbox + _number, default, Json(write));
        _connection.Flush();
        if (!_received.TryTake(out NatsMessage answer, s_patience))
        {
            _connection.Check();
            throw new BrokerException("does not answer", "see whether JetStream is on, and its cluster has a leader");
        }

        return answer.Status != 503
            ? NatsAnswer.Read(answer.Body)
            : throw new BrokerException("has no JetStream", "start it with jetstream in its configuration");
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        using MemoryStream json = new();
        using (Utf8JsonWriter to = new(json))
        {
            to.WriteStartObject();
            write(to);
            to.WriteEndObject();
        }

        return json.ToArray();
    }
}
