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

    /// <summary>Whether the packets it accounts for have to come with their payloads.</summary>
    public abstract bool KeepsPayloads { get; }

    /// <summary>Meters all packets of a batch; for a worker that is alone.</summary>
    public abstract void Process(PacketBatch batch);

    /// <summary>Decodes batches for all workers of a team.</summary>
    /// <returns>False if it has to be done again once all earlier batches have been decoded (see <see cref="Decoder.TryDecode"/>).</returns>
    public abstract bool TryDecode(ReadOnlySpan<PacketBatch> batches, DecodedBatch into, bool isInTurn);

    /// <summary>Accounts for decoded packets, which must all be this worker's.</summary>
    public abstract void Account(PacketColumns packets);

    /// <summary>Ends every flow that is left and hands over the last block.</summary>
    public abstract void Finish();

    /// <inheritdoc/>
    public abstract void Dispose();
}
