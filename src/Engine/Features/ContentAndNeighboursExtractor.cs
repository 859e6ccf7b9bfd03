using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Features;

/// <summary>The features of <see cref="FullProfile"/>: those of <c>extended</c>, then 67 of content, turns and neighbours.</summary>
internal sealed unsafe class ContentAndNeighboursExtractor : FeatureExtractor
{
    private readonly SizesAndGapsExtractor _common = new();
    private readonly SizeTally _sizes = new();
    private readonly int _commonFeatures = FlowMeterProfile.Features.Count;

    /// <inheritdoc/>
    public override void Extract(FlowRecordBlock records, FeatureBlock block)
    {
        _common.Extract(records, block);
        for (int i = 0; i < records.Count; i++)
        {
            Extract(records, block, i);
        }
    }

    /// <inheritdoc/>
    public override bool SourceIsMalicious(FlowRecordBlock records, int index) =>
        records.Columns.ProfileState<FlowContent>(FlowColumns.RowOf(index))->SourceIsMalicious;

    /// <inheritdoc/>
    protected override void DisposeOwn()
    {
        _common.Dispose();
        _sizes.Dispose();
    }

    private void Extract(FlowRecordBlock records, FeatureBlock block, int i)
    {
        long row = FlowColumns.RowOf(i);
        byte forwardEnd = ForwardEnd(records, row);
        FlowContent* own = records.Columns.ProfileState<FlowContent>(row);
        ExtendedFlow extended = new(
            &own->Payloads, forwardEnd, Endpoint(records, row, forwardEnd)->Packets,
            Endpoint(records, row, (byte)(1 - forwardEnd))->Packets);
        FeatureRow to = new(block, i, _commonFeatures);
        ExtendedProfile.Visit(ref to, in extended);
        (int distinct, int mostFrequent) = _sizes.Count(in own->Data);
        FullProfile.Visit(ref to, new FullFlow(own, forwardEnd, distinct, mostFrequent));
        to.AssertWhole(block);
    }
}
