using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Features;

/// <summary>Turns the sums of ended flows into a profile's features. One instance a thread.</summary>
internal abstract unsafe class FeatureExtractor : IDisposable
{
    private readonly NativeColumn<SideSums> _silent = new(1);

    /// <summary>Fills the block with the features of the records; nothing is allocated.</summary>
    public abstract void Extract(FlowRecords records, FeatureBlock block);

    /// <summary>Bytes on the wire that a flow of the records accounts for.</summary>
    public virtual ulong WireBytes(FlowRecords records, int index) => records.Volume(index).Bytes;

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

    /// <summary>What one end of the flow in a row of the records sent; zeros for an end that sent nothing, whose columns are stale.</summary>
    protected SideSums* Side(FlowRecords records, long row, byte isHigh)
    {
        FlowState seen = (FlowState)((int)FlowState.SeenLow << isHigh);
        return (records.Columns.Identity(row)->State & seen) == 0 ? _silent.First : records.Columns.Side(row, isHigh);
    }
}
