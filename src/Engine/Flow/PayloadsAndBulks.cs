using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// The accounting of profile <c>cic</c> (SPEC §7): that of <see cref="SizesAndGaps"/> with payloads for sizes, and beside it flags, header
/// bytes, bulks, and the spans between long gaps.
/// </summary>
internal readonly unsafe struct PayloadsAndBulks : IAccounting
{
    /// <summary>A gap over this begins a subflow, and ends a bulk; ns.</summary>
    public const long LongGap = CaptureTime.Second;

    /// <summary>A gap over this is idle; ns.</summary>
    public const long IdleGap = 5 * CaptureTime.Second;

    /// <summary>Packets that make a bulk.</summary>
    public const int MinBulk = 4;

    /// <inheritdoc/>
    public static PayloadDetail Payloads => PayloadDetail.Lengths;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(FlowColumns columns, long row, byte fromB)
    {
        byte* own = (byte*)columns.ProfileState<BulksAndSpans>(row);
        Sse.Prefetch0(own);
        Sse.Prefetch0(own + 64);
        Sse.Prefetch0(own + 128);
    }

    /// <inheritdoc/>
    public static void Begin(FlowColumns columns, long row, PacketWindow window, int index)
    {
        BulksAndSpans* own = columns.ProfileState<BulksAndSpans>(row);
        *own = default;
        own->SpanStart = window.Times[index];
        own->Idle = GapSums.None;
        own->Active = GapSums.None;
        own->MinHeader[0] = byte.MaxValue;
        own->MinHeader[1] = byte.MaxValue;
        own->Windows[window.FromB[index]] = window.Payloads[index].Window;
        Add(columns, own, row, window, index);
        SizesAndGaps.Begin(columns, row, window, index);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Update(FlowColumns columns, long row, PacketWindow window, int index)
    {
        BulksAndSpans* own = columns.ProfileState<BulksAndSpans>(row);
        FlowHeader* header = columns.Header(row);
        byte fromB = window.FromB[index];
        if ((header->State & (FlowState)((int)FlowState.SeenA << fromB)) == 0)
        {
            own->Windows[fromB] = window.Payloads[index].Window;
        }

        if (window.Times[index] - header->Last > LongGap)
        {
            own->AddLongGap(header->Last, window.Times[index]);
        }

        Add(columns, own, row, window, index);
        return SizesAndGaps.Update(columns, row, window, index);
    }

    /// <summary>Counts a packet, and leaves its payload in the place of its size for the sums to come.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(FlowColumns columns, BulksAndSpans* own, long row, PacketWindow window, int index)
    {
        PacketPayload payload = window.Payloads[index];
        byte fromB = window.FromB[index];
        uint flags = window.TcpFlags[index];
        own->WireBytes += window.Sizes[index];
        window.Sizes[index] = payload.Length;
        own->Flags.Add(flags);
        own->HeaderBytes[fromB] += payload.HeaderLength;
        own->MinHeader[fromB] = Math.Min(own->MinHeader[fromB], payload.HeaderLength);

        uint isA = 1u - fromB;
        uint bits = (((flags >> 3) & isA) << BulksAndSpans.PshA) | (((flags >> 5) & isA) << BulksAndSpans.UrgA);
        if (payload.Length > 0)
        {
            bits |= (1u << (BulksAndSpans.DataPackets + fromB))
                | AddToRun(columns.Header(row), own, fromB, payload.Length, window.Times[index]);
        }

        own->Counts.Add(bits);
    }

    /// <summary>
    /// Takes a data packet into the run of its end, or begins one. Returns what it counts for: a bulk once the run is long enough, a packet
    /// of a bulk from then on.
    /// </summary>
    private static uint AddToRun(FlowHeader* header, BulksAndSpans* own, byte fromB, uint length, long time)
    {
        FlowState last = (FlowState)(fromB * (uint)FlowState.LastIsB);
        long gap = Math.Max(time - own->RunLast, 0);
        if (own->RunPackets == 0 || (header->State & FlowState.LastIsB) != last || gap > LongGap)
        {
            header->State = (header->State & ~FlowState.LastIsB) | last;
            own->RunPackets = 1;
            own->RunBytes = length;
            own->RunTime = 0;
            own->RunLast = time;
            return 0;
        }

        own->RunLast += gap;
        uint inBulk = 1u << (BulksAndSpans.BulkPackets + fromB);
        if (own->RunPackets == MinBulk)
        {
            own->BulkBytes[fromB] += length;
            own->BulkTime[fromB] += (ulong)gap;
            return inBulk;
        }

        own->RunBytes += length;
        own->RunTime += (uint)gap;
        if (++own->RunPackets < MinBulk)
        {
            return 0;
        }

        own->BulkBytes[fromB] += own->RunBytes;
        own->BulkTime[fromB] += own->RunTime;
        own->Counts.Add(BulksAndSpans.BulkPackets + fromB, MinBulk - 1);
        return inBulk | (1u << (BulksAndSpans.Bulks + fromB));
    }
}
