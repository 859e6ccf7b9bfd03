using System.Runtime.CompilerServices;

namespace FlowMeter.Engine.Decode;

/// <summary>The packets of some batches, decoded and dealt out by the shard of their flow, each shard's in their order. Each shard has room for all of them.</summary>
internal sealed class DecodedBatch : IDisposable
{
    /// <summary>Makes room for <paramref name="capacity"/> packets in each of <paramref name="shards"/> shards, with their payloads if <paramref name="keepsPayloads"/>.</summary>
    public DecodedBatch(int shards, int capacity, bool keepsPayloads)
    {
        Shards = [.. Enumerable.Range(0, shards).Select(_ => new PacketColumns(capacity, keepsPayloads))];
    }

    /// <summary>The packets of each shard.</summary>
    public PacketColumns[] Shards { get; }

    /// <summary>The wall clock of the last of the batches (see <see cref="Observe.PacketBatch.Now"/>).</summary>
    public long Now { get; set; }

    /// <summary>Whether the source had nothing more at that moment.</summary>
    public bool IsSilent { get; set; }

    /// <summary>The shard that a hash falls to: both directions have one hash, so a flow is whole in one shard. The bits must be other ones than the flow index uses.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PacketColumns ShardOf(ulong hash) => Shards[(int)(((hash >> 32) * (uint)Shards.Length) >> 32)];

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        foreach (PacketColumns shard in Shards)
        {
            shard.Count = 0;
        }
    }

    /// <summary>Tells each shard the newest time of all packets up to these.</summary>
    public void SetNewest(long newest)
    {
        foreach (PacketColumns shard in Shards)
        {
            shard.Newest = newest;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PacketColumns shard in Shards)
        {
            shard.Dispose();
        }
    }
}
