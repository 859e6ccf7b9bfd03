using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Memory;
using FlowMeter.Engine.Names;

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

    /// <summary>The state of the connection of a flow of the block, whose layout has annotations.</summary>
    public ConnectionState ConnectionStateOf(int index)
    {
        const FlowState Both = FlowState.SeenA | FlowState.SeenB;
        return Columns.Connection(FlowColumns.RowOf(index))->StateOf(isAnswered: (Header(index)->State & Both) == Both);
    }

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

        ReturnNames();
        Count = 0;
    }

    /// <summary>Gives the names of its flows back, which nobody reads any more.</summary>
    public void ReturnNames()
    {
        if (Columns.Layout.Names is { } names)
        {
            for (int i = 0; i < Count; i++)
            {
                names.Return(AnnotationsOf(i)->Names.Record);
            }
        }
    }

    /// <summary>What is kept of a flow of the block beside its statistics, where the layout has names.</summary>
    public FlowAnnotations* AnnotationsOf(int index) => Columns.Annotations(FlowColumns.RowOf(index));

    /// <summary>The application protocol of a flow of the block, and what it is known by.</summary>
    public (Application Application, ApplicationSource Source) ApplicationOf(int index)
    {
        FlowKey* key = &Header(index)->Key;
        Application application = ApplicationPorts.Of(
            AnnotationsOf(index)->Names.Application, key->Protocol, key->PortA, key->PortB, out ApplicationSource source);
        return (application, source);
    }

    /// <summary>A name of a flow of the block, as on the wire; empty for none. It holds until the names are given back.</summary>
    public ReadOnlySpan<byte> NameOf(int index, NameField field)
    {
        uint record = AnnotationsOf(index)->Names.Record;
        return record == NameArena.None ? [] : (*Columns.Layout.Names![record])[field];
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
