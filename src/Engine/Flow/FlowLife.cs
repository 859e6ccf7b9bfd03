using System.Runtime.CompilerServices;
using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// The life of the flows of one table (SPEC §2): a flow begins with the first packet of its key, takes those that follow, begins anew in
/// its row where a packet ends it, is closed by FIN or RST, is swept out when it is idle, and leaves a full table. What is kept of its
/// packets is a type parameter. For one thread; the counters may be read from any.
/// </summary>
internal sealed unsafe class FlowLife<TAccounting> : IDisposable
    where TAccounting : IAccounting
{
    // Of a table, after each window of packets.
    private const int SweptRows = 3;

    private readonly FlowRules _rules;
    private readonly FlowDirection _orientation;
    private readonly FlowExpiry _ending;
    private readonly FlowTable _table;
    private readonly long _sweepFrom;
    private readonly long _minPackets;
    private readonly IFlowConsumer _consumer;
    private readonly EvictionCandidates _evictionCandidates = new();
    private FlowRecordBlock _ended;
    private long _cursor;

    /// <summary>Begins with an empty table.</summary>
    /// <param name="options">What begins and ends a flow.</param>
    /// <param name="table">The live flows; stays the caller's.</param>
    /// <param name="consumer">Where ended flows go.</param>
    /// <param name="firstBlock">The block to fill first.</param>
    /// <param name="scorer">Scores flows at their decision point; null: disabled.</param>
    public FlowLife(FlowOptions options, FlowTable table, IFlowConsumer consumer, FlowRecordBlock firstBlock, IEarlyScorer? scorer = null)
    {
        _rules = options.Rules;
        _ending = new FlowExpiry(options.Rules, options.SweepSlack);
        _orientation = new FlowDirection(options.Rules, options.LocalNets);
        _sweepFrom = options.SweepFrom;
        _minPackets = options.MinPackets;
        _table = table;
        _consumer = consumer;
        _ended = firstBlock;
        Decision = options.DecideAfter is long packets ? new EarlyDecision(packets, table.Columns, scorer) : null;
    }

    /// <summary>Flows by end reason.</summary>
    public FlowCounts Flows { get; } = new();

    /// <summary>What becomes of flows at their N-th packet; null: disabled.</summary>
    public EarlyDecision? Decision { get; }

    /// <summary>Finds or begins the flow of a window's packet and takes the packet into it.</summary>
    /// <param name="columns">The table's columns.</param>
    /// <param name="window">The window; <see cref="PacketWindow.Rows"/> has a guess for the packet.</param>
    /// <param name="i">The packet's place in the window.</param>
    /// <param name="outOfOrder">Counts packets that are older than the newest of their flow.</param>
    /// <returns>The flow's row.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Process(FlowColumns columns, PacketWindow window, int i, ref long outOfOrder)
    {
        FlowKey* key = window.Keys + i;
        byte flags = window.TcpFlags[i];
        long row = window.Rows[i];
        if (row < 0 || !FlowHeader.Is(columns.Header(row), key))
        {
            row = _table.Find(key, window.Hashes[i]);
        }

        if (row < 0)
        {
            if (_table.IsFull)
            {
                Evict();
            }

            row = Insert(in *key, window.Hashes[i]);
            Begin(row, window, i);
        }
        else if (_ending.AtPacket(columns.Header(row), flags, window.Times[i]) is var reason and not FlowEndReason.None)
        {
            Restart(row, reason, window, i);
        }
        else if (!TAccounting.HasRoom(columns, row))
        {
            Flows.HistoryOverflows++;
            Restart(row, FlowEndReason.LackOfResources, window, i);
        }
        else if (!(Decision == null
            ? TAccounting.Update(columns, row, window, i)
            : Decision.Update<TAccounting>(row, window, i)))
        {
            outOfOrder++;
        }

        if ((flags & (TcpFlag.Fin | TcpFlag.Rst)) != 0 && _rules.EndsOnClose)
        {
            _ending.Close(columns.Header(row), flags, window.FromB[i]);
        }

        return row;
    }

    /// <summary>
    /// After a window of packets: ends flows that are long over, a few rows at a time, once the table has the size from which on it is
    /// swept.
    /// </summary>
    /// <param name="clock">The clock that sweeps (<see cref="PacketClock.Sweep"/>).</param>
    public void SweepAfterWindow(long clock)
    {
        if (_table.Count >= _sweepFrom)
        {
            Sweep(SweptRows, clock);
        }
    }

    /// <summary>Ends those of the next <paramref name="rows"/> flows that are over by a clock.</summary>
    public void Sweep(long rows, long clock)
    {
        if (clock == PacketClock.None)
        {
            // Of the first packets dealt out to this worker the clock is known only after the last.
            return;
        }

        for (long i = 0; i < rows; i++)
        {
            if (++_cursor >= _table.Used)
            {
                _cursor = 0;
            }

            long row = FlowColumns.RowOf(_cursor);
            FlowHeader* flow = _table.Columns.Header(row);
            if (flow->IsLive && _ending.AtSweep(flow, clock) is var reason and not FlowEndReason.None)
            {
                End(row, reason);
                _table.Remove(row);
            }
        }
    }

    /// <summary>Ends every flow that is left. The table is not emptied: who has finished is done.</summary>
    /// <param name="clock">The clock at the end of the input.</param>
    public void EndAll(long clock)
    {
        for (long index = 0; index < _table.Used; index++)
        {
            long row = FlowColumns.RowOf(index);
            FlowHeader* header = _table.Columns.Header(row);
            if (header->IsLive)
            {
                End(row, _ending.AtEnd(header, clock));
            }
        }
    }

    /// <summary>Hands over the block that is being filled, if there is a flow in it.</summary>
    public void HandOver()
    {
        if (_ended.Count > 0)
        {
            _ended = _consumer.Exchange(_ended);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _evictionCandidates.Dispose();
        Decision?.Dispose();
    }

    /// <summary>Begins a flow in a row; one that continues another has its orientation.</summary>
    private void Begin(long row, PacketWindow window, int i, FlowState? continued = null)
    {
        FlowHeader* header = _table.Columns.Header(row);
        byte fromB = window.FromB[i];
        long time = window.Times[i];
        header->First = time;
        header->LastA = time;
        header->LastB = time;
        FlowState forward = continued is FlowState before ? before & FlowState.ForwardIsB
            : _orientation.ForwardIsB(in header->Key, fromB != 0, window.TcpFlags[i]) ? FlowState.ForwardIsB
            : 0;
        header->State = forward
            | (fromB == 0 ? FlowState.SeenA : FlowState.SeenB | FlowState.FirstIsB);
        TAccounting.Begin(_table.Columns, row, window, i);
        Decision?.Begin(row, i);
    }

    /// <summary>Ends a flow and begins the one that follows it in its row, so that the index stays as it is.</summary>
    private void Restart(long row, FlowEndReason reason, PacketWindow window, int i)
    {
        FlowState state = _table.Columns.Header(row)->State;
        End(row, reason);
        Begin(row, window, i, reason == FlowEndReason.ActiveTimeout ? state : null);
    }

    private void Evict()
    {
        long oldest = _evictionCandidates.Take(_table);
        End(oldest, FlowEndReason.LackOfResources);
        _table.Remove(oldest);
    }

    private long Insert(in FlowKey key, ulong hash)
    {
        long row = _table.Insert(in key, hash);
        Flows.Peak = Math.Max(Flows.Peak, _table.Count);
        return row;
    }

    /// <summary>Hands a flow over. Its row stays as it is, for the caller to remove or to begin anew.</summary>
    private void End(long row, FlowEndReason reason)
    {
        TAccounting.End(_table.Columns, row);
        Flows.NamesLost = _table.Columns.Names?.Lost ?? 0;
        bool isShort = _minPackets > 1 && _table.Columns.Packets(row) < (ulong)_minPackets;
        if (isShort || TAccounting.IsLeftOut(_table.Columns, row))
        {
            TAccounting.Discard(_table.Columns, row);
            _consumer.LeaveOut(_table.Columns.Header(row), _ended.Count);
            Flows.BelowMinimum += isShort ? 1 : 0;
            Flows.Backwards += isShort ? 0 : 1;
            return;
        }

        Flows.Add(reason);
        EarlyDecision.Add(Decision, _ended, _table.Columns, row, reason);
        if (_ended.IsFull)
        {
            _ended = _consumer.Exchange(_ended);
        }
    }
}
