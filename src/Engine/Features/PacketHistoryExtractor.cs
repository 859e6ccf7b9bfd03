using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Features;

/// <summary>The 71 features of profile <c>appflow</c> (SPEC §6), from the whole list of a flow's lengths and times. Gives the flow's blocks back when it has read them.</summary>
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
    public override void Extract(FlowRecords records, FeatureBlock block)
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

    private void Extract(FlowRecords records, FeatureBlock block, int i)
    {
        long row = FlowColumns.RowOf(i);
        FlowHistory* history = records.Columns.Own<FlowHistory>(row);
        HistoryArena arena = records.Columns.Layout.Histories!;
        byte forwardEnd = (records.Columns.Identity(row)->State & FlowState.ForwardIsHigh) != 0 ? (byte)1 : (byte)0;
        long forward = (long)Side(records, row, forwardEnd)->Packets;
        long packets = (long)history->Packets;
        long backward = packets - forward;
        Reserve(packets);
        Read(history, arena, forwardEnd, forward);
        arena.Return(history->Head);

        ulong* times = _list.First;
        (ulong forwardFirst, ulong forwardLast) = Sort(times, forward);
        (ulong backwardFirst, ulong backwardLast) = Sort(times + forward, backward);
        ulong first = forward == 0 ? backwardFirst : backward == 0 ? forwardFirst : Math.Min(forwardFirst, backwardFirst);
        double duration = (Math.Max(forwardLast, backwardLast) - first) / Second;

        FeatureRow to = new(block, i, 0);
        to.Real(duration);
        to.Whole((ulong)packets);
        to.Whole((ulong)forward);
        to.Whole((ulong)backward);
        to.Whole(history->Successes);
        to.Real(Rate(history->Successes, duration));
        to.Real(Rate((ulong)packets, duration));
        to.Real(Rate((ulong)forward, (forwardLast - forwardFirst) / Second));
        to.Real(Rate((ulong)backward, (backwardLast - backwardFirst) / Second));

        // Times come last in the table, but their list is at hand now, and makes way for lengths.
        FeatureRow last = new(block, i, to.Next + AppFlowProfile.LengthFeatures);
        SetTimes(ref last, times, forward, withMinimum: false);
        SetTimes(ref last, times + forward, backward, withMinimum: true);
        SetLengths(ref to, 0, packets);
        SetLengths(ref to, 0, forward);
        SetLengths(ref to, forward, packets);
        SetLengthDifferences(ref to, 0, forward);
        SetLengthDifferences(ref to, forward, packets);
        if (packets > KeptRoom)
        {
            Resize(1);
        }
    }

    private static double Rate(ulong packets, double duration) => packets <= 1 ? 0 : duration <= 0 ? -1 : packets / duration;

    /// <summary>Lays out lengths and times, forward packets first, backward ones behind them, each in their order.</summary>
    private void Read(FlowHistory* history, HistoryArena arena, byte forwardEnd, long forward)
    {
        // Places of the next packet of the lower and of the higher endpoint.
        long* next = stackalloc long[2];
        next[forwardEnd] = 0;
        next[1 - forwardEnd] = forward;
        ulong packets = history->Packets;
        int count = (int)Math.Min(packets, FlowHistory.Inline);
        Read(history->Times, history->Lengths, count, next);
        packets -= (ulong)count;
        for (uint number = history->Head; packets > 0; packets -= (ulong)count)
        {
            HistoryBlock* block = arena[number];
            count = (int)Math.Min(packets, HistoryBlock.Capacity);
            Read(block->Times, block->Lengths, count, next);
            number = block->Next;
        }
    }

    private void Read(long* times, uint* lengths, int count, long* next)
    {
        const ulong Sign = 1UL << 63;
        for (int i = 0; i < count; i++)
        {
            long place = next[times[i] & 1]++;
            _list.First[place] = (ulong)(times[i] >> 1) ^ Sign;
            _lengths.First[place] = lengths[i];
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

    private void SetLengths(ref FeatureRow to, long from, long end)
    {
        for (long i = from; i < end; i++)
        {
            _list.First[i - from] = _lengths.First[i];
        }

        Moments moments = Take(_list.First, end - from);
        to.Real(moments.Minimum);
        to.Real(moments.Maximum);
        to.Real(moments.Mean(0));
        to.Real(Median(0));
        to.Real(_order.Mode);
        to.Real(moments.Deviation);
        to.Real(moments.Variance);
        to.Ratio(moments.Deviation, moments.Mean(0));
        to.Real(moments.Skewness);
    }

    private void SetLengthDifferences(ref FeatureRow to, long from, long end)
    {
        long count = Math.Max(end - from - 1, 0);
        for (long i = 0; i < count; i++)
        {
            _list.First[i] = LengthBias + _lengths.First[from + i + 1] - _lengths.First[from + i];
        }

        Moments moments = Take(_list.First, count);
        if (count > 0)
        {
            to.Real((long)(moments.Minimum - LengthBias));
        }
        else
        {
            to.Real(0);
        }

        SetDifferences(ref to, moments, count, LengthBias, 1);
    }

    private void SetTimes(ref FeatureRow to, ulong* times, long count, bool withMinimum)
    {
        long gaps = Math.Max(count - 1, 0);
        for (long i = 0; i < gaps; i++)
        {
            times[i] = times[i + 1] - times[i];
        }

        Moments moments = Take(times, gaps);
        if (withMinimum)
        {
            to.Real(moments.Minimum / Second);
        }

        SetDifferences(ref to, moments, gaps, 0, Second);
    }

    /// <summary>What the columns of differences have in common, behind their minimum.</summary>
    private void SetDifferences(ref FeatureRow to, in Moments moments, long count, ulong bias, double unit)
    {
        to.Real(count == 0 ? 0 : (long)(moments.Maximum - bias) / unit);
        to.Real(moments.Mean(bias) / unit);
        to.Real(count == 0 ? 0 : Median(bias) / unit);
        to.Real(moments.Deviation / unit);
        to.Real(moments.Variance / (unit * unit));
        to.Real(count == 0 ? 0 : (long)(_order.Mode - bias) / unit);
        to.Ratio(moments.Deviation, moments.Mean(bias));
        to.Real(moments.Skewness);
    }

    /// <summary>The moments of a list, and its order statistics in their place; zeros of nothing.</summary>
    private Moments Take(ulong* list, long count)
    {
        Moments moments = Moments.Of(list, count);
        _order.Take(list, _scratch.First, count, moments.Minimum, moments.Maximum);
        return moments;
    }

    private double Median(ulong bias) => ((double)(long)(_order.LowerMedian - bias) + (long)(_order.UpperMedian - bias)) / 2;

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
        _scratch = new NativeColumn<ulong>(packets);
    }
}
