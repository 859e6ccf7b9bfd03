using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Brokers;

/// <summary>
/// Where the table of a run goes that is published: messages of whole tables to a broker. The run never waits for it. What the broker does
/// not take yet is kept, on a disk or in memory, up to a bound; what finds no room is counted as lost.
/// </summary>
public sealed class BrokerOutput : IDisposable
{
    /// <summary>Bytes of messages that are kept in memory where there is no spool.</summary>
    public const long MemoryBytes = 64 << 20;

    /// <summary>Bytes that the numbers of a batch of columns may take to fit a message with its text and its description.</summary>
    public const int BatchBytes = 256 << 10;

    private static readonly TimeSpan s_goodbye = TimeSpan.FromSeconds(10);

    private readonly IBroker _broker;
    private BrokerRelay? _relay;
    private Spool? _spool;

    private BrokerOutput(IBroker broker) => _broker = broker;

    /// <summary>What messages for people call it.</summary>
    public string Name => _broker.Name;

    /// <summary>The ports that are connected to.</summary>
    public IReadOnlyList<ushort> Ports => [.. _broker.Address.Servers.Select(server => server.Port).Distinct()];

    /// <summary>Whether names of servers are looked up while it is published, too.</summary>
    public bool LooksUpNames => _broker.Address.Scheme.IsKafka;

    /// <summary>Whether the broker can not be used now.</summary>
    public bool IsFailing => _relay is { IsFailing: true };

    /// <summary>Messages that were sent, again after a failure.</summary>
    public MessageTotals Sent => _relay?.Sent ?? default;

    /// <summary>Messages that the broker keeps: for good, and under one id once.</summary>
    public MessageTotals Acknowledged => _relay?.Acknowledged ?? default;

    /// <summary>Of them, those that the broker had before.</summary>
    public long Duplicates => _relay?.Duplicates ?? 0;

    /// <summary>Messages that are not acknowledged yet.</summary>
    public MessageTotals Waiting => _relay is { IsOver: true, Persists: false } ? default : _spool?.Waiting ?? default;

    /// <summary>Messages that an earlier run left.</summary>
    public MessageTotals Found => _spool?.Found ?? default;

    /// <summary>Whether what is not acknowledged at the end is lost with the memory.</summary>
    public bool LosesWaiting => _relay is { Persists: false } && _spool!.Waiting.Messages > 0;

    /// <summary>Looks servers up and reads what it takes to log in. Nothing is connected to.</summary>
    /// <exception cref="OutputException">A server is not known, a file can not be used, or a library is not there.</exception>
    public static BrokerOutput Prepare(BrokerAddress address, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(address);
        return new BrokerOutput(address.Scheme.IsKafka ? new KafkaBroker(address, clock) : new NatsBroker(address, clock));
    }

    /// <summary>Begins to publish.</summary>
    /// <param name="origin">What the rows are.</param>
    /// <param name="folder">Where messages are kept; null: in memory.</param>
    /// <param name="maxBytes">How many bytes of them.</param>
    /// <param name="clock">The time that patience goes by.</param>
    /// <param name="tell">Takes a line for the user.</param>
    /// <returns>The output; disposing it ends this one, too.</returns>
    /// <exception cref="OutputException">The folder can not be used.</exception>
    public ResilientOutput Open(TableOrigin origin, string? folder, long maxBytes, TimeProvider clock, Action<string> tell)
    {
        ArgumentNullException.ThrowIfNull(origin);
        ArgumentNullException.ThrowIfNull(tell);
        try
        {
            _spool = folder == null ? Spool.InMemory(maxBytes) : Spool.Open(SystemDisk.Instance, folder, maxBytes, tell);
        }
        catch (Exception e) when (OutputFailure.Is(e))
        {
            string reason = OutputFailure.ReasonOf(e);
            throw new OutputException($"--spool {folder}: can not be used: {reason}; name a folder of this user's own.", e);
        }

        if (_spool.Found.Messages > 0)
        {
            tell($"{folder}: has {_spool.Found.Rows} rows in {_spool.Found.Messages} messages that an earlier run left; they are sent.");
        }

        _relay = new BrokerRelay(_broker, _spool, folder, clock, tell);
        BrokerTarget target = new(_relay, _spool, origin, origin.Format.Framing, s_goodbye);
        return ResilientOutput.Open(_broker.Name, target, origin.Format.Framing, clock, tell);
    }

    /// <summary>Begins to publish the table of a run over files, which waits for the broker.</summary>
    /// <param name="origin">What the rows are.</param>
    /// <param name="clock">The time that patience goes by.</param>
    /// <param name="tell">Takes a line for the user.</param>
    /// <returns>The output; disposing it ends this one, too. Writing to it fails where the broker takes nothing for long.</returns>
    public RowOutput OpenForFiles(TableOrigin origin, TimeProvider clock, Action<string> tell) =>
        new PublishedOutput(Open(origin, null, MemoryBytes, clock, tell), this, clock);

    /// <summary>Waits for the broker, but not for long.</summary>
    internal void AwaitAcknowledgement(TimeSpan patience) => _spool!.AwaitChange(patience);

    /// <inheritdoc/>
    public void Dispose() => _broker.Dispose();
}
