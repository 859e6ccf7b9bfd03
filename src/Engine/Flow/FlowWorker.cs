using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Observe;

namespace FlowMeter.Engine.Flow;

/// <summary>A worker's metering: packets in, ended flows out to its consumer. One call a batch.</summary>
internal abstract class FlowWorker : IDisposable
{
    /// <summary>Frames by fate.</summary>
    public abstract FrameCounts Frames { get; }

    /// <summary>Flows by end reason.</summary>
    public abstract FlowCounts Flows { get; }

    /// <summary>Meters all packets of a batch.</summary>
    public abstract void Process(PacketBatch batch);

    /// <summary>Ends every flow that is left and hands over the last block.</summary>
    public abstract void Finish();

    /// <inheritdoc/>
    public abstract void Dispose();
}
