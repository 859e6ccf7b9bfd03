using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Features;

/// <summary>The 76 features of profile <c>cic</c> (SPEC §7). Deviations are the sample's.</summary>
internal sealed unsafe class PayloadsAndBulksExtractor : FeatureExtractor
{
    private const double Second = 1e9;
    private const double Microsecond = 1e3;

    // In the order of the header; in the octet ECE comes before CWR.
    private static ReadOnlySpan<int> FlagOrder => [0, 1, 2, 3, 4, 5, 7, 6];

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
    public override ulong WireBytes(FlowRecords records, int index) => records.Columns.Own<BulksAndSpans>(FlowColumns.RowOf(index))->WireBytes;

    private void Extract(FlowRecords records, FeatureBlock block, int i)
    {
        FlowColumns columns = records.Columns;
        long row = FlowColumns.RowOf(i);
        FlowIdentity* identity = columns.Identity(row);
        BulksAndSpans* own = columns.Own<BulksAndSpans>(row);
        int forwardEnd = (identity->State & FlowState.ForwardIsHigh) != 0 ? 1 : 0;
        Direction forward = Of(records, row, (byte)forwardEnd);
        Direction backward = Of(records, row, (byte)(1 - forwardEnd));
        Direction both = forward.With(backward);
        ulong duration = (ulong)(identity->Last - identity->First);
        double seconds = duration / Second;

        FeatureRow to = new(block, i, 0);
        to.Time(duration);
        to.Whole(forward.Packets);
        to.Whole(backward.Packets);
        to.Whole(forward.Bytes);
        to.Whole(backward.Bytes);
        SetLengths(ref to, forward);
        SetLengths(ref to, backward);
        to.Ratio(both.Bytes, seconds);
        to.Ratio(both.Packets, seconds);
        SetTimes(ref to, both.Packets - 1, duration, columns.Gaps(row));
        to.Time(forward.GapTotal);
        SetTimes(ref to, Math.Max(forward.Packets, 1) - 1, forward.GapTotal, &forward.Sums->Gaps);
        to.Time(backward.GapTotal);
        SetTimes(ref to, Math.Max(backward.Packets, 1) - 1, backward.GapTotal, &backward.Sums->Gaps);
        SetFlags(ref to, own, forwardEnd);
        to.Whole(own->HeaderBytes[forwardEnd]);
        to.Whole(own->HeaderBytes[1 - forwardEnd]);
        to.Ratio(forward.Packets, seconds);
        to.Ratio(backward.Packets, seconds);
        to.Whole(both.Minimum);
        to.Whole(both.Maximum);
        to.Ratio(both.Bytes, both.Packets);
        to.Real(both.Deviation);
        to.Real(both.Variance);
        foreach (int flag in FlagOrder)
        {
            to.Whole(own->Flags[flag]);
        }

        to.Ratio(backward.Packets, forward.Packets);
        to.Ratio(both.Bytes, both.Packets);
        to.Ratio(forward.Bytes, forward.Packets);
        to.Ratio(backward.Bytes, backward.Packets);
        SetBulks(ref to, own, forwardEnd);
        SetBulks(ref to, own, 1 - forwardEnd);
        double subflows = 1.0 + own->LongGaps;
        to.Real(forward.Packets / subflows);
        to.Real(forward.Bytes / subflows);
        to.Real(backward.Packets / subflows);
        to.Real(backward.Bytes / subflows);
        to.Whole(own->Windows[forwardEnd]);
        to.Whole(own->Windows[1 - forwardEnd]);
        to.Whole(own->Counts[BulksAndSpans.DataPackets + forwardEnd]);
        to.Whole(forward.Packets == 0 ? (byte)0 : own->LeastHeader[forwardEnd]);
        SetSpans(ref to, own, identity, duration);
    }

    private static void SetLengths(ref FeatureRow to, in Direction direction)
    {
        to.Whole(direction.Maximum);
        to.Whole(direction.Minimum);
        to.Ratio(direction.Bytes, direction.Packets);
        to.Real(direction.Deviation);
    }

    /// <summary>Mean, deviation, longest and shortest of <paramref name="count"/> times, µs.</summary>
    private static void SetTimes(ref FeatureRow to, ulong count, ulong total, GapSums* times)
    {
        to.Ratio(total, count * Microsecond);
        to.Real(count < 2 ? 0 : Math.Sqrt(ExactVariance.Numerator(count, total, times->Squares) / ((double)count * (count - 1))) / Microsecond);
        to.Time(count == 0 ? 0 : times->Maximum);
        to.Time(count == 0 ? 0 : times->Minimum);
    }

    private static void SetFlags(ref FeatureRow to, BulksAndSpans* own, int forwardEnd)
    {
        const int Psh = 3;
        const int Urg = 5;
        SetFlag(ref to, own->Flags[Psh], own->Counts[BulksAndSpans.PshLow], forwardEnd);
        SetFlag(ref to, own->Flags[Urg], own->Counts[BulksAndSpans.UrgLow], forwardEnd);
    }

    private static void SetFlag(ref FeatureRow to, ulong all, ulong low, int forwardEnd)
    {
        to.Whole(forwardEnd == 0 ? low : all - low);
        to.Whole(forwardEnd == 0 ? all - low : low);
    }

    private static void SetBulks(ref FeatureRow to, BulksAndSpans* own, int end)
    {
        double bulks = own->Counts[BulksAndSpans.Bulks + end];
        to.Ratio(own->BulkBytes[end], bulks);
        to.Ratio(own->Counts[BulksAndSpans.BulkPackets + end], bulks);
        to.Ratio(own->BulkBytes[end], own->BulkTime[end] / Second);
    }

    /// <summary>The span that the flow ended in is an active one, too, if it lasted.</summary>
    private static void SetSpans(ref FeatureRow to, BulksAndSpans* own, FlowIdentity* identity, ulong duration)
    {
        GapSums active = own->Active;
        ulong spans = own->ActiveSpans;
        if (identity->Last > own->SpanStart)
        {
            active.Add((ulong)(identity->Last - own->SpanStart));
            spans++;
        }

        // What is not idle is active.
        SetTimes(ref to, spans, duration - own->IdleTime, &active);
        SetTimes(ref to, own->IdleGaps, own->IdleTime, &own->Idle);
    }

    private Direction Of(FlowRecords records, long row, byte isHigh)
    {
        FlowIdentity* identity = records.Columns.Identity(row);
        FlowRemainder* remainder = records.Columns.Remainder(row);
        SideSums* side = Side(records, row, isHigh);
        bool sentFirst = ((identity->State & FlowState.FirstIsHigh) != 0) == (isHigh != 0);
        long first = sentFirst ? identity->First : remainder->OtherFirst;
        return new Direction
        {
            Sums = side,
            Packets = side->Packets,
            Bytes = side->Bytes,
            Squares = new UInt128(isHigh == 0 ? remainder->SizeSquaresLow : remainder->SizeSquaresHigh, side->SizeSquares),
            Minimum = side->SizeMinimum,
            Maximum = side->SizeMaximum,
            GapTotal = side->Packets == 0 ? 0 : (ulong)((isHigh == 0 ? identity->LastLow : identity->LastHigh) - first),
        };
    }

    /// <summary>Payloads and gaps of one direction; payloads of both.</summary>
    private ref struct Direction
    {
        public SideSums* Sums;
        public ulong Packets;
        public ulong Bytes;
        public UInt128 Squares;
        public uint Minimum;
        public uint Maximum;
        public ulong GapTotal;

        public readonly double Variance => Packets < 2 ? 0 : ExactVariance.Numerator(Packets, Bytes, Squares) / ((double)Packets * (Packets - 1));

        public readonly double Deviation => Math.Sqrt(Variance);

        public readonly Direction With(in Direction other) => new()
        {
            Packets = Packets + other.Packets,
            Bytes = Bytes + other.Bytes,
            Squares = Squares + other.Squares,
            Minimum = Packets == 0 ? other.Minimum : other.Packets == 0 ? Minimum : Math.Min(Minimum, other.Minimum),
            Maximum = Math.Max(Maximum, other.Maximum),
        };
    }
}
