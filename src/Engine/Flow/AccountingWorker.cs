using System.Runtime.Intrinsics.X86;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Observe;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// The metering of one worker: packets in, ended flows out. Everything moves in windows of 64 packets and three passes, so that the memory accesses of a window
/// overlap: decode and ask for the index bucket; guess the row and ask for its lines; confirm and account.
/// </summary>
internal sealed unsafe class AccountingWorker<TAccounting> : FlowWorker
    where TAccounting : IAccounting
{
    private const byte Fin = 0x01;
    private const byte Syn = 0x02;
    private const byte Rst = 0x04;
    private const byte Ack = 0x10;
    private const int SweptRows = 3;
    private const long SweepSlack = 10 * CaptureTime.Second;

    private readonly FlowRules _rules;
    private readonly LocalNets _localNets;
    private readonly long _sweepFrom;
    private readonly long _leastPackets;
    private readonly IFlowConsumer _consumer;
    private readonly Decoder _decoder;
    private readonly PacketWindow _window = new();
    private readonly FlowTable _table;
    private readonly LongestIdle _longestIdle = new();
    private FlowRecords _ended;
    private long _cursor;

    /// <summary>Makes a worker.</summary>
    /// <param name="options">What to meter and how.</param>
    /// <param name="hash">The hash that all workers share.</param>
    /// <param name="shard">The flows that are this worker's.</param>
    /// <param name="consumer">Where ended flows go.</param>
    /// <param name="firstBlock">The block to fill first.</param>
    public AccountingWorker(MeteringOptions options, FlowHash hash, Shard shard, IFlowConsumer consumer, FlowRecords firstBlock)
    {
        _rules = options.Rules;
        _localNets = options.LocalNets;
        _sweepFrom = options.SweepFrom;
        _leastPackets = options.LeastPackets;
        _consumer = consumer;
        _ended = firstBlock;
        _decoder = new Decoder(hash, shard, options.Rules, options.Decapsulate);
        _table = new FlowTable(Math.Max(options.MaximumFlows / shard.Of, 1), hash);
    }

    /// <inheritdoc/>
    public override FrameCounts Frames => _decoder.Counts;

    /// <inheritdoc/>
    public override FlowCounts Flows { get; } = new();

    /// <inheritdoc/>
    public override void Process(PacketBatch batch)
    {
        int count = batch.Count;
        for (int first = 0; first < count; first += PacketWindow.Capacity)
        {
            _decoder.Decode(batch, first, Math.Min(PacketWindow.Capacity, count - first), _window);
            LookAhead();
            Account();
            Sweep();
        }
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        long newest = _window.Newest;
        FlowIdentity* identity = _table.Columns.Identity;
        for (long row = 0; row < _table.UsedRows; row++)
        {
            if (identity[row].IsLive)
            {
                End(row, LastReason(identity + row, newest));
                _table.Remove(row);
            }
        }

        if (_ended.Count > 0)
        {
            _ended = _consumer.Exchange(_ended);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _decoder.Dispose();
        _window.Dispose();
        _table.Dispose();
        _longestIdle.Dispose();
    }

    /// <summary>Asks for the lines that the window's packets are likely to touch.</summary>
    private void LookAhead()
    {
        int count = _window.Count;
        ulong* hashes = _window.Hashes;
        FlowIndex index = _table.Index;
        for (int i = 0; i < count; i++)
        {
            index.Prefetch(hashes[i]);
        }

        long* rows = _window.Rows;
        byte* fromHigh = _window.FromHigh;
        FlowColumns columns = _table.Columns;
        FlowIdentity* identity = columns.Identity;
        GapSums* gaps = columns.Gaps;
        SideSums* low = columns.Low;
        SideSums* high = columns.High;
        for (int i = 0; i < count; i++)
        {
            long row = index.Guess(hashes[i]);
            rows[i] = row;
            if (row >= 0 && Sse.IsSupported)
            {
                Sse.Prefetch0(identity + row);
                Sse.Prefetch0(gaps + row);
                Sse.Prefetch0((fromHigh[i] == 0 ? low : high) + row);
            }
        }
    }

    private void Account()
    {
        int count = _window.Count;
        FlowKey* keys = _window.Keys;
        ulong* hashes = _window.Hashes;
        long* rows = _window.Rows;
        long* times = _window.Times;
        uint* sizes = _window.Sizes;
        byte* fromHigh = _window.FromHigh;
        byte* tcpFlags = _window.TcpFlags;
        FlowColumns columns = _table.Columns;
        FlowIdentity* identity = columns.Identity;
        long active = _rules.ActiveTimeout;
        long patience = Math.Min(_rules.IdleTimeout, _rules.LingerTime);
        bool endsOnClose = _rules.EndsOnClose;
        long outOfOrder = 0;
        for (int i = 0; i < count; i++)
        {
            ref readonly FlowKey key = ref keys[i];
            long time = times[i];
            byte flags = tcpFlags[i];
            long row = rows[i];
            if (row < 0 || !identity[row].Is(in key))
            {
                row = _table.Find(in key, hashes[i]);
            }

            if (row < 0)
            {
                row = Insert(in key, hashes[i]);
                Begin(row, fromHigh[i], flags, time, sizes[i]);
            }
            else if (((time - identity[row].Last) > patience || (flags & Syn) != 0 || (time - identity[row].First) > active)
                && Reason(identity + row, flags, time) is var reason and not FlowEndReason.None)
            {
                FlowState state = identity[row].State;
                End(row, reason);
                Begin(row, fromHigh[i], flags, time, sizes[i]);
                if (reason == FlowEndReason.ActiveTimeout)
                {
                    identity[row].State = (identity[row].State & ~FlowState.ForwardIsHigh) | (state & FlowState.ForwardIsHigh);
                }
            }
            else if (!TAccounting.Add(columns, row, fromHigh[i], sizes[i], time))
            {
                outOfOrder++;
            }

            if ((flags & (Fin | Rst)) != 0 && endsOnClose)
            {
                FlowState fin = fromHigh[i] == 0 ? FlowState.FinLow : FlowState.FinHigh;
                identity[row].State |= ((flags & Fin) != 0 ? fin : 0) | ((flags & Rst) != 0 ? FlowState.Reset : 0);
            }
        }

        Flows.OutOfOrder += outOfOrder;
    }

    /// <summary>Why a packet of its key ends a flow (SPEC §2, in that order), or none if the packet belongs to it.</summary>
    private FlowEndReason Reason(FlowIdentity* identity, byte flags, long time)
    {
        long gap = time - identity->Last;
        if (identity->IsClosed && ((flags & (Syn | Ack)) == Syn || gap > _rules.LingerTime))
        {
            return FlowEndReason.EndOfFlowDetected;
        }

        return gap > _rules.IdleTimeout ? FlowEndReason.IdleTimeout
            : time - identity->First > _rules.ActiveTimeout ? FlowEndReason.ActiveTimeout
            : FlowEndReason.None;
    }

    private FlowEndReason LastReason(FlowIdentity* identity, long newest) =>
        identity->IsClosed ? FlowEndReason.EndOfFlowDetected
        : newest - identity->Last > _rules.IdleTimeout ? FlowEndReason.IdleTimeout
        : FlowEndReason.ForcedEnd;

    private long Insert(in FlowKey key, ulong hash)
    {
        if (_table.IsFull)
        {
            long oldest = _longestIdle.Take(_table);
            End(oldest, FlowEndReason.LackOfResources);
            _table.Remove(oldest);
        }

        long row = _table.Insert(in key, hash);
        Flows.Peak = Math.Max(Flows.Peak, _table.Count);
        return row;
    }

    private void Begin(long row, byte fromHigh, byte flags, long time, uint size)
    {
        FlowIdentity* identity = _table.Columns.Identity + row;
        identity->First = time;
        identity->LastLow = time;
        identity->LastHigh = time;
        bool forwardIsHigh = ForwardIsHigh(in identity->Key, fromHigh != 0, flags);
        identity->State = (forwardIsHigh ? FlowState.ForwardIsHigh : 0)
            | (fromHigh == 0 ? FlowState.SeenLow : FlowState.SeenHigh | FlowState.FirstIsHigh);
        TAccounting.Begin(_table.Columns, row, fromHigh, size);
    }

    /// <summary>Which end is forward in a flow that begins (SPEC §2).</summary>
    private bool ForwardIsHigh(in FlowKey key, bool fromHigh, byte flags)
    {
        if (_rules.ForwardIsFirstSender || key.IsLoop)
        {
            return fromHigh;
        }

        bool isAnswer = (flags & (Syn | Ack)) == (Syn | Ack);
        bool forwardIsHigh = fromHigh ^ isAnswer;
        return _localNets.IsEmpty ? forwardIsHigh : _localNets.IsForwardHigh(in key) ?? forwardIsHigh;
    }

    /// <summary>Hands a flow over. Its row stays as it is, for the caller to remove or to begin anew.</summary>
    private void End(long row, FlowEndReason reason)
    {
        if (_leastPackets > 1 && Packets(row) < (ulong)_leastPackets)
        {
            Flows.BelowMinimum++;
            return;
        }

        Flows.Add(reason);
        _ended.Add(_table.Columns, row, reason);
        if (_ended.IsFull)
        {
            _ended = _consumer.Exchange(_ended);
        }
    }

    private ulong Packets(long row)
    {
        FlowColumns columns = _table.Columns;
        FlowState state = columns.Identity[row].State;
        return ((state & FlowState.SeenLow) != 0 ? columns.Low[row].Packets : 0) + ((state & FlowState.SeenHigh) != 0 ? columns.High[row].Packets : 0);
    }

    /// <summary>
    /// Ends flows that are long over, a few rows a window. It waits 10 s of packet time longer than the timeout, so that what a flow contains is decided by its own packets.
    /// </summary>
    private void Sweep()
    {
        if (_table.Count < _sweepFrom)
        {
            return;
        }

        FlowIdentity* identity = _table.Columns.Identity;
        for (int i = 0; i < SweptRows; i++)
        {
            if (++_cursor >= _table.UsedRows)
            {
                _cursor = 0;
            }

            FlowIdentity* flow = identity + _cursor;
            long timeout = flow->IsClosed ? _rules.LingerTime : _rules.IdleTimeout;
            if (flow->IsLive && _window.Newest - flow->Last - SweepSlack > timeout)
            {
                End(_cursor, flow->IsClosed ? FlowEndReason.EndOfFlowDetected : FlowEndReason.IdleTimeout);
                _table.Remove(_cursor);
            }
        }
    }
}
