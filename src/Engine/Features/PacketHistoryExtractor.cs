using System.Runtime.Intrinsics.X86;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Features;

/// <summary>
/// The features of <see cref="AppFlowProfile"/> (SPEC §6), from the whole list of a flow's lengths and times. Gives the flow's blocks back
/// when it has read them.
/// </summary>
internal sealed unsafe class PacketHistoryExtractor : FeatureExtractor
{
    private const double Second = 1e9;

    // Makes differences of lengths numbers without a sign.
    private const ulong LengthBias = 1UL << 32;

    // A flow longer than this is rare: its lists do not stay in memory.
    private const long KeptRoom = 1 << 20;

    private readonly OrderStatistics _order = new();
    private NativeColumn<uint> _lengths = new(1024);
    private NativeColumn<ulong> _list = new(1024);
    private NativeColumn<ulong> _scratch = new(1024);

    /// <inheritdoc/>
    public override void Extract(FlowRecordBlock records, FeatureBlock block)
    {
        block.Count = records.Count;
        for (int i = 0; i < records.Count; i++)
        {
            Extract(records, block, i);
        }
    }

    /// <inheritdoc/>
    protected override void DisposeOwn()
    {
        _order.Dispose();
        _lengths.Dispose();
        _list.Dispose();
        _scratch.Dispose();
    }

    private void Extract(FlowRecordBlock records, FeatureBlock block, int i)
    {
        long row = FlowColumns.RowOf(i);
        FlowHistory* history = records.Columns.ProfileState<FlowHistory>(row);
        HistoryArena arena = records.Columns.Layout.Histories!;
        byte forwardEnd = ForwardEnd(records, row);
        long forward = (long)Endpoint(records, row, forwardEnd)->Packets;
        long packets = (long)history->Packets;
        long backward = packets - forward;
        Reserve(packets);
        Read(history, arena, forwardEnd, forward);
        arena.Return(history->Head);

        // Times first: their list is at hand now, and makes way for lengths.
        ulong* times = _list.First;
        (ulong forwardFirst, ulong forwardLast) = Sort(times, forward);
        (ulong backwardFirst, ulong backwardLast) = Sort(times + forward, backward);
        ulong first = forward == 0 ? backwardFirst : backward == 0 ? forwardFirst : Math.Min(forwardFirst, backwardFirst);
        AppFlowLists flow = new()
        {
            Packets = (ulong)packets,
            Forward = (ulong)forward,
            Backward = (ulong)backward,
            Successes = history->Successes,
            Duration = (Math.Max(forwardLast, backwardLast) - first) / Second,
            ForwardDuration = (forwardLast - forwardFirst) / Second,
            BackwardDuration = (backwardLast - backwardFirst) / Second,
            ForwardGaps = GapsOf(times, forward),
            BackwardGaps = GapsOf(times + forward, backward),
            Lengths = LengthsOf(0, packets),
            ForwardLengths = LengthsOf(0, forward),
            BackwardLengths = LengthsOf(forward, packets),
            ForwardLengthDifferences = LengthDifferencesOf(0, forward),
            BackwardLengthDifferences = LengthDifferencesOf(forward, packets),
        };
        FeatureRow to = new(block, i, 0);
        AppFlowProfile.Visit(ref to, in flow);
        to.AssertWhole(block);
        if (packets > KeptRoom)
        {
            Resize(1);
        }
    }

    /// <summary>Lays out lengths and times, forward packets first, backward ones behind them, each in their order.</summary>
    private void Read(FlowHistory* history, HistoryArena arena, byte forwardEnd, long forward)
    {
        // Places of the next packet of the lower and of endpoint B.
        long* next = stackalloc long[2];
        next[forwardEnd] = 0;
        next[1 - forwardEnd] = forward;
        for (uint number = history->Head; number != HistoryArena.None;)
        {
            // The chain is as long as it takes: only the next block is known, and is asked for while this one is read.
            HistoryBlock* block = arena[number];
            number = block->Next;
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(arena[number]);
                Sse.Prefetch0((byte*)arena[number] + 64);
            }

            Read(block->Words, HistoryBlock.Capacity, next);
        }

        Read(history->Words, history->Used, next);
    }

    /// <summary>Lays out the packets of some words.</summary>
    private void Read(ulong* words, uint count, long* next)
    {
        const ulong Sign = 1UL << 63;
        for (ulong* end = words + count; words < end && *words != HistoryWord.Rest; words++)
        {
            ulong word = *words;
            long place = next[HistoryWord.SenderOf(word)]++;
            if (HistoryWord.IsLong(word))
            {
                _list.First[place] = words[1] ^ Sign;
                _lengths.First[place] = (uint)words[2];
                words += 2;
            }
            else
            {
                _list.First[place] = (ulong)HistoryWord.TimeOf(word) ^ Sign;
                _lengths.First[place] = HistoryWord.LengthOf(word);
            }
        }
    }

    /// <summary>Sorts times, which mostly are. Returns the first and the last one, zeros of none.</summary>
    private (ulong First, ulong Last) Sort(ulong* times, long count)
    {
        if (count == 0)
        {
            return (0, 0);
        }

        ulong minimum = times[0];
        ulong maximum = times[0];
        bool isSorted = true;
        for (long i = 1; i < count; i++)
        {
            isSorted &= times[i] >= maximum;
            minimum = Math.Min(minimum, times[i]);
            maximum = Math.Max(maximum, times[i]);
        }

        if (!isSorted)
        {
            RadixSort.Sort(times, _scratch.First, count, minimum, maximum);
        }

        return (minimum, maximum);
    }

    private ListStatistics LengthsOf(long from, long end)
    {
        for (long i = from; i < end; i++)
        {
            _list.First[i - from] = _lengths.First[i];
        }

        return Take(_list.First, end - from, 0, 1);
    }

    private ListStatistics LengthDifferencesOf(long from, long end)
    {
        long count = Math.Max(end - from - 1, 0);
        for (long i = 0; i < count; i++)
        {
            _list.First[i] = LengthBias + _lengths.First[from + i + 1] - _lengths.First[from + i];
        }

        return Take(_list.First, count, LengthBias, 1);
    }

    /// <summary>The gaps between sorted times, in seconds. The times are lost.</summary>
    private ListStatistics GapsOf(ulong* times, long count)
    {
        long gaps = Math.Max(count - 1, 0);
        for (long i = 0; i < gaps; i++)
        {
            times[i] = times[i + 1] - times[i];
        }

        return Take(times, gaps, 0, Second);
    }

    /// <summary>
    /// The statistics of a list of values less <paramref name="bias"/>, in units of <paramref name="unit"/>. The list's order is lost.
    /// </summary>
    private ListStatistics Take(ulong* list, long count, ulong bias, double unit)
    {
        if (count == 0)
        {
            return default;
        }

        Moments moments = Moments.From(list, count);
        _order.Take(list, _scratch.First, count, moments.Minimum, moments.Maximum);
        return new ListStatistics(in moments, _order, bias, unit);
    }

    private void Reserve(long packets)
    {
        if (packets > _list.Length)
        {
            Resize(packets + (packets / 4));
        }
    }

    private void Resize(long packets)
    {
        _lengths.Dispose();
        _list.Dispose();
        _scratch.Dispose();
        _lengths = new NativeColumn<uint>(packets);
        _list = new NativeColumn<ulong>(packets);
        _scratch = new NativeColumn<ulong>(Math.Max(packets, OrderStatistics.MinScratch));
    }
}
