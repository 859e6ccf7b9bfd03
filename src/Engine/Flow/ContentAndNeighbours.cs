using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Hosts;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// The accounting of profile <c>full</c>: that of <see cref="PayloadsAndFlags"/>, and beside it how payloads begin, the turns of the
/// conversation, and what the two hosts did before (<see cref="HostLedger"/>). A packet without payload costs no more than there.
/// </summary>
internal readonly unsafe struct ContentAndNeighbours : IAccounting
{
    /// <inheritdoc/>
    public static PayloadDetail Payloads => PayloadDetail.Lengths | PayloadDetail.Places;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(FlowColumns columns, long row, byte fromB)
    {
        byte* own = (byte*)columns.ProfileState<FlowContent>(row);
        Sse.Prefetch0(own + (fromB * sizeof(PayloadSide)));
        Sse.Prefetch0(own + (2 * sizeof(PayloadSide)));
    }

    /// <inheritdoc/>
    public static void Begin(FlowColumns columns, long row, PacketWindow window, int index)
    {
        FlowContent* own = columns.ProfileState<FlowContent>(row);
        own->Data = default;
        own->FirstOfA = default;
        own->FirstOfB = default;
        PayloadsAndFlags.Begin(columns, row, &own->Payloads, window, index);
        FlowHeader* header = columns.Header(row);
        columns.Layout.Hosts!.Begin(in window.Keys[index], IsForwardB(header), header->First, &own->Neighbours);
        _ = own->Payloads.CountUpToTwelve();
        TakeData(own, window, index);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Update(FlowColumns columns, long row, PacketWindow window, int index)
    {
        FlowContent* own = columns.ProfileState<FlowContent>(row);
        FlowHeader* header = columns.Header(row);
        bool isAnswer = (header->State & (FlowState)((int)FlowState.SeenA << window.FromB[index])) == 0;
        bool isInOrder = PayloadsAndFlags.Update(columns, row, &own->Payloads, window, index);
        int packet = own->Payloads.CountUpToTwelve();
        if (isAnswer | packet is 6 or 12)
        {
            Note(columns, header, own, window, index, isAnswer, packet);
        }

        TakeData(own, window, index);
        return isInOrder;
    }

    /// <inheritdoc/>
    public static void End(FlowColumns columns, long row)
    {
        FlowContent* own = columns.ProfileState<FlowContent>(row);
        own->SourceIsMalicious = columns.Layout.Judge is { } judge
            && judge.Judge(EndedFlow.Of(columns.Header(row), (long)columns.Packets(row), own));
    }

    private static bool IsForwardB(FlowHeader* header) => (header->State & FlowState.ForwardIsB) != 0;

    /// <summary>Tells the hosts of a flow that is answered, or has its sixth or twelfth packet.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Note(
        FlowColumns columns, FlowHeader* header, FlowContent* own, PacketWindow window, int index, bool isAnswer, int packet)
    {
        HostLedger hosts = columns.Layout.Hosts!;
        if (isAnswer)
        {
            hosts.Answer(in window.Keys[index], IsForwardB(header), header->First, &own->Neighbours);
        }

        if (packet == 6)
        {
            hosts.ReachSix(in window.Keys[index], IsForwardB(header), header->First, &own->Neighbours);
        }
        else if (packet == 12)
        {
            ulong bytes = own->Payloads.Low.Bytes + own->Payloads.High.Bytes;
            hosts.ReachTwelve(in window.Keys[index], IsForwardB(header), bytes, &own->Neighbours);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TakeData(FlowContent* own, PacketWindow window, int index)
    {
        uint length = window.Payloads[index].Length;
        if (length == 0)
        {
            return;
        }

        byte fromB = window.FromB[index];
        own->Data.Take(length, fromB, window.Times[index]);
        FirstPayload* first = &own->FirstOfA + fromB;
        if (first->Seen <= FirstPayload.Next)
        {
            first->Take(window.Places[index].HeadOf(in window.Payloads[index]), length, window.Keys[index].Protocol);
        }
    }
}
