namespace FlowMeter.Engine.Flow;

/// <summary>
/// The accounting of profile <c>deepfence</c> (SPEC §5): the first 83 packets of a flow, gaps between a packet and the one before it of the
/// same end, which may be negative. It keeps its sums in the columns of <see cref="SizesAndGaps"/>; the gaps of the whole flow are not
/// needed, and their place holds the first gap of each end; sizes of 83 packets never carry, and the carries of their squares are those of
/// the squared gaps.
/// </summary>
internal readonly unsafe struct FirstPackets : IAccounting
{
    /// <summary>Packets of a flow that count.</summary>
    public const ulong Limit = 83;

    /// <inheritdoc/>
    public static void Begin(FlowColumns columns, long row, PacketWindow window, int index)
    {
        byte fromB = window.FromB[index];
        *columns.Gaps(row) = default;
        *columns.ColdFields(row) = default;
        BeginSide(columns.Endpoint(row, fromB), window.Sizes[index]);
        SetLastPacket(columns.Header(row), fromB);
    }

    /// <inheritdoc/>
    public static bool Update(FlowColumns columns, long row, PacketWindow window, int index)
    {
        FlowHeader* header = columns.Header(row);
        byte fromB = window.FromB[index];
        uint size = window.Sizes[index];
        long time = window.Times[index];
        ulong packets = columns.Packets(row);
        if (packets == Limit)
        {
            return true;
        }

        bool isInOrder = time >= LastPacketTime(header);
        EndpointSums* side = columns.Endpoint(row, fromB);
        long* last = &header->LastA + fromB;
        FlowState seen = (FlowState)((int)FlowState.SeenA << fromB);
        if ((header->State & seen) == 0)
        {
            header->State |= seen;
            columns.ColdFields(row)->OtherFirst = time;
            BeginSide(side, size);
        }
        else
        {
            side->Bytes += size;
            side->SizeSquares += (ulong)size * size;
            side->SizeMinimum = Math.Min(side->SizeMinimum, size);
            side->SizeMaximum = Math.Max(side->SizeMaximum, size);
            AddGap(columns, row, side, fromB, time - *last);
            side->Packets++;
        }

        *last = time;
        SetLastPacket(header, fromB);
        return isInOrder;
    }

    /// <inheritdoc/>
    /// <remarks>The Go program leaves out flows of negative duration: the last packet that counted is older than the first.</remarks>
    public static bool IsLeftOut(FlowColumns columns, long row) => LastPacketTime(columns.Header(row)) < columns.Header(row)->First;

    /// <summary>The time of the last packet that counted, whichever end sent it.</summary>
    public static long LastPacketTime(FlowHeader* header) =>
        (header->State & FlowState.LastIsB) == 0 ? header->LastA : header->LastB;

    private static void BeginSide(EndpointSums* side, uint size) => *side = new EndpointSums
    {
        Packets = 1,
        Bytes = size,
        SizeSquares = (ulong)size * size,
        SizeMinimum = size,
        SizeMaximum = size,
        Gaps = new GapSums { Minimum = unchecked((ulong)long.MaxValue), Maximum = unchecked((ulong)long.MinValue) },
    };

    private static void AddGap(FlowColumns columns, long row, EndpointSums* side, byte fromB, long gap)
    {
        if (side->Packets == 1)
        {
            GapSums* first = columns.Gaps(row);
            (fromB == 0 ? ref first->SquaresLow : ref first->SquaresHigh) = (ulong)gap;
        }

        UInt128 before = side->Gaps.Squares;
        UInt128 squares = before + (UInt128)((Int128)gap * gap);
        if (squares < before)
        {
            FlowColdFields* cold = columns.ColdFields(row);
            (fromB == 0 ? ref cold->SizeSquaresA : ref cold->SizeSquaresB)++;
        }

        side->Gaps.SquaresHigh = (ulong)(squares >> 64);
        side->Gaps.SquaresLow = (ulong)squares;
        side->Gaps.Minimum = (ulong)Math.Min((long)side->Gaps.Minimum, gap);
        side->Gaps.Maximum = (ulong)Math.Max((long)side->Gaps.Maximum, gap);
    }

    private static void SetLastPacket(FlowHeader* header, byte fromB) =>
        header->State = fromB == 0 ? header->State & ~FlowState.LastIsB : header->State | FlowState.LastIsB;
}
