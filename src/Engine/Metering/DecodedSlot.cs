using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Metering;

/// <summary>
/// A place for what the workers of a team have read together. Its fields are guarded by the team's lock; its packets belong to the worker
/// that decodes, then to all workers, each to its shard.
/// </summary>
/// <param name="shards">Workers of the team.</param>
/// <param name="capacity">Packets at most.</param>
/// <param name="payloads">What the packets keep of their payloads.</param>
internal sealed class DecodedSlot(int shards, int capacity, PayloadDetail payloads)
{
    /// <summary>
    /// What was read, where the packets point at it; null where whoever reads may use the memory again at once. Becomes the slot's, as
    /// those for which it is changed by who reads become that worker's.
    /// </summary>
    public PacketBatch[]? Batches { get; set; }

    /// <summary>The packets.</summary>
    public DecodedBatch Packets { get; } = new(shards, capacity, payloads);

    /// <summary>Whether all packets are there.</summary>
    public bool IsDecoded { get; set; }

    /// <summary>Workers who have not accounted for their shard yet.</summary>
    public int Readers { get; set; }

    /// <summary>When the packets were there (<see cref="Capture.WorkerProgress.Begin"/>).</summary>
    public long Began { get; set; }
}
