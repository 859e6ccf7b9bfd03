using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Features;

/// <summary>The features of profile <c>deepfence</c> (SPEC §5), from exact sums. Its flows are few, so this is written plainly.</summary>
internal sealed unsafe class FirstPacketsExtractor : FeatureExtractor
{
    private const long Microsecond = 1000;
    private const double Carry = 340282366920938463463374607431768211456.0;

    // Numbers of features within DeepfenceProfile's header; pairs are forward, backward.
    private const int Duration = 0;
    private const int Length = 1;
    private const int Size = 4;
    private const int SidePairs = 9;
    private const int Gap = 19;
    private const int GapPairs = 23;
    private const int Rates = 33;

    /// <inheritdoc/>
    public override void Extract(FlowRecords records, FeatureBlock block)
    {
        block.Count = records.Count;
        for (int i = 0; i < records.Count; i++)
        {
            Extract(records, block, i);
        }
    }

    private void Extract(FlowRecords records, FeatureBlock block, int i)
    {
        long row = FlowColumns.RowOf(i);
        FlowIdentity* identity = records.Columns.Identity(row);
        GapSums* firstGaps = records.Columns.Gaps(row);
        bool forwardIsHigh = (identity->State & FlowState.ForwardIsHigh) != 0;
        FlowRemainder* remainder = records.Columns.Remainder(row);
        Direction low = Of(Side(records, row, 0), (long)firstGaps->SquaresLow, remainder->SizeSquaresLow);
        Direction high = Of(Side(records, row, 1), (long)firstGaps->SquaresHigh, remainder->SizeSquaresHigh);
        (Direction forward, Direction backward) = forwardIsHigh ? (high, low) : (low, high);

        // The first packet is always forward, so the forward gaps sum up to the last forward time minus the flow's first.
        forward.GapSum = (forwardIsHigh ? identity->LastHigh : identity->LastLow) - identity->First;
        backward.GapSum = backward.Packets == 0 ? 0 : (forwardIsHigh ? identity->LastLow : identity->LastHigh) - remainder->OtherFirst;
        Direction both = Together(forward, backward);

        double duration = FirstPackets.LastPacketTime(identity) - identity->First;
        Set(block, Duration, i, duration);
        Set(block, Length, i, both.Packets, forward.Packets, backward.Packets);
        Set(block, Size, i, both.Bytes, both.SizeMean, both.SizeDeviation, both.SizeMinimum, both.SizeMaximum);
        Set(block, SidePairs, i, forward.Bytes, backward.Bytes, forward.SizeMean, backward.SizeMean, forward.SizeDeviation, backward.SizeDeviation);
        Set(block, SidePairs + 6, i, forward.SizeMinimum, backward.SizeMinimum, forward.SizeMaximum, backward.SizeMaximum);
        Set(block, Gap, i, both.GapMean, both.GapDeviation, both.GapMinimum, both.GapMaximum);
        Set(block, GapPairs, i, (double)forward.GapSum, (double)backward.GapSum, forward.GapMean, backward.GapMean, forward.GapDeviation, backward.GapDeviation);
        Set(block, GapPairs + 6, i, forward.GapMinimum, backward.GapMinimum, forward.GapMaximum, backward.GapMaximum);

        double perTime = duration == 0 ? 0 : 1;
        double divisor = duration == 0 ? 1 : duration;
        Set(
            block,
            Rates,
            i,
            perTime * both.Packets / divisor,
            perTime * forward.Packets / divisor,
            perTime * backward.Packets / divisor,
            perTime * both.Bytes / divisor,
            perTime * forward.Bytes / divisor,
            perTime * backward.Bytes / divisor);
    }

    private static void Set(FeatureBlock block, int feature, int i, params ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            block.Column(feature++)[i] = value;
        }
    }

    private static Direction Of(SideSums* side, long firstGap, uint gapSquaresCarried)
    {
        bool hasGaps = side->Packets > 1;
        return new Direction
        {
            Packets = side->Packets,
            Bytes = side->Bytes,
            SizeSquares = side->SizeSquares,
            SizeMinimum = side->SizeMinimum,
            SizeMaximum = side->SizeMaximum,
            Gaps = hasGaps ? (long)side->Packets - 1 : 0,
            GapSquares = side->Gaps.Squares,
            GapSquaresCarried = gapSquaresCarried,
            GapMinimum = hasGaps ? (long)side->Gaps.Minimum : 0,
            GapMaximum = hasGaps ? (long)side->Gaps.Maximum : 0,
            FirstGap = firstGap,
        };
    }

    private static Direction Together(in Direction forward, in Direction backward)
    {
        bool onlyForward = backward.Gaps == 0;
        bool onlyBackward = forward.Gaps == 0;
        UInt128 gapSquares = forward.GapSquares + backward.GapSquares;
        return new Direction
        {
            Packets = forward.Packets + backward.Packets,
            Bytes = forward.Bytes + backward.Bytes,
            SizeSquares = forward.SizeSquares + backward.SizeSquares,
            SizeMinimum = backward.Packets == 0 ? forward.SizeMinimum : Math.Min(forward.SizeMinimum, backward.SizeMinimum),
            SizeMaximum = Math.Max(forward.SizeMaximum, backward.SizeMaximum),
            Gaps = forward.Gaps + backward.Gaps,
            GapSum = forward.GapSum + backward.GapSum,
            GapSquares = gapSquares,
            GapSquaresCarried = forward.GapSquaresCarried + backward.GapSquaresCarried + (gapSquares < forward.GapSquares ? 1u : 0u),
            GapMinimum = onlyForward ? forward.GapMinimum : onlyBackward ? backward.GapMinimum : Math.Min(forward.GapMinimum, backward.GapMinimum),
            GapMaximum = onlyForward ? forward.GapMaximum : onlyBackward ? backward.GapMaximum : Math.Max(forward.GapMaximum, backward.GapMaximum),
            FirstGap = onlyBackward ? backward.FirstGap : forward.FirstGap,
        };
    }

    /// <summary>The sums of one direction, or of both together, and what SPEC §5 makes of them. Gaps in nanoseconds.</summary>
    private record struct Direction
    {
        public ulong Packets;
        public ulong Bytes;
        public ulong SizeSquares;
        public uint SizeMinimum;
        public uint SizeMaximum;
        public long Gaps;
        public Int128 GapSum;
        public UInt128 GapSquares;
        public uint GapSquaresCarried;
        public long GapMinimum;
        public long GapMaximum;
        public long FirstGap;

        public readonly double SizeMean => Packets == 0 ? 0 : (double)Bytes / Packets;

        public readonly double SizeDeviation => Packets == 0 ? 0 : Math.Sqrt(ExactVariance.Numerator(Packets, Bytes, SizeSquares)) / Packets;

        /// <summary>The sum truncated to whole µs, divided, truncated to whole µs.</summary>
        public readonly long GapMean => Gaps == 0 ? 0 : (long)(GapSum / Microsecond / Gaps * Microsecond);

        /// <summary>Over all gaps but the first, divided by their number with the first, truncated to whole µs.</summary>
        public readonly double GapDeviation
        {
            get
            {
                if (Gaps < 2)
                {
                    return 0;
                }

                return Math.Truncate(Math.Sqrt(SquaredDeviations / (Microsecond * Microsecond) / Gaps)) * Microsecond;
            }
        }

        /// <summary>The sum of (gap − mean)² over all gaps but the first, ns².</summary>
        private readonly double SquaredDeviations
        {
            get
            {
                Int128 mean = GapMean;
                Int128 ofFirst = FirstGap - mean;

                // Only a clock that jumps by decades makes sums too large to be exact; no mean comes near such gaps, so nothing cancels out there.
                return GapSquaresCarried == 0 && GapSquares < UInt128.One << 124
                    ? (double)((Int128)GapSquares - (2 * mean * GapSum) + (Gaps * mean * mean) - (ofFirst * ofFirst))
                    : (GapSquaresCarried * Carry) + (double)GapSquares - (2 * (double)mean * (double)GapSum) + (Gaps * (double)mean * (double)mean)
                        - ((double)ofFirst * (double)ofFirst);
            }
        }
    }
}
