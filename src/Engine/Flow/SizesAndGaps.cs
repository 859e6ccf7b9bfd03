using System.Runtime.CompilerServices;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// The accounting of profile <c>flowmeter</c> (SPEC §3, §4): counts, sizes and gaps of the flow and of its two ends, as exact integer sums.
/// </summary>
internal readonly unsafe struct SizesAndGaps : IAccounting
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Begin(FlowColumns columns, long row, PacketWindow window, int index) =>
        Begin(columns, row, window.FromB[index], window.Sizes[index]);

    /// <summary>Takes a flow's first packet, of this end and size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Begin(FlowColumns columns, long row, byte fromB, uint size)
    {
        *columns.Gaps(row) = GapSums.None;
        *columns.ColdFields(row) = default;
        BeginSide(columns.Endpoint(row, fromB), size);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Update(FlowColumns columns, long row, PacketWindow window, int index)
    {
        FlowHeader* header = columns.Header(row);
        byte fromB = window.FromB[index];
        long time = window.Times[index];
        long gap = time - header->Last;
        long* last = &header->LastA + fromB;
        FlowState seen = (FlowState)((int)FlowState.SeenA << fromB);
        if ((header->State & seen) == 0)
        {
            header->State |= seen;
            *last = time;
            columns.ColdFields(row)->OtherFirst = time;
            BeginSide(columns.Endpoint(row, fromB), window.Sizes[index]);
        }
        else
        {
            long sideGap = Math.Max(time - *last, 0);
            *last += sideGap;
            AddToSide(columns, row, fromB, window.Sizes[index], (ulong)sideGap);
        }

        columns.Gaps(row)->Add((ulong)Math.Max(gap, 0));
        return gap >= 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddToSide(FlowColumns columns, long row, byte fromB, uint size, ulong gap)
    {
        EndpointSums* side = columns.Endpoint(row, fromB);
        side->Packets++;
        side->Bytes += size;
        ulong square = (ulong)size * size;
        ulong squares = side->SizeSquares + square;
        side->SizeSquares = squares;
        if (squares < square)
        {
            CarrySizeSquares(columns.ColdFields(row), fromB);
        }

        side->SizeMinimum = Math.Min(side->SizeMinimum, size);
        side->SizeMaximum = Math.Max(side->SizeMaximum, size);
        side->Gaps.Add(gap);
    }

    private static void BeginSide(EndpointSums* side, uint size)
    {
        side->Packets = 1;
        side->Bytes = size;
        side->SizeSquares = (ulong)size * size;
        side->SizeMinimum = size;
        side->SizeMaximum = size;
        side->Gaps = GapSums.None;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CarrySizeSquares(FlowColdFields* cold, byte fromB)
    {
        if (fromB == 0)
        {
            cold->SizeSquaresA++;
        }
        else
        {
            cold->SizeSquaresB++;
        }
    }
}
