using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Features;

/// <summary>
/// The features of <see cref="ExtendedProfile"/>: those of <c>flowmeter</c>, then 57 of payloads, flags and first data packets (SPEC §8).
/// </summary>
internal sealed unsafe class PayloadsAndFlagsExtractor : FeatureExtractor
{
    private readonly SizesAndGapsExtractor _common = new();
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
    protected override void DisposeOwn() => _common.Dispose();

    private void Extract(FlowRecordBlock records, FeatureBlock block, int i)
    {
        long row = FlowColumns.RowOf(i);
        byte forwardEnd = ForwardEnd(records, row);
        ExtendedFlow flow = new(
            records.Columns.ProfileState<PayloadSums>(row),
            forwardEnd,
            Endpoint(records, row, forwardEnd)->Packets,
            Endpoint(records, row, (byte)(1 - forwardEnd))->Packets);
        FeatureRow to = new(block, i, _commonFeatures);
        ExtendedProfile.Visit(ref to, in flow);
        to.AssertWhole(block);
    }
}
