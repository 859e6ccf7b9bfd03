using System.Runtime.CompilerServices;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Memory;
using FlowMeter.Engine.Numerics;

namespace FlowMeter.Engine.Features;

/// <summary>
/// The 39 features of profile <c>flowmeter</c>. First each flow's sums are laid out as columns (integers, their doubles, and the exact numerators of the variances); then means,
/// deviations and rates are vector math down the columns.
/// </summary>
internal sealed unsafe class SizesAndGapsExtractor : FeatureExtractor
{
    // Numbers of features within FlowMeterProfile.Features. A group of sizes or gaps has mean, deviation, minimum and maximum, in that order.
    private const int Duration = 0;
    private const int Packets = 1;
    private const int Bytes = 4;
    private const int Sizes = 7;
    private const int Gaps = 19;
    private const int ForwardGapTotal = 23;
    private const int BackwardGapTotal = 28;
    private const int Rates = 33;
    private const int Mean = 0;
    private const int Deviation = 1;
    private const int Minimum = 2;
    private const int Maximum = 3;
    private const double Microsecond = 1000;

    // Features that are times: nanoseconds as they are laid out, then microseconds.
    private static ReadOnlySpan<int> Times =>
    [
        Duration, Gaps + Minimum, Gaps + Maximum,
        ForwardGapTotal, ForwardGapTotal + 1 + Minimum, ForwardGapTotal + 1 + Maximum,
        BackwardGapTotal, BackwardGapTotal + 1 + Minimum, BackwardGapTotal + 1 + Maximum,
    ];

    // Numbers of gaps, of the flow and its two directions: divisors that are no features.
    private readonly NativeColumn<double> _gapCounts = new(3 * FeatureBlock.Capacity);

    /// <inheritdoc/>
    public override void Extract(FlowRecords records, FeatureBlock block)
    {
        block.Count = records.Count;
        for (int i = 0; i < records.Count; i++)
        {
            LayOut(records, block, i);
        }

        Compute(block);
        for (int i = 0; i < records.Count; i++)
        {
            if (block.Integers(Duration)[i] >= Quotient.Exact)
            {
                DivideExactly(block, i);
            }
        }
    }

    /// <inheritdoc/>
    protected override void DisposeOwn() => _gapCounts.Dispose();

    private void LayOut(FlowRecords records, FeatureBlock block, int i)
    {
        FlowColumns columns = records.Columns;
        long row = FlowColumns.RowOf(i);
        FlowIdentity* identity = columns.Identity(row);
        FlowRemainder* remainder = columns.Remainder(row);
        bool forwardIsHigh = (identity->State & FlowState.ForwardIsHigh) != 0;
        bool firstIsHigh = (identity->State & FlowState.FirstIsHigh) != 0;
        SideSums* low = Side(records, row, 0);
        SideSums* high = Side(records, row, 1);
        SideSums* forward = forwardIsHigh ? high : low;
        SideSums* backward = forwardIsHigh ? low : high;
        ulong duration = (ulong)(identity->Last - identity->First);
        ulong packets = forward->Packets + backward->Packets;
        ulong bytes = forward->Bytes + backward->Bytes;
        UInt128 lowSquares = SizeSquares(low, remainder->SizeSquaresLow);
        UInt128 highSquares = SizeSquares(high, remainder->SizeSquaresHigh);

        SetTime(block, Duration, i, duration);
        SetInteger(block, Packets, i, packets);
        SetInteger(block, Packets + 1, i, forward->Packets);
        SetInteger(block, Packets + 2, i, backward->Packets);
        SetInteger(block, Bytes, i, bytes);
        SetInteger(block, Bytes + 1, i, forward->Bytes);
        SetInteger(block, Bytes + 2, i, backward->Bytes);

        bool isOneSided = backward->Packets == 0 || forward->Packets == 0;
        uint minimum = isOneSided ? Math.Max(forward->SizeMinimum, backward->SizeMinimum) : Math.Min(forward->SizeMinimum, backward->SizeMinimum);
        SetSizes(block, Sizes, i, packets, bytes, lowSquares + highSquares, minimum, Math.Max(forward->SizeMaximum, backward->SizeMaximum));
        SetSizes(block, Sizes + 4, i, forward->Packets, forward->Bytes, forwardIsHigh ? highSquares : lowSquares, forward->SizeMinimum, forward->SizeMaximum);
        SetSizes(block, Sizes + 8, i, backward->Packets, backward->Bytes, forwardIsHigh ? lowSquares : highSquares, backward->SizeMinimum, backward->SizeMaximum);

        ulong forwardTotal = GapTotal(identity, remainder, forward, forwardIsHigh, forwardIsHigh == firstIsHigh);
        ulong backwardTotal = GapTotal(identity, remainder, backward, !forwardIsHigh, forwardIsHigh != firstIsHigh);
        SetGaps(block, Gaps, i, 0, packets, duration, columns.Gaps(row));
        SetTime(block, ForwardGapTotal, i, forwardTotal);
        SetGaps(block, ForwardGapTotal + 1, i, 1, forward->Packets, forwardTotal, &forward->Gaps);
        SetTime(block, BackwardGapTotal, i, backwardTotal);
        SetGaps(block, BackwardGapTotal + 1, i, 2, backward->Packets, backwardTotal, &backward->Gaps);
    }

    private void Compute(FeatureBlock block)
    {
        int count = block.Count;
        double* gapCounts = _gapCounts.First;
        foreach (int time in Times)
        {
            ColumnMath.Divide(block.Column(time), Microsecond, count);
        }

        for (int direction = 0; direction < 3; direction++)
        {
            double* packets = block.Column(Packets + direction);
            int sizes = Sizes + (4 * direction);
            ColumnMath.Ratio(block.Column(sizes + Mean), block.Column(Bytes + direction), packets, 1, count);
            ColumnMath.RootRatio(block.Column(sizes + Deviation), block.Column(sizes + Deviation), packets, 1, count);

            // The column of means holds the sum of gaps until now, in ns; the divisor turns it into µs with a single rounding.
            int gaps = direction switch { 0 => Gaps, 1 => ForwardGapTotal + 1, _ => BackwardGapTotal + 1 };
            double* gapCount = gapCounts + (direction * FeatureBlock.Capacity);
            ColumnMath.Ratio(block.Column(gaps + Mean), block.Column(gaps + Mean), gapCount, Microsecond, count);
            ColumnMath.RootRatio(block.Column(gaps + Deviation), block.Column(gaps + Deviation), gapCount, Microsecond, count);

            double* duration = block.Column(Duration);
            ColumnMath.Ratio(block.Column(Rates + direction), packets, duration, 1, count);
            ColumnMath.Ratio(block.Column(Rates + 3 + direction), block.Column(Bytes + direction), duration, 1, count);
        }
    }

    /// <summary>The times of a flow of months, which as doubles would be rounded before they are divided (SPEC §3).</summary>
    private void DivideExactly(FeatureBlock block, int i)
    {
        foreach (int time in Times)
        {
            block.Column(time)[i] = Quotient.Of(block.Integers(time)[i], (ulong)Microsecond);
        }

        SetMean(Gaps, Duration, 0);
        SetMean(ForwardGapTotal + 1, ForwardGapTotal, 1);
        SetMean(BackwardGapTotal + 1, BackwardGapTotal, 2);

        void SetMean(int group, int total, int direction)
        {
            ulong count = (ulong)_gapCounts.First[(direction * FeatureBlock.Capacity) + i];
            block.Column(group + Mean)[i] = count == 0 ? 0 : Quotient.Of(block.Integers(total)[i], (ulong)Microsecond * count);
        }
    }

    private static UInt128 SizeSquares(SideSums* side, uint carried) => new(carried, side->SizeSquares);

    /// <summary>The sum of an end's gaps is its newest time minus its first one, since a gap is measured from the newest time so far.</summary>
    private static ulong GapTotal(FlowIdentity* identity, FlowRemainder* remainder, SideSums* side, bool isHigh, bool sentFirst) =>
        side->Packets == 0 ? 0 : (ulong)((isHigh ? identity->LastHigh : identity->LastLow) - (sentFirst ? identity->First : remainder->OtherFirst));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SetInteger(FeatureBlock block, int feature, int i, ulong value)
    {
        block.Integers(feature)[i] = value;
        block.Column(feature)[i] = value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SetTime(FeatureBlock block, int feature, int i, ulong nanoseconds)
    {
        block.Integers(feature)[i] = nanoseconds;
        block.Column(feature)[i] = nanoseconds;
    }

    private static void SetSizes(FeatureBlock block, int group, int i, ulong packets, ulong bytes, UInt128 squares, uint minimum, uint maximum)
    {
        block.Column(group + Deviation)[i] = ExactVariance.Numerator(packets, bytes, squares);
        SetInteger(block, group + Minimum, i, minimum);
        SetInteger(block, group + Maximum, i, maximum);
    }

    private void SetGaps(FeatureBlock block, int group, int i, int direction, ulong packets, ulong total, GapSums* gaps)
    {
        ulong count = packets < 2 ? 0 : packets - 1;
        _gapCounts.First[(direction * FeatureBlock.Capacity) + i] = count;
        block.Column(group + Mean)[i] = total;
        block.Column(group + Deviation)[i] = count == 0 ? 0 : ExactVariance.Numerator(count, total, gaps->Squares);
        SetTime(block, group + Minimum, i, count == 0 ? 0 : gaps->Minimum);
        SetTime(block, group + Maximum, i, count == 0 ? 0 : gaps->Maximum);
    }
}
