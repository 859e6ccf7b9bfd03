using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Memory;
using FlowMeter.Engine.Numerics;

namespace FlowMeter.Engine.Features;

/// <summary>
/// The features of <see cref="FlowMeterProfile"/>. First each flow's sums are laid out as columns (integers, their doubles, and the exact
/// numerators of the variances); then means,
/// deviations and rates are vector math down the columns.
/// </summary>
internal sealed unsafe class SizesAndGapsExtractor : FeatureExtractor
{
    // The feature that says how long a flow was: the first one.
    private const int Duration = 0;

    private readonly NativeColumn<double> _gapCounts = new(FeatureBlock.Capacity);

    /// <inheritdoc/>
    public override void Extract(FlowRecordBlock records, FeatureBlock block)
    {
        block.Count = records.Count;
        for (int i = 0; i < records.Count; i++)
        {
            LayOut(records, block, i);
        }

        Compute(block);
        for (int i = 0; i < records.Count; i++)
        {
            if (block.Integers(Duration)[i] >= Quotient.Exact)
            {
                DivideExactly(block, i);
            }
        }
    }

    /// <inheritdoc/>
    protected override void DisposeOwn() => _gapCounts.Dispose();

    private void LayOut(FlowRecordBlock records, FeatureBlock block, int i)
    {
        SumsRow to = new(block, i);
        FlowMeterProfile.Visit(ref to, Sums(records, FlowColumns.RowOf(i)));
    }

    private void Compute(FeatureBlock block)
    {
        ColumnComputation to = new(block, _gapCounts.First);
        FlowMeterProfile.Visit(ref to, Nothing);
    }

    private void DivideExactly(FeatureBlock block, int i)
    {
        LongTimesRow to = new(block, i);
        FlowMeterProfile.Visit(ref to, Nothing);
    }
}
