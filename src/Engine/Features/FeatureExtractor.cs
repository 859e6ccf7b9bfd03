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

    /// <summary>
    /// Whether the source of a flow of the records was found malicious by the rules about hosts; false where nobody asks.
    /// </summary>
    public virtual bool SourceIsMalicious(FlowRecordBlock records, int index) => false;

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

    /// <summary>The endpoint that sends forward: 0 for A, 1 for B. Computed without a branch, which could not be predicted.</summary>
    protected static byte ForwardEnd(FlowRecordBlock records, long row) =>
        (byte)((uint)(records.Columns.Header(row)->State & FlowState.ForwardIsB) / (uint)FlowState.ForwardIsB);

    /// <summary>
    /// What one end of the flow in a row of the records sent; zeros for an end that sent nothing, whose columns are stale.
    /// </summary>
    protected EndpointSums* Endpoint(FlowRecordBlock records, long row, byte isB)
    {
        FlowState seen = (FlowState)((int)FlowState.SeenA << isB);
        return (records.Columns.Header(row)->State & seen) == 0 ? _silent.First : records.Columns.Endpoint(row, isB);
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

    private DirectionSums Direction(FlowRecordBlock records, long row, byte isB)
    {
        FlowHeader* header = records.Columns.Header(row);
        FlowColdFields* cold = records.Columns.ColdFields(row);
        EndpointSums* side = Endpoint(records, row, isB);
        bool sentFirst = ((header->State & FlowState.FirstIsB) != 0) == (isB != 0);
        long first = sentFirst ? header->First : cold->OtherFirst;

        // A gap is measured from the newest time so far, so the sum of an end's gaps is its newest time less its first one.
        ulong gapTotal = side->Packets == 0 ? 0 : (ulong)((&header->LastA)[isB] - first);
        return new DirectionSums(side, (&cold->SizeSquaresA)[isB], gapTotal);
    }
}
