using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// The accounting of profile <c>extended</c> (SPEC §8): that of <see cref="SizesAndGaps"/>, and beside it payloads and TCP flags of both
/// ends, changes of direction, and the first ten data packets.
/// </summary>
internal readonly unsafe struct PayloadsAndFlags : IAccounting
{
    private const uint TcpFlags = 0x3F;

    /// <inheritdoc/>
    public static PayloadDetail Payloads => PayloadDetail.Lengths;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(FlowColumns columns, long row, byte fromB)
    {
        // Bytes from the beginning on: the address of a field would be checked by reading it, which is what a prefetch is not to wait for.
        byte* own = (byte*)columns.ProfileState<PayloadSums>(row);
        Sse.Prefetch0(own + (fromB * sizeof(PayloadSide)));
        Sse.Prefetch0(own + (2 * sizeof(PayloadSide)));
    }

    /// <inheritdoc/>
    public static void Begin(FlowColumns columns, long row, PacketWindow window, int index) =>
        Begin(columns, row, columns.ProfileState<PayloadSums>(row), window, index);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Update(FlowColumns columns, long row, PacketWindow window, int index) =>
        Update(columns, row, columns.ProfileState<PayloadSums>(row), window, index);

    /// <summary>Takes a flow's first packet into sums that lie elsewhere.</summary>
    public static void Begin(FlowColumns columns, long row, PayloadSums* own, PacketWindow window, int index)
    {
        SizesAndGaps.Begin(columns, row, window, index);
        *own = default;
        own->Low.Minimum = uint.MaxValue;
        own->High.Minimum = uint.MaxValue;
        byte fromB = window.FromB[index];
        columns.Header(row)->State |= (FlowState)(fromB * (int)FlowState.LastIsB);
        Add(own, fromB, window, index);
    }

    /// <summary>Takes a further packet into sums that lie elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Update(FlowColumns columns, long row, PayloadSums* own, PacketWindow window, int index)
    {
        byte fromB = window.FromB[index];
        FlowHeader* header = columns.Header(row);
        uint changed = (((uint)header->State & (uint)FlowState.LastIsB) / (uint)FlowState.LastIsB) ^ fromB;
        own->Sequence += changed * PayloadSums.Change;
        header->State ^= (FlowState)(changed * (uint)FlowState.LastIsB);
        bool isInOrder = SizesAndGaps.Update(columns, row, window, index);
        Add(own, fromB, window, index);
        return isInOrder;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(PayloadSums* own, byte fromB, PacketWindow window, int index)
    {
        PayloadSide* side = &own->Low + fromB;
        uint length = window.Payloads[index].Length;
        ulong square = (ulong)length * length;
        ulong squares = side->Squares + square;
        uint bits = (window.TcpFlags[index] & TcpFlags) | (length > 0 ? 1u << PayloadSide.DataPackets : 0)
            | (squares < square ? 1u << PayloadSide.Carries : 0);
        side->Squares = squares;
        side->Bytes += length;
        side->Counters.Add(bits);
        if (length > 0)
        {
            side->Minimum = Math.Min(side->Minimum, length);
            side->Maximum = Math.Max(side->Maximum, length);
            if ((own->Sequence & PayloadSums.KeptMask) < PayloadSums.Kept)
            {
                own->Keep(length, fromB, window.Times[index]);
            }
        }
    }
}
