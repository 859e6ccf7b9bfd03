using System.Runtime.Intrinsics.X86;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// What becomes of flows at their N-th packet, while they go on. With a scorer those that get there within a window are scored together at
/// its end, and the verdicts are kept beside them. Without one they are kept as they were, so that features can be those of the first
/// packets. Columns for each row of the table; what shorter flows do not touch costs no memory.
/// </summary>
internal sealed unsafe class EarlyDecision : IDisposable
{
    private readonly uint _packets;
    private readonly FlowColumns _table;
    private readonly IEarlyScorer? _scorer;
    private readonly FlowColumns? _kept;
    private readonly NativeColumn<EarlyVerdict> _decisions;
    private readonly EarlyVerdict* _first;
    private readonly NativeColumn<ScorePush>? _pushes;
    private readonly int _explained;

    // The flows that got there in this window, as they were, and their rows.
    private readonly FlowRecordBlock _reached;
    private readonly long[] _rows = new long[FlowRecordBlock.Capacity];
    private readonly NativeColumn<FrameRoute> _routes = new(PacketWindow.Capacity);

    /// <summary>Makes room for the flows of a table.</summary>
    /// <param name="packets">N, at least 1.</param>
    /// <param name="table">The live flows.</param>
    /// <param name="scorer">Scores those that get there; null to keep them as they were. Stays the caller's.</param>
    public EarlyDecision(long packets, FlowColumns table, IEarlyScorer? scorer)
    {
        _packets = (uint)Math.Min(packets, uint.MaxValue);
        _table = table;
        _scorer = scorer;
        _kept = scorer == null ? new FlowColumns(table.Flows, table.Layout) : null;
        _reached = new FlowRecordBlock(table.Layout);
        _decisions = new NativeColumn<EarlyVerdict>(table.Flows);
        _first = _decisions.First;
        _explained = scorer == null ? 0 : table.Layout.Explained;
        _pushes = _explained > 0 ? new NativeColumn<ScorePush>(table.Flows * _explained) : null;
    }

    /// <summary>
    /// Adds an ended flow: with what was decided on it, or as it was at its decision point, if there is one and the flow got there.
    /// </summary>
    public static void Add(EarlyDecision? decision, FlowRecordBlock ended, FlowColumns table, long row, FlowEndReason reason)
    {
        if (decision == null || decision.Of(row)->Packets < decision._packets)
        {
            ended.Add(table, row, reason);
        }
        else
        {
            decision.AddDecided(ended, row, reason);
        }
    }

    /// <summary>Where each packet of the window just accounted for goes.</summary>
    public FrameRoute* Routes => _routes.First;

    /// <summary>Notes a flow that began with the packet just taken, number <paramref name="index"/> of the window.</summary>
    public void Begin(long row, int index)
    {
        _routes.First[index] = FrameRoute.Suspicious;
        EarlyVerdict* decision = Of(row);
        decision->Packets = 1;
        if (_packets == 1)
        {
            Reach(row, decision);
        }
    }

    /// <summary>Takes a packet, and keeps the flow as it is then if that is its decision point.</summary>
    /// <returns>Whether the packet came in order.</returns>
    public bool Update<TAccounting>(long row, PacketWindow window, int index)
        where TAccounting : IAccounting
    {
        bool isInOrder = TAccounting.Update(_table, row, window, index);
        EarlyVerdict* decision = Of(row);
        if (decision->Packets == _packets)
        {
            _routes.First[index] = decision->IsPending ? FrameRoute.FirstPending + decision->Place : RouteBehind(decision->Verdict);
            return isInOrder;
        }

        _routes.First[index] = FrameRoute.Suspicious;
        if (++decision->Packets == _packets)
        {
            Reach(row, decision);
        }

        return isInOrder;
    }

    /// <summary>
    /// Scores the flows that got to their decision point in the window just accounted for, and asks for the lines of those that the next
    /// one's packets are guessed to belong to.
    /// </summary>
    public void EndOfWindow(PacketWindow next)
    {
        Decide();
        for (int i = 0; i < next.Count; i++)
        {
            long row = next.Rows[i];
            if (row >= 0 && Sse.IsSupported)
            {
                Sse.Prefetch0(Of(row));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _kept?.Dispose();
        _reached.Dispose();
        _decisions.Dispose();
        _pushes?.Dispose();
        _routes.Dispose();
    }

    private ScorePush* PushesOf(long row) => _pushes == null ? null : _pushes.First + (FlowColumns.IndexOf(row) * _explained);

    private EarlyVerdict* Of(long row) => _first + FlowColumns.IndexOf(row);

    private void Decide()
    {
        if (_reached.Count == 0)
        {
            return;
        }

        _scorer!.Score(_reached);
        for (int i = 0; i < _reached.Count; i++)
        {
            // A flow that ended meanwhile and was left out may have had this row, too; the flow that has it now came later, and so does its
            // verdict.
            *Of(_rows[i]) = *_reached.DecisionOf(i) with { Packets = Of(_rows[i])->Packets };
            for (int push = 0; push < _explained; push++)
            {
                PushesOf(_rows[i])[push] = _reached.PushesOf(i)[push];
            }
        }

        for (int i = 0; i < PacketWindow.Capacity; i++)
        {
            FrameRoute route = _routes.First[i];
            _routes.First[i] = route < FrameRoute.FirstPending
                ? route
                : RouteBehind(_reached.DecisionOf(route - FrameRoute.FirstPending)->Verdict);
        }

        _reached.Count = 0;
    }

    /// <summary>The way of a packet behind the decision point of its flow.</summary>
    private FrameRoute RouteBehind(Verdict verdict) =>
        BypassRule.Bypasses(_packets + 1L, _packets, verdict) ? FrameRoute.Benign : FrameRoute.Suspicious;

    private void AddDecided(FlowRecordBlock ended, long row, FlowEndReason reason)
    {
        if (_kept != null)
        {
            (ulong packets, ulong bytes) = _table.Volume(row);
            ended.AddCut(_kept, row, reason, packets, bytes);
            return;
        }

        if (Of(row)->IsPending)
        {
            Decide();
        }

        ended.AddDecided(_table, row, reason, Of(row), PushesOf(row));
    }

    private void Reach(long row, EarlyVerdict* decision)
    {
        if (_kept != null)
        {
            _kept.Copy(row, _table, row);
            return;
        }

        // There is room: a window has no more packets than a block has flows.
        decision->IsPending = true;
        decision->Place = (byte)_reached.Count;
        _rows[_reached.Count] = row;
        _reached.Add(_table, row, FlowEndReason.None);
    }
}
