using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// A block of ended flows on its way from the table to the sink: the columns as they were, and why each flow ended. Owned by a pool and
/// used again.
/// </summary>
internal sealed unsafe class FlowRecordBlock(FlowLayout? layout = null) : IDisposable
{
    /// <summary>Flows a block holds at most: a window of packets never ends, nor decides, more.</summary>
    public const int Capacity = PacketWindow.Capacity;

    private readonly NativeColumn<FlowEndReason> _reasons = new(Capacity);
    private readonly NativeColumn<ulong> _wholePackets = new(Capacity);
    private readonly NativeColumn<ulong> _wholeBytes = new(Capacity);
    private readonly NativeColumn<EarlyVerdict> _decisions = new(Capacity);

    private readonly NativeColumn<ScorePush>? _pushes =
        layout is { Explained: > 0 } ? new NativeColumn<ScorePush>((long)Capacity * layout.Explained) : null;

    public FlowColumns Columns { get; } = new(Capacity, layout);

    public FlowEndReason* Reasons => _reasons.First;

    public int Count { get; set; }

    /// <summary>Which block of its worker it is.</summary>
    public long Number { get; set; }

    public bool IsFull => Count == Capacity;

    /// <summary>Appends the flow of a table's row. The block must not be full.</summary>
    public void Add(FlowColumns table, long row, FlowEndReason reason)
    {
        Columns.Copy(FlowColumns.RowOf(Count), table, row);
        _wholePackets.First[Count] = 0;
        _decisions.First[Count].Packets = 0;
        Reasons[Count++] = reason;
    }

    /// <summary>Appends the first packets of a flow that went on to a larger volume.</summary>
    public void AddCut(FlowColumns first, long row, FlowEndReason reason, ulong packets, ulong bytes)
    {
        Add(first, row, reason);
        _wholePackets.First[Count - 1] = packets;
        _wholeBytes.First[Count - 1] = bytes;
    }

    /// <summary>Appends a flow with its verdict at its decision point.</summary>
    public void AddDecided(FlowColumns table, long row, FlowEndReason reason, EarlyVerdict* decision, ScorePush* pushes)
    {
        Add(table, row, reason);
        _decisions.First[Count - 1] = *decision;
        for (int i = 0; i < Columns.Layout.Explained; i++)
        {
            PushesOf(Count - 1)[i] = pushes[i];
        }
    }

    /// <summary>What pushed the score at the decision point of a flow of the block; null where nothing is explained.</summary>
    public ScorePush* PushesOf(int index) => _pushes == null ? null : _pushes.First + ((long)index * Columns.Layout.Explained);

    /// <summary>The early verdict on a flow of the block.</summary>
    public EarlyVerdict* DecisionOf(int index) => _decisions.First + index;

    /// <summary>Who a flow of the block is between.</summary>
    public FlowHeader* Header(int index) => Columns.Header(FlowColumns.RowOf(index));

    /// <summary>Packets and bytes that a flow of the block accounts for.</summary>
    public (ulong Packets, ulong Bytes) Volume(int index) => Columns.Volume(FlowColumns.RowOf(index));

    /// <summary>The same of the whole flow, where only its first packets are in the block.</summary>
    public (ulong Packets, ulong Bytes) WholeVolume(int index) =>
        _wholePackets.First[index] == 0 ? Volume(index) : (_wholePackets.First[index], _wholeBytes.First[index]);

    /// <summary>Whether only the first packets of the flow are in the block.</summary>
    public bool IsCut(int index) => _wholePackets.First[index] != 0;

    /// <summary>Empties the block of flows that will not be exported; what they hold outside it goes back.</summary>
    public void Drop()
    {
        if (Columns.Layout.Histories is { } histories)
        {
            for (int i = 0; i < Count; i++)
            {
                histories.Return(Columns.ProfileState<FlowHistory>(FlowColumns.RowOf(i))->Head);
            }
        }

        Count = 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Columns.Dispose();
        _reasons.Dispose();
        _wholePackets.Dispose();
        _wholeBytes.Dispose();
        _decisions.Dispose();
        _pushes?.Dispose();
    }
}
