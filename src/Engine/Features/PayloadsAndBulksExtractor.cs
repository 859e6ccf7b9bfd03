using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Features;

/// <summary>The features of <see cref="CicProfile"/> (SPEC §7).</summary>
internal sealed unsafe class PayloadsAndBulksExtractor : FeatureExtractor
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

    /// <inheritdoc/>
    public override ulong WireBytes(FlowRecordBlock records, int index) =>
        records.Columns.ProfileState<BulksAndSpans>(FlowColumns.RowOf(index))->WireBytes;

    private void Extract(FlowRecordBlock records, FeatureBlock block, int i)
    {
        long row = FlowColumns.RowOf(i);
        FlowColumns columns = records.Columns;
        CicFlow flow = new(
            Sums(records, row), columns.ProfileState<BulksAndSpans>(row), ForwardEnd(records, row), columns.Header(row)->Last);
        FeatureRow to = new(block, i, 0);
        CicProfile.Visit(ref to, in flow);
        to.AssertWhole(block);
    }
}
