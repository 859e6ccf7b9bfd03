using System.Runtime.CompilerServices;

namespace FlowMeter.Engine.Flow;

/// <summary>The accounting of profile <c>flowmeter</c> (SPEC §3, §4): counts, sizes and gaps of the flow and of its two ends, as exact integer sums.</summary>
internal readonly unsafe struct SizesAndGaps : IAccounting
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Begin(FlowColumns columns, long row, PacketWindow window, int index) => Begin(columns, row, window.FromHigh[index], window.Sizes[index]);

    /// <summary>Takes a flow's first packet, of this end and size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Begin(FlowColumns columns, long row, byte fromHigh, uint size)
    {
        *columns.Gaps(row) = GapSums.None;
        *columns.Remainder(row) = default;
        BeginSide(columns.Side(row, fromHigh), size);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Take(FlowColumns columns, long row, PacketWindow window, int index)
    {
        FlowIdentity* identity = columns.Identity(row);
        byte fromHigh = window.FromHigh[index];
        long time = window.Times[index];
        long gap = time - identity->Last;
        long* last = &identity->LastLow + fromHigh;
        FlowState seen = (FlowState)((int)FlowState.SeenLow << fromHigh);
        if ((identity->State & seen) == 0)
        {
            identity->State |= seen;
            *last = time;
            columns.Remainder(row)->OtherFirst = time;
            columns.Gaps(row)->Add((ulong)Math.Max(gap, 0));
            BeginSide(columns.Side(row, fromHigh), window.Sizes[index]);
            window.Rows[index] = -1;
        }
        else
        {
            long sideGap = Math.Max(time - *last, 0);
            *last += sideGap;
            window.Rows[index] = row;
            window.Gaps[index] = (ulong)Math.Max(gap, 0);
            window.SideGaps[index] = (ulong)sideGap;
        }

        return gap >= 0;
    }

    /// <inheritdoc/>
    public static void Settle(FlowColumns columns, PacketWindow window, int from, int to)
    {
        long* rows = window.Rows;
        ulong* gaps = window.Gaps;
        ulong* sideGaps = window.SideGaps;
        uint* sizes = window.Sizes;
        byte* fromHigh = window.FromHigh;
        for (int i = from; i < to; i++)
        {
            long row = rows[i];
            if (row >= 0)
            {
                columns.Gaps(row)->Add(gaps[i]);
                uint size = sizes[i];
                SideSums* side = columns.Side(row, fromHigh[i]);
                side->Packets++;
                side->Bytes += size;
                ulong square = (ulong)size * size;
                ulong squares = side->SizeSquares + square;
                side->SizeSquares = squares;
                if (squares < square)
                {
                    CarrySizeSquares(columns.Remainder(row), fromHigh[i]);
                }

                side->SizeMinimum = Math.Min(side->SizeMinimum, size);
                side->SizeMaximum = Math.Max(side->SizeMaximum, size);
                side->Gaps.Add(sideGaps[i]);
            }
        }
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
