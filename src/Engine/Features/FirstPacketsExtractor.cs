using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Features;

/// <summary>
/// The features of <see cref="DeepfenceProfile"/> (SPEC §5), from exact sums. Its flows are few, so this is written plainly.
/// </summary>
internal sealed unsafe class FirstPacketsExtractor : FeatureExtractor
{
    /// <inheritdoc/>
    public override void Extract(FlowRecordBlock records, FeatureBlock block)
    {
        block.Count = records.Count;
        for (int i = 0; i < records.Count; i++)
        {
            Extract(records, block, i);
        }
    }

    private void Extract(FlowRecordBlock records, FeatureBlock block, int i)
    {
        long row = FlowColumns.RowOf(i);
        FlowHeader* header = records.Columns.Header(row);
        GapSums* firstGaps = records.Columns.Gaps(row);
        bool forwardIsB = (header->State & FlowState.ForwardIsB) != 0;
        FlowColdFields* cold = records.Columns.ColdFields(row);
        DeepfenceDirection low = ReadEndpoint(Endpoint(records, row, 0), (long)firstGaps->SquaresLow, cold->SizeSquaresA);
        DeepfenceDirection high = ReadEndpoint(Endpoint(records, row, 1), (long)firstGaps->SquaresHigh, cold->SizeSquaresB);
        (DeepfenceDirection forward, DeepfenceDirection backward) = forwardIsB ? (high, low) : (low, high);

        // The first packet is always forward, so the forward gaps sum up to the last forward time minus the flow's first.
        forward.GapSum = (forwardIsB ? header->LastB : header->LastA) - header->First;
        backward.GapSum = backward.Packets == 0 ? 0 : (forwardIsB ? header->LastA : header->LastB) - cold->OtherFirst;
        DeepfenceFlow flow = new()
        {
            Duration = FirstPackets.LastPacketTime(header) - header->First,
            Forward = forward,
            Backward = backward,
            Both = DeepfenceDirection.Together(in forward, in backward),
        };
        FeatureRow to = new(block, i, 0);
        DeepfenceProfile.Visit(ref to, in flow);
        DeepfenceProfile.VisitModelOnly(ref to, in flow);
        to.AssertWhole(block);
    }

    private static DeepfenceDirection ReadEndpoint(EndpointSums* side, long firstGap, uint gapSquaresCarried)
    {
        bool hasGaps = side->Packets > 1;
        return new DeepfenceDirection
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
}
