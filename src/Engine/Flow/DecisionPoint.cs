using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// Keeps flows as they were at their N-th packet, so that features can be those of the first packets while the flow goes on. A column for each row of the table; those of shorter flows
/// are never touched and cost no memory.
/// </summary>
internal sealed class DecisionPoint : IDisposable
{
    private readonly ulong _packets;
    private readonly FlowColumns _table;
    private readonly FlowColumns _kept;

    /// <summary>Makes room for the flows of a table.</summary>
    public DecisionPoint(long packets, FlowColumns table)
    {
        _packets = (ulong)packets;
        _table = table;
        _kept = new FlowColumns(table.Flows, table.Layout);
    }

    /// <summary>Adds an ended flow, as it was at its decision point if there is one and the flow got there.</summary>
    public static void Add(DecisionPoint? decision, FlowRecords ended, FlowColumns table, long row, FlowEndReason reason)
    {
        if (decision != null && table.Volume(row) is var (packets, bytes) && packets >= decision._packets)
        {
            ended.AddCut(decision._kept, row, reason, packets, bytes);
        }
        else
        {
            ended.Add(table, row, reason);
        }
    }

    /// <summary>Notes a flow that began with the packet just taken.</summary>
    public void Begin(long row) => Reach(row, 0);

    /// <summary>Takes a packet and settles it at once, so that the flow is seen as it is at its decision point, not some packets later. Returns whether it came in order.</summary>
    public bool Take<TAccounting>(long row, PacketWindow window, int index, ref int settled)
        where TAccounting : IAccounting
    {
        TAccounting.Settle(_table, window, settled, index);
        ulong before = _table.Packets(row);
        bool isInOrder = TAccounting.Take(_table, row, window, index);
        settled = index + 1;
        TAccounting.Settle(_table, window, index, settled);
        Reach(row, before);
        return isInOrder;
    }

    /// <summary>Keeps the flow of a row if its last packet brought it to the decision point.</summary>
    private void Reach(long row, ulong before)
    {
        if (before == _packets - 1 && _table.Packets(row) == _packets)
        {
            _kept.Copy(row, _table, row);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _kept.Dispose();
}
