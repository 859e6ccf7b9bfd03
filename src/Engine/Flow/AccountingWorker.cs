using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Observe;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// The metering of one worker: packets in, ended flows out. Everything moves in windows of 64 packets and passes over them, so that no packet waits for memory: decode and hash, asking for the
/// index buckets; guess the rows, asking for their lines, while the window before is accounted for; add up what the accounting left.
/// </summary>
internal sealed unsafe partial class AccountingWorker<TAccounting> : FlowWorker
    where TAccounting : IAccounting
{
    private readonly FlowRules _rules;
    private readonly FlowOrientation _orientation;
    private readonly FlowEnding _ending;
    private readonly long _sweepFrom;
    private readonly long _leastPackets;
    private readonly IFlowConsumer _consumer;
    private readonly PacketWindow _decoded = new(TAccounting.NeedsPayloads);
    private readonly LongestIdle _longestIdle = new();
    private readonly DecisionPoint? _decision;
    private PacketWindow _previous = new(TAccounting.NeedsPayloads);
    private FlowRecords _ended;

    // Behind the packets accounted for, not those decoded: the window ahead may hold older ones that keep a flow alive.
    private long _sweepClock = PacketClock.None;
    private long _cursor;

    /// <summary>Makes a worker.</summary>
    /// <param name="options">What to meter and how.</param>
    /// <param name="hash">The hash that all workers share.</param>
    /// <param name="fragments">What is known of fragments, shared by all workers; stays the caller's.</param>
    /// <param name="consumer">Where ended flows go.</param>
    /// <param name="firstBlock">The block to fill first.</param>
    public AccountingWorker(MeteringOptions options, FlowHash hash, FragmentTable fragments, IFlowConsumer consumer, FlowRecords firstBlock)
        : base(
            new Decoder(options.Rules.Decode, options.Tunnels, fragments, TAccounting.NeedsPayloads),
            TAccounting.NeedsPayloads,
            new PacketClock(FlowEnding.LongestWait(options.Rules, options.SweepSlack)),
            hash,
            new FlowTable(Math.Max(options.MaximumFlows / options.Workers, 1), hash, firstBlock.Columns.Layout))
    {
        _rules = options.Rules;
        _ending = new FlowEnding(options.Rules, options.SweepSlack);
        _orientation = new FlowOrientation(options.Rules, options.LocalNets);
        _sweepFrom = options.SweepFrom;
        _leastPackets = options.LeastPackets;
        _consumer = consumer;
        _ended = firstBlock;
        _decision = options.DecideAfter is long packets ? new DecisionPoint(packets, _table.Columns, consumer.Judge) : null;
    }

    /// <inheritdoc/>
    public override FlowCounts Flows { get; } = new();

    /// <inheritdoc/>
    public override void Process(PacketBatch batch)
    {
        int count = batch.Count;
        for (int first = 0; first < count; first += PacketWindow.Capacity)
        {
            _decoder.Decode(batch, first, Math.Min(PacketWindow.Capacity, count - first), _current);
            _current.Hash(_hash, _table.Index);
            TakeTimes();
            Advance();
        }

        Advance();
        TickAfter(batch.Now, batch.IsSilent);
    }

    /// <inheritdoc/>
    public override bool TryDecode(ReadOnlySpan<PacketBatch> batches, DecodedBatch into, bool isInTurn) =>
        _decoder.TryDecode(batches, _decoded, _hash, into, isInTurn);

    /// <inheritdoc/>
    public override void Account(DecodedBatch batch, int shard)
    {
        PacketColumns packets = batch.Shards[shard];

        // A clock that falls back does so for these packets already.
        _sweepClock = batch.LowestSweepClock;
        for (int first = 0; first < packets.Count; first += PacketWindow.Capacity)
        {
            _current.View(packets, first, Math.Min(PacketWindow.Capacity, packets.Count - first), _table.Index);
            Advance();
        }

        Advance();
        _sweepClock = batch.SweepClock;
        TickAfter(batch.Now, batch.IsSilent);
    }

    /// <inheritdoc/>
    /// <remarks>The table is not emptied: a worker that has finished is done.</remarks>
    public override void Finish(long clock)
    {
        _consumer.EndOfPackets();
        Settle();
        Router?.Flush();
        for (long index = 0; index < _table.Used; index++)
        {
            long row = FlowColumns.RowOf(index);
            FlowIdentity* identity = _table.Columns.Identity(row);
            if (identity->IsLive)
            {
                End(row, _ending.AtEnd(identity, clock));
            }
        }

        HandOver();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _decoded.Dispose();
        _current.Dispose();
        _previous.Dispose();
        _table.Dispose();
        _longestIdle.Dispose();
        _decision?.Dispose();
    }

    /// <summary>
    /// Asks for the lines that the current window's packets are likely to touch, and meanwhile accounts for the previous window, whose lines have been asked for a window ago. One of each in turn:
    /// a core can only wait for a dozen lines at a time.
    /// </summary>
    private void Advance()
    {
        PacketWindow current = _current;
        PacketWindow previous = _previous;
        FlowIndex index = _table.Index;
        FlowColumns columns = _table.Columns;
        int ahead = current.Count;
        int count = previous.Count;
        int settled = 0;
        long outOfOrder = 0;
        for (int i = 0; i < Math.Max(ahead, count); i++)
        {
            if (i < ahead)
            {
                LookAhead(index, columns, current, i);
            }

            if (i < count)
            {
                Account(columns, previous, i, ref settled, ref outOfOrder);
            }
        }

        TAccounting.Settle(columns, previous, settled, count);
        if (_decision != null)
        {
            _decision.EndOfWindow(current);
            Router?.EndOfWindow(_decision.Routes);
        }

        Flows.OutOfOrder += outOfOrder;
        if (previous.SweepClock != PacketClock.None)
        {
            _sweepClock = previous.SweepClock;

            // It may come back empty, and an older clock may be later than one that fell back since.
            previous.SweepClock = PacketClock.None;
        }

        previous.Count = 0;
        _current = previous;
        _previous = current;
        Sweep();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LookAhead(FlowIndex index, FlowColumns columns, PacketWindow window, int i)
    {
        long row = index.Guess(window.Hashes[i]);
        window.Rows[i] = row;
        if (row >= 0 && Sse.IsSupported)
        {
            Sse.Prefetch0(columns.Identity(row));
            Sse.Prefetch0(columns.Gaps(row));
            Sse.Prefetch0(columns.Side(row, window.FromHigh[i]));
            TAccounting.Prefetch(columns, row, window.FromHigh[i]);
        }
    }

    /// <summary>Finds or begins the packet's flow and takes the packet into it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Account(FlowColumns columns, PacketWindow window, int i, ref int settled, ref long outOfOrder)
    {
        FlowKey* key = window.Keys + i;
        byte flags = window.TcpFlags[i];
        long row = window.Rows[i];
        if (row < 0 || !FlowIdentity.Is(columns.Identity(row), key))
        {
            row = _table.Find(key, window.Hashes[i]);
        }

        if (row < 0)
        {
            if (_table.IsFull)
            {
                SettleUpTo(window, i, ref settled);
                Evict();
            }

            row = Insert(in *key, window.Hashes[i]);
            Begin(row, window, i);
        }
        else if (_ending.AtPacket(columns.Identity(row), flags, window.Times[i]) is var reason and not FlowEndReason.None)
        {
            SettleUpTo(window, i, ref settled);
            Renew(row, reason, window, i);
        }
        else if (!TAccounting.HasRoom(columns, row))
        {
            Flows.WithoutRoom++;
            SettleUpTo(window, i, ref settled);
            Renew(row, FlowEndReason.LackOfResources, window, i);
        }
        else if (!(_decision == null ? TAccounting.Take(columns, row, window, i) : _decision.Take<TAccounting>(row, window, i, ref settled)))
        {
            outOfOrder++;
        }

        if ((flags & (TcpFlag.Fin | TcpFlag.Rst)) != 0 && _rules.EndsOnClose)
        {
            _ending.Close(columns.Identity(row), flags, window.FromHigh[i]);
        }
    }

    /// <summary>Ends a flow and begins the one that follows it in its row, so that the index stays as it is.</summary>
    private void Renew(long row, FlowEndReason reason, PacketWindow window, int i)
    {
        FlowIdentity* identity = _table.Columns.Identity(row);
        FlowState state = identity->State;
        End(row, reason);
        Begin(row, window, i);
        if (reason == FlowEndReason.ActiveTimeout)
        {
            identity->State = (identity->State & ~FlowState.ForwardIsHigh) | (state & FlowState.ForwardIsHigh);
        }
    }

    /// <summary>Adds up what is left of the packets before the <paramref name="i"/>-th: a flow that leaves has to have all of them.</summary>
    private void SettleUpTo(PacketWindow window, int i, ref int settled)
    {
        TAccounting.Settle(_table.Columns, window, settled, i);
        settled = i;
    }

    private void Evict()
    {
        long oldest = _longestIdle.Take(_table);
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
        bool isShort = _leastPackets > 1 && _table.Columns.Packets(row) < (ulong)_leastPackets;
        if (isShort || TAccounting.IsLeftOut(_table.Columns, row))
        {
            TAccounting.Discard(_table.Columns, row);
            _consumer.LeaveOut(_table.Columns.Identity(row), _ended.Count);
            Flows.BelowMinimum += isShort ? 1 : 0;
            Flows.Backwards += isShort ? 0 : 1;
            return;
        }

        Flows.Add(reason);
        DecisionPoint.Add(_decision, _ended, _table.Columns, row, reason);
        if (_ended.IsFull)
        {
            _ended = _consumer.Exchange(_ended);
        }
    }
}
