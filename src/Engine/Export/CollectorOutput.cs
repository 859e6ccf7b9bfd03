using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Export;

/// <summary>
/// An IPFIX collector whose first failure ends the run. Over TCP it waits for the collector, so nothing is lost; UDP has no such thing.
/// Several threads may write at once.
/// </summary>
public sealed class CollectorOutput : RowOutput
{
    private readonly Lock _lock = new();
    private readonly CollectorPeer _peer;
    private readonly CollectorTarget _target;

    private CollectorOutput(CollectorPeer peer, TimeProvider clock) =>
        (_peer, _target) = (peer, new CollectorTarget(peer, clock, patience: null));

    /// <inheritdoc/>
    public override long Rows => _target.Rows;

    /// <summary>Makes the output of a run over files; it connects with the first messages.</summary>
    /// <param name="peer">The collector, which outlives the output.</param>
    /// <param name="clock">Measures when templates are due.</param>
    public static CollectorOutput Open(CollectorPeer peer, TimeProvider clock) => new(peer, clock);

    /// <summary>
    /// Makes the output of a live capture, which never waits for a collector longer than a second: what can not be sent is lost and
    /// counted, and a collector that is away is looked for every second.
    /// </summary>
    /// <param name="peer">The collector, which outlives the output.</param>
    /// <param name="clock">Measures when templates are due.</param>
    /// <param name="tell">Takes a line for the user, as that of <see cref="ResilientOutput.Open(string, Rotation, TimeProvider,
    /// Action{string}, RowFraming?)"/>.</param>
    public static ResilientOutput OpenResilient(CollectorPeer peer, TimeProvider clock, Action<string> tell)
    {
        ArgumentNullException.ThrowIfNull(peer);
        CollectorTarget target = new(peer, clock, TimeSpan.FromSeconds(1));
        return ResilientOutput.Open($"{peer.Address}", target, TableFormat.Ipfix.Framing, clock, tell);
    }

    /// <inheritdoc/>
    public override void Begin(ReadOnlySpan<byte> header)
    {
        _target.Begin(header);
        Do("can not be reached", _target.Open);
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> rows)
    {
        lock (_lock)
        {
            try
            {
                _target.Write(rows);
            }
            catch (IOException e)
            {
                throw Failure("sending failed", e);
            }
        }
    }

    /// <inheritdoc/>
    public override void Complete() => Do("sending failed", _target.FinishRow);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _target.Dispose();

    private void Do(string failure, Action action)
    {
        try
        {
            action();
        }
        catch (IOException e)
        {
            throw Failure(failure, e);
        }
    }

    private OutputException Failure(string what, IOException cause) =>
        new($"{_peer.Address}: {what}: {cause.Message}; {_target.AdviceFor(cause)}.", cause);
}
