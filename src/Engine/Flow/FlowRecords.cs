using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Flow;

/// <summary>A block of ended flows on its way from the table to the sink: the columns as they were, and why each flow ended. Owned by a pool and used again.</summary>
internal sealed unsafe class FlowRecords(FlowLayout? layout = null) : IDisposable
{
    /// <summary>Flows a block holds at most.</summary>
    public const int Capacity = Features.FeatureBlock.Capacity;

    private readonly NativeColumn<FlowEndReason> _reasons = new(Capacity);

    public FlowColumns Columns { get; } = new(Capacity, layout);

    public FlowEndReason* Reasons => _reasons.First;

    public int Count { get; set; }

    public bool IsFull => Count == Capacity;

    /// <summary>Appends the flow of a table's row. The block must not be full.</summary>
    public void Add(FlowColumns table, long row, FlowEndReason reason)
    {
        Columns.Copy(FlowColumns.RowOf(Count), table, row);
        Reasons[Count++] = reason;
    }

    /// <summary>Who a flow of the block is between.</summary>
    public FlowIdentity* Identity(int index) => Columns.Identity(FlowColumns.RowOf(index));

    /// <summary>Packets and bytes that a flow of the block accounts for.</summary>
    public (ulong Packets, ulong Bytes) Volume(int index)
    {
        long row = FlowColumns.RowOf(index);
        FlowState state = Columns.Identity(row)->State;
        SideSums low = (state & FlowState.SeenLow) != 0 ? *Columns.Side(row, 0) : default;
        SideSums high = (state & FlowState.SeenHigh) != 0 ? *Columns.Side(row, 1) : default;
        return (low.Packets + high.Packets, low.Bytes + high.Bytes);
    }

    /// <summary>Empties the block of flows that will not be exported; what they hold outside it goes back.</summary>
    public void Drop()
    {
        if (Columns.Layout.Histories is { } histories)
        {
            for (int i = 0; i < Count; i++)
            {
                histories.Return(Columns.Own<FlowHistory>(FlowColumns.RowOf(i))->Head);
            }
        }

        Count = 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Columns.Dispose();
        _reasons.Dispose();
    }
}
