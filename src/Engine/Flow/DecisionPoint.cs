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
        _kept = new FlowColumns(table.Flows);
    }

    /// <summary>Keeps the flow of a row if its last packet brought it to the decision point.</summary>
    /// <param name="row">The row.</param>
    /// <param name="before">Packets of the flow before that packet.</param>
    public void Reach(long row, ulong before)
    {
        if (before == _packets - 1 && _table.Packets(row) == _packets)
        {
            _kept.Copy(row, _table, row);
        }
    }

    /// <summary>Adds an ended flow as it was at its decision point; false if it never got there.</summary>
    public bool TryAdd(FlowRecords ended, long row, FlowEndReason reason)
    {
        (ulong packets, ulong bytes) = _table.Volume(row);
        if (packets < _packets)
        {
            return false;
        }

        ended.AddCut(_kept, row, reason, packets, bytes);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _kept.Dispose();
}
