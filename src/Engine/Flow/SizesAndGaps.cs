using System.Runtime.CompilerServices;

namespace FlowMeter.Engine.Flow;

/// <summary>The accounting of profile <c>flowmeter</c> (SPEC §3, §4): counts, sizes and gaps of the flow and of its two ends, as exact integer sums.</summary>
internal readonly unsafe struct SizesAndGaps : IAccounting
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Begin(FlowColumns columns, long row, byte fromHigh, uint size)
    {
        columns.Gaps[row] = GapSums.None;
        columns.Remainder[row] = default;
        BeginSide((fromHigh == 0 ? columns.Low : columns.High) + row, size);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Add(FlowColumns columns, long row, byte fromHigh, uint size, long time)
    {
        FlowIdentity* identity = columns.Identity + row;
        long gap = time - identity->Last;
        columns.Gaps[row].Add((ulong)Math.Max(gap, 0));

        SideSums* side = (fromHigh == 0 ? columns.Low : columns.High) + row;
        long* last = &identity->LastLow + fromHigh;
        FlowState seen = fromHigh == 0 ? FlowState.SeenLow : FlowState.SeenHigh;
        if ((identity->State & seen) == 0)
        {
            identity->State |= seen;
            *last = time;
            columns.Remainder[row].OtherFirst = time;
            BeginSide(side, size);
            return gap >= 0;
        }

        side->Packets++;
        side->Bytes += size;
        ulong squares = side->SizeSquares;
        side->SizeSquares = squares + ((ulong)size * size);
        if (side->SizeSquares < squares)
        {
            CarrySizeSquares(columns.Remainder + row, fromHigh);
        }

        side->SizeMinimum = Math.Min(side->SizeMinimum, size);
        side->SizeMaximum = Math.Max(side->SizeMaximum, size);
        side->Gaps.Add((ulong)Math.Max(time - *last, 0));
        *last = Math.Max(*last, time);
        return gap >= 0;
    }

    private static void BeginSide(SideSums* side, uint size)
    {
        side->Packets = 1;
        side->Bytes = size;
        side->SizeSquares = (ulong)size * size;
        side->SizeMinimum = size;
        side->SizeMaximum = size;
        side->Gaps = GapSums.None;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CarrySizeSquares(FlowRemainder* remainder, byte fromHigh)
    {
        if (fromHigh == 0)
        {
            remainder->SizeSquaresLow++;
        }
        else
        {
            remainder->SizeSquaresHigh++;
        }
    }
}
