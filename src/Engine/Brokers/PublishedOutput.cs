using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Brokers;

/// <summary>
/// Where the table of a run over files goes that is published: who writes waits for the broker, so nothing is lost. A broker that takes
/// nothing for half a minute ends the run.
/// </summary>
internal sealed class PublishedOutput(ResilientOutput output, BrokerOutput broker, TimeProvider clock) : RowOutput
{
    private const long MaxWaiting = BrokerOutput.MemoryBytes / 2;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc/>
    public override long Rows => output.Rows;

    /// <inheritdoc/>
    public override void Begin(ReadOnlySpan<byte> header) => output.Begin(header);

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> rows)
    {
        AwaitAtMost(MaxWaiting);
        output.Write(rows);
    }

    /// <inheritdoc/>
    public override void Complete()
    {
        AwaitAtMost(0);
        output.Complete();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => output.Dispose();

    private void AwaitAtMost(long bytes)
    {
        MessageTotals before = broker.Acknowledged;
        long since = clock.GetTimestamp();
        while (broker.Waiting is { Messages: > 0 } waiting && waiting.Bytes > bytes)
        {
            if (before != broker.Acknowledged)
            {
                (before, since) = (broker.Acknowledged, clock.GetTimestamp());
            }
            else if (clock.GetElapsedTime(since) > s_patience)
            {
                throw new OutputException($"{broker.Name}: takes no rows; {before.Rows} are published, {waiting.Rows} more were not "
                    + "acknowledged. Bring it back, and read again what is missing.");
            }

            broker.AwaitAcknowledgement(s_turn);
        }
    }
}
