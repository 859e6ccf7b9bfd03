using System.Globalization;
using FlowMeter.Engine.Output;
using FlowMeter.Native;

namespace FlowMeter.Engine.Brokers;

/// <summary>
/// A cluster of Kafka, by librdkafka. Files are read and settings tried when it is made; the names of servers are looked up by librdkafka
/// whenever it connects, since the cluster itself says which servers have a topic.
/// </summary>
internal sealed class KafkaBroker : IBroker
{
    /// <summary>How long a message may take to be acknowledged before the link is given up.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // Room for a block that is a single long row; topics take less, unless they are told otherwise.
    private const int MaxMessage = 16 << 20;

    private readonly IReadOnlyList<KeyValuePair<string, string>> _settings;
    private readonly TimeProvider _clock;

    /// <summary>Prepares connections.</summary>
    /// <exception cref="OutputException">librdkafka is not there, a server is not known, or a file can not be used.</exception>
    public KafkaBroker(BrokerAddress address, TimeProvider clock)
    {
        (Address, _clock) = (address, clock);
        Try(KafkaProducer.Require, "");
        _ = address.Resolve();
        _settings =
        [
            new("client.id", "flowmeter"),
            new("enable.idempotence", "true"),
            new("acks", "all"),
            new("message.timeout.ms", Patience.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)),
            new("message.max.bytes", MaxMessage.ToString(CultureInfo.InvariantCulture)),
            new("reconnect.backoff.max.ms", "1000"),
            new("socket.keepalive.enable", "true"),
            .. KafkaLogin.SettingsOf(address),
        ];

        // One that knows no server connects to none.
        Try(() => KafkaProducer.Create(_settings).Dispose(), "; see the settings of the address, and their files");
        _settings = [.. _settings, new("bootstrap.servers", address.Hosts)];
    }

    /// <inheritdoc/>
    public BrokerAddress Address { get; }

    /// <inheritdoc/>
    public string Name => Address.Name;

    /// <inheritdoc/>
    public IBrokerLink Connect(Action<long, bool> acknowledged)
    {
        try
        {
            return new KafkaLink(Address.Subject, KafkaProducer.Create(_settings), acknowledged, _clock);
        }
        catch (KafkaException e)
        {
            throw new BrokerException($"can not be connected to: {e.Message}", "see that files and limits of the machine are as before", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Links are all it has.
    }

    private void Try(Action action, string advice)
    {
        try
        {
            action();
        }
        catch (KafkaException e)
        {
            throw new OutputException($"{Name}: {e.Message}{advice}.", e);
        }
    }
}
