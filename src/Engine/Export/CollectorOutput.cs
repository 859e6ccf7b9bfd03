using System.Net;
using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Export;

/// <summary>
/// An IPFIX collector whose first failure ends the run. Over TCP it waits for the collector, so nothing is lost; UDP has no such thing.
/// Several threads may write at once.
/// </summary>
public sealed class CollectorOutput : RowOutput
{
    private readonly Lock _lock = new();
    private readonly CollectorAddress _address;
    private readonly CollectorTarget _target;

    private CollectorOutput(CollectorAddress address, IPEndPoint place, TimeProvider clock) =>
        (_address, _target) = (address, new CollectorTarget(address, place, clock, patience: null));

    /// <inheritdoc/>
    public override long Rows => _target.Rows;

    /// <summary>Makes the output of a run over files; it connects with the first messages.</summary>
    /// <param name="address">The collector.</param>
    /// <param name="place">Where it is (<see cref="CollectorAddress.Resolve"/>).</param>
    /// <param name="clock">Measures when templates are due.</param>
    public static CollectorOutput Open(CollectorAddress address, IPEndPoint place, TimeProvider clock) => new(address, place, clock);

    /// <summary>
    /// Makes the output of a live capture, which never waits for a collector longer than a second: what can not be sent is lost and
    /// counted, and a collector that is away is looked for every second.
    /// </summary>
    /// <param name="address">The collector.</param>
    /// <param name="place">Where it is.</param>
    /// <param name="clock">Measures when templates are due.</param>
    /// <param name="tell">Takes a line for the user, as that of <see cref="ResilientOutput.Open(string, Rotation, TimeProvider,
    /// Action{string}, RowFraming?)"/>.</param>
    public static ResilientOutput OpenResilient(
        CollectorAddress address, IPEndPoint place, TimeProvider clock, Action<string> tell) =>
        ResilientOutput.Open(
            $"{address}", new CollectorTarget(address, place, clock, TimeSpan.FromSeconds(1)), TableFormat.Ipfix.Framing, clock, tell);

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
        new($"{_address}: {what}: {cause.Message}; {_target.AdviceFor(cause)}.", cause);
}
