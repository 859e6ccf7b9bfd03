using System.Text;
using FlowMeter.Engine.Output;
using FlowMeter.Native;

namespace FlowMeter.Engine.Brokers;

/// <summary>
/// Publishes to a topic of Kafka by a producer of its own, which is idempotent: what it sends again after a short failure the cluster has
/// once. A message that is not acknowledged in <see cref="KafkaBroker.Patience"/>, or is refused, ends the link.
/// </summary>
internal sealed class KafkaLink : IBrokerLink
{
    private const string Sensor = "Flowmeter-Sensor";
    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(100);

    // A name may have several addresses of which one works, and a topic may come about when it is asked for.
    private static readonly TimeSpan s_refusals = TimeSpan.FromSeconds(2);

    private readonly string _topic;
    private readonly KafkaProducer _producer;
    private readonly Action<long, bool> _acknowledged;
    private readonly Thread _thread;
    private KafkaFailure? _reason;
    private volatile BrokerException? _failure;
    private volatile bool _isEnded;

    /// <summary>Connects.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="producer">The producer; becomes the link's.</param>
    /// <param name="acknowledged">Takes the numbers of messages that the cluster keeps.</param>
    /// <param name="clock">The time that patience goes by.</param>
    /// <exception cref="BrokerException">No server can be reached, or it refuses.</exception>
    public KafkaLink(string topic, KafkaProducer producer, Action<long, bool> acknowledged, TimeProvider clock)
    {
        (_topic, _producer, _acknowledged) = (topic, producer, acknowledged);
        try
        {
            AwaitTopic(clock);
        }
        catch
        {
            // Nobody has a link that would dispose it.
            producer.Dispose();
            throw;
        }

        _thread = new Thread(Poll) { Name = "kafka", IsBackground = true };
        _thread.Start();
    }

    /// <inheritdoc/>
    public void Send(long number, BlockMessage message)
    {
        Check();
        List<KeyValuePair<string, string>> headers = [new("Flowmeter-Id", message.Id)];
        foreach (string line in Encoding.UTF8.GetString(message.Headers.Span).Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            int colon = line.IndexOf(": ", StringComparison.Ordinal);
            headers.Add(new(line[..colon], line[(colon + 2)..]));
        }

        // The key chooses the partition, and within one the order is kept.
        string key = headers.Find(header => header.Key == Sensor).Value;
        try
        {
            _producer.Produce(_topic, Encoding.UTF8.GetBytes(key), headers, message.Body.Span, (nint)number);
        }
        catch (KafkaException e)
        {
            throw _failure ?? KafkaRefusal.Of(e.Failure!.Value.Error, e.Failure, _topic);
        }
    }

    /// <inheritdoc/>
    /// <remarks>librdkafka holds nothing back for longer than some milliseconds.</remarks>
    public void Flush() => Check();

    /// <inheritdoc/>
    public void Check()
    {
        if (_failure is { } failure)
        {
            throw failure;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isEnded = true;
        _thread.Join();
        _producer.Dispose();
    }

    private void AwaitTopic(TimeProvider clock)
    {
        long start = clock.GetTimestamp();
        bool isDown = false;
        while (true)
        {
            KafkaError answer = _producer.Find(_topic, s_turn);
            while (_producer.Poll(TimeSpan.Zero, static (_, _) => { }) is { } failure)
            {
                isDown |= failure.Error == KafkaError.AllBrokersDown;
                Note(failure);
            }

            bool isAnswered = answer >= 0;
            if (answer == KafkaError.None)
            {
                _reason = null;
                return;
            }

            TimeSpan patience = isAnswered || isDown ? s_refusals : KafkaBroker.Patience;
            if (clock.GetElapsedTime(start) > patience || answer is KafkaError.TopicAuthorization or KafkaError.InvalidTopic)
            {
                throw KafkaRefusal.Of(isAnswered ? answer : KafkaError.Transport, _reason, _topic);
            }

            if (isAnswered)
            {
                _ = _producer.Poll(s_turn, static (_, _) => { });
            }
        }
    }

    private void Poll()
    {
        try
        {
            while (!_isEnded)
            {
                if (_producer.Poll(s_turn, Deliver) is { } failure)
                {
                    Note(failure);
                }
            }
        }
        catch (Exception e) when (OutputFailure.Is(e))
        {
            _failure ??= new BrokerException($"is not heard: {OutputFailure.ReasonOf(e)}", "see that the disk of the spool is sound", e);
        }
    }

    private void Deliver(nint number, KafkaError error)
    {
        if (error == KafkaError.None)
        {
            _reason = null;
            _acknowledged(number, false);
        }
        else
        {
            _failure ??= KafkaRefusal.Of(error, _reason, _topic);
        }
    }

    private void Note(KafkaFailure failure)
    {
        if (failure.Error == KafkaError.Fatal)
        {
            _failure ??= KafkaRefusal.Of(failure.Error, failure, _topic);
        }
        else if (failure.Error != KafkaError.AllBrokersDown)
        {
            _reason = failure;
        }
    }
}
