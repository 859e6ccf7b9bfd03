using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Features;

/// <summary>Turns the sums of ended flows into a profile's features. One instance a thread.</summary>
internal abstract unsafe class FeatureExtractor : IDisposable
{
    private readonly NativeColumn<EndpointSums> _silent = new(1);

    /// <summary>The sums of a flow of nothing.</summary>
    protected FlowSums Nothing => FlowSums.CreateEmpty(_silent.First);

    /// <summary>Fills the block with the features of the records; nothing is allocated.</summary>
    public abstract void Extract(FlowRecordBlock records, FeatureBlock block);

    /// <summary>Bytes on the wire that a flow of the records accounts for.</summary>
    public virtual ulong WireBytes(FlowRecordBlock records, int index) => records.Volume(index).Bytes;

    /// <inheritdoc/>
    public void Dispose()
    {
        DisposeOwn();
        _silent.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the extractor of a profile owns.</summary>
    protected virtual void DisposeOwn()
    {
    }

    /// <summary>The end that sends forward: 1 for the higher one. Computed, never branched to: it is as unpredictable as a coin.</summary>
    protected static byte ForwardEnd(FlowRecordBlock records, long row) =>
        (byte)((uint)(records.Columns.Header(row)->State & FlowState.ForwardIsB) / (uint)FlowState.ForwardIsB);

    /// <summary>
    /// What one end of the flow in a row of the records sent; zeros for an end that sent nothing, whose columns are stale.
    /// </summary>
    protected EndpointSums* Side(FlowRecordBlock records, long row, byte isHigh)
    {
        FlowState seen = (FlowState)((int)FlowState.SeenA << isHigh);
        return (records.Columns.Header(row)->State & seen) == 0 ? _silent.First : records.Columns.Side(row, isHigh);
    }

    /// <summary>The sums of the flow in a row of the records.</summary>
    protected FlowSums Sums(FlowRecordBlock records, long row)
    {
        FlowHeader* header = records.Columns.Header(row);
        byte forwardEnd = ForwardEnd(records, row);
        return new FlowSums(
            Direction(records, row, forwardEnd),
            Direction(records, row, (byte)(1 - forwardEnd)),
            records.Columns.Gaps(row),
            (ulong)(header->Last - header->First));
    }

    private DirectionSums Direction(FlowRecordBlock records, long row, byte isHigh)
    {
        FlowHeader* header = records.Columns.Header(row);
        FlowColdFields* remainder = records.Columns.Remainder(row);
        EndpointSums* side = Side(records, row, isHigh);
        bool sentFirst = ((header->State & FlowState.FirstIsB) != 0) == (isHigh != 0);
        long first = sentFirst ? header->First : remainder->OtherFirst;

        // A gap is measured from the newest time so far, so the sum of an end's gaps is its newest time less its first one.
        ulong gapTotal = side->Packets == 0 ? 0 : (ulong)((&header->LastA)[isHigh] - first);
        return new DirectionSums(side, (&remainder->SizeSquaresLow)[isHigh], gapTotal);
    }
}
