using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Brokers;

/// <summary>
/// Publishes to a stream of JetStream: each message has an inbox of its own, into which the server says that the stream has it. A message
/// that is not acknowledged in ten seconds ends the link.
/// </summary>
internal sealed class NatsLink : IBrokerLink
{
    private const int NobodyAnswers = 503;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(250);

    private readonly NatsBroker _broker;
    private readonly Action<long, bool> _acknowledged;
    private readonly TimeProvider _clock;
    private readonly string _inbox = $"_INBOX.{Guid.NewGuid():N}.";
    private readonly ConcurrentDictionary<long, long> _sentAt = new();
    private readonly NatsConnection _connection;
    private long _lookedAt;

    /// <summary>Connects.</summary>
    /// <exception cref="BrokerException">No server can be reached, or it refuses.</exception>
    public NatsLink(NatsBroker broker, Action<long, bool> acknowledged, TimeProvider clock)
    {
        (_broker, _acknowledged, _clock) = (broker, acknowledged, clock);
        _connection = broker.Open(Receive);
        _connection.Subscribe(_inbox + "*");
    }

    /// <inheritdoc/>
    public void Send(long number, BlockMessage message)
    {
        if (message.Length + 1024 > _connection.MaxPayload)
        {
            throw new BrokerException(
                string.Create(CultureInfo.InvariantCulture, $"takes no more than {_connection.MaxPayload} bytes a message"),
                "set max_payload of the server to 1MB or more");
        }

        _sentAt[number] = _clock.GetTimestamp();
        byte[] header = [.. "Nats-Msg-Id: "u8, .. Encoding.UTF8.GetBytes(message.Id), .. "\r\n"u8, .. message.Headers.Span];
        _connection.Publish(
            _broker.Address.Subject, string.Create(CultureInfo.InvariantCulture, $"{_inbox}{number}"), header, message.Body);
    }

    /// <inheritdoc/>
    public void Flush() => _connection.Flush();

    /// <inheritdoc/>
    public void Check()
    {
        _connection.Check();
        if (_clock.GetElapsedTime(_lookedAt) < s_turn)
        {
            return;
        }

        _lookedAt = _clock.GetTimestamp();
        if (_sentAt.Any(sent => _clock.GetElapsedTime(sent.Value) > s_patience))
        {
            // The server lives; its stream may be led by another one that does not.
            _broker.Turn();
            throw new BrokerException("acknowledges nothing any more", "see whether the stream has a leader, and room on its disk");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private void Receive(NatsMessage message)
    {
        if (message.Status == NobodyAnswers)
        {
            throw new BrokerException(
                $"has no stream that takes the subject {_broker.Address.Subject}",
                $"make one, as with nats stream add flows --subjects {_broker.Address.Subject}");
        }

        JsonElement answer = NatsAnswer.Read(message.Body);
        if (long.TryParse(message.Subject.AsSpan(_inbox.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            && _sentAt.TryRemove(number, out _))
        {
            _acknowledged(number, answer.TryGetProperty("duplicate", out JsonElement had) && had.ValueKind == JsonValueKind.True);
        }
    }
}
