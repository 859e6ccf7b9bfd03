using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// The metering of one worker: packets in, ended flows out. Everything moves in windows of 64 packets and passes over them, so that no
/// packet waits for memory: decode and hash; guess the rows from index buckets that were asked for a dozen packets ago, asking for their
/// lines, while the window before is accounted for.
/// </summary>
internal sealed unsafe partial class AccountingWorker<TAccounting> : FlowWorker
    where TAccounting : IAccounting
{
    // Packets between asking for an index bucket and looking a row up in it. Asked for all at once, many have not come by then: a core
    // waits for a dozen lines at a time.
    private const int BucketsAhead = 12;

    private readonly FlowLife<TAccounting> _life;
    private readonly EarlyDecision? _decision;
    private readonly IFlowConsumer _consumer;
    private readonly PacketColumns _decoded = new(PacketWindow.Capacity, TAccounting.Payloads);
    private PacketWindow _previous;

    // Behind the packets accounted for, not those decoded: the window ahead may hold older ones that keep a flow alive.
    private long _sweepClock = PacketClock.None;

    /// <summary>Makes a worker.</summary>
    public AccountingWorker(FlowWorkerParts parts)
        : base(parts, TAccounting.Payloads)
    {
        _previous = CreateWindow();
        _consumer = parts.Consumer;
        _life = new FlowLife<TAccounting>(parts.Options, _table, parts.Consumer, parts.FirstBlock, parts.EarlyScorer);
        _decision = _life.Decision;
    }

    /// <inheritdoc/>
    public override FlowCounts Flows => _life.Flows;

    /// <inheritdoc/>
    public override void Process(PacketBatch batch)
    {
        int count = batch.Count;
        for (int first = 0; first < count; first += PacketWindow.Capacity)
        {
            _decoder.Decode(batch, first, Math.Min(PacketWindow.Capacity, count - first), _current.Own);
            _current.TakeOwn();
            _current.Hash(_hash);
            TakeTimes();
            ProcessWindow();
        }

        ProcessWindow();
        TickAfter(batch.Now, batch.IsIdle);
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
            _current.View(packets, first, Math.Min(PacketWindow.Capacity, packets.Count - first));
            ProcessWindow();
        }

        ProcessWindow();
        _sweepClock = batch.SweepClock;
        TickAfter(batch.Now, batch.IsIdle);
    }

    /// <inheritdoc/>
    public override void Finish(long clock)
    {
        _consumer.EndOfPackets();
        FlushWindows();
        Frames?.Flush();
        _life.EndAll(clock);
        _life.HandOver();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _decoded.Dispose();
        _previous.Dispose();
        _life.Dispose();
        base.Dispose();
    }

    /// <summary>
    /// Asks for the lines that the current window's packets are likely to touch, and meanwhile accounts for the previous window, whose
    /// lines have been asked for a window ago. One of each in turn: a core can only wait for a dozen lines at a time.
    /// </summary>
    private void ProcessWindow()
    {
        PacketWindow current = _current;
        PacketWindow previous = _previous;
        HashIndex index = _table.Index;
        FlowColumns columns = _table.Columns;
        FlowLife<TAccounting> life = _life;
        int ahead = current.Count;
        for (int i = 0; i < Math.Min(ahead, BucketsAhead); i++)
        {
            index.Prefetch(current.Hashes[i]);
        }

        int count = previous.Count;
        long outOfOrder = 0;
        for (int i = 0; i < Math.Max(ahead, count); i++)
        {
            if (i < ahead)
            {
                LookAhead(index, columns, current, i);
            }

            if (i < count)
            {
                _ = life.Process(columns, previous, i, ref outOfOrder);
            }
        }

        if (_decision != null)
        {
            _decision.EndOfWindow(current);
            Frames?.EndOfWindow(_decision.Routes);
        }

        life.Flows.OutOfOrder += outOfOrder;
        if (previous.SweepClock != PacketClock.None)
        {
            _sweepClock = previous.SweepClock;

            // It may come back empty, and an older clock may be later than one that fell back since.
            previous.SweepClock = PacketClock.None;
        }

        previous.Clear();
        _current = previous;
        _previous = current;
        life.SweepAfterWindow(_sweepClock);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LookAhead(HashIndex index, FlowColumns columns, PacketWindow window, int i)
    {
        if (i + BucketsAhead < window.Count)
        {
            index.Prefetch(window.Hashes[i + BucketsAhead]);
        }

        long row = index.Guess(window.Hashes[i]);
        window.Rows[i] = row;
        if (row >= 0 && Sse.IsSupported)
        {
            Sse.Prefetch0(columns.Header(row));
            Sse.Prefetch0(columns.Gaps(row));
            Sse.Prefetch0(columns.Endpoint(row, window.FromB[i]));
            TAccounting.Prefetch(columns, row, window.FromB[i]);
        }
    }
}
