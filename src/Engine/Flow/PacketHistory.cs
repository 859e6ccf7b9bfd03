using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// The accounting of profile <c>appflow</c> (SPEC §6): the length and the time of every packet, since its medians and modes need the whole
/// list. The newest packets are in the flow's own column, older ones in a chain of blocks, which travels with the flow when it ends and is
/// given back by the exporter.
/// </summary>
internal readonly unsafe struct PacketHistory : IAccounting
{
    // What a time from the first packet on may be, 146 years.
    private const long Farthest = long.MaxValue / 2;

    /// <inheritdoc/>
    public static PayloadDetail Payloads => PayloadDetail.Lengths;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(FlowColumns columns, long row, byte fromB)
    {
        byte* own = (byte*)columns.ProfileState<FlowHistory>(row);
        Sse.Prefetch0(own);
        Sse.Prefetch0(own + 64);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool HasRoom(FlowColumns columns, long row)
    {
        FlowHistory* history = columns.ProfileState<FlowHistory>(row);
        return history->HasRoom || columns.Histories!.HasOne();
    }

    /// <inheritdoc/>
    public static void Begin(FlowColumns columns, long row, PacketWindow window, int index)
    {
        FlowHistory* history = columns.ProfileState<FlowHistory>(row);
        history->Packets = 0;
        history->Successes = 0;
        history->Head = HistoryArena.None;
        history->Tail = HistoryArena.None;
        history->Used = 0;
        Count(columns.Endpoint(row, window.FromB[index]), isFirst: true, window.Sizes[index]);
        Append(columns, history, 0, window, index);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Update(FlowColumns columns, long row, PacketWindow window, int index)
    {
        FlowHeader* header = columns.Header(row);
        byte fromB = window.FromB[index];
        long time = window.Times[index];
        bool isInOrder = time >= header->Last;
        long* last = &header->LastA + fromB;
        FlowState seen = (FlowState)((int)FlowState.SeenA << fromB);
        bool isFirst = (header->State & seen) == 0;
        if (isFirst)
        {
            columns.ColdFields(row)->OtherFirst = time;
        }

        *last = isFirst ? time : Math.Max(*last, time);
        header->State |= seen;
        Count(columns.Endpoint(row, fromB), isFirst, window.Sizes[index]);
        Append(columns, columns.ProfileState<FlowHistory>(row), time - header->First, window, index);
        return isInOrder;
    }

    /// <inheritdoc/>
    public static void Discard(FlowColumns columns, long row) =>
        columns.Layout.Histories!.Return(columns.ProfileState<FlowHistory>(row)->Head);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Count(EndpointSums* side, bool isFirst, uint size)
    {
        side->Packets = (isFirst ? 0 : side->Packets) + 1;
        side->Bytes = (isFirst ? 0 : side->Bytes) + size;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Append(FlowColumns columns, FlowHistory* history, long offset, PacketWindow window, int index)
    {
        history->Successes += window.Payloads[index].IsSuccess;
        history->Packets++;
        uint length = window.Sizes[index];
        byte fromB = window.FromB[index];
        if (!HistoryWord.Fits(offset, length))
        {
            history->AddLong(columns.Histories!, Math.Clamp(offset, -Farthest, Farthest), length, fromB);
            return;
        }

        if (history->Used == HistoryBlock.Capacity)
        {
            history->MoveToBlock(columns.Histories!);
        }

        history->Words[history->Used++] = HistoryWord.Of(offset, length, fromB);
    }
}
