using System.Runtime.CompilerServices;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Decode;

/// <summary>
/// The packets of some batches, decoded and dealt out by the shard of their flow, each shard's in their order. Each shard has room for all
/// of them.
/// </summary>
internal sealed unsafe class DecodedBatch : IDisposable
{
    private readonly NativeColumn<long> _times;
    private int _count;

    /// <summary>
    /// Makes room for <paramref name="capacity"/> packets in each of <paramref name="shards"/> shards, with what
    /// <paramref name="payloads"/> asks for of their payloads.
    /// </summary>
    public DecodedBatch(int shards, int capacity, PayloadDetail payloads)
    {
        _times = new(capacity);
        Shards = [.. Enumerable.Range(0, shards).Select(_ => new PacketColumns(capacity, payloads))];
    }

    /// <summary>The packets of each shard.</summary>
    public PacketColumns[] Shards { get; }

    /// <summary>The times of all packets, in the capture's order.</summary>
    public ReadOnlySpan<long> Times => new(_times.First, _count);

    /// <summary>
    /// The lowest that the clock that sweeps was from before these packets to behind them: in the middle of them it may have been lower
    /// than at both ends.
    /// </summary>
    public long LowestSweepClock { get; set; } = PacketClock.None;

    /// <summary>The clock that sweeps behind these packets (<see cref="PacketClock.Sweep"/>).</summary>
    public long SweepClock { get; set; } = PacketClock.None;

    /// <summary>The monotonic clock of the last of the batches (see <see cref="Capture.PacketBatch.Now"/>).</summary>
    public long Now { get; set; }

    /// <summary>Whether the source had nothing more at that moment.</summary>
    public bool IsIdle { get; set; }

    /// <summary>
    /// The shard that a hash falls to: both directions have one hash, so a flow is whole in one shard. The bits must be other ones than the
    /// flow index uses.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private PacketColumns ShardOf(ulong hash) => Shards[(int)(((hash >> 32) * (uint)Shards.Length) >> 32)];

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        _count = 0;
        foreach (PacketColumns shard in Shards)
        {
            shard.Count = 0;
        }
    }

    /// <summary>Hashes the keys of decoded packets and appends each packet to its shard's columns.</summary>
    public void Scatter(PacketColumns packets, FlowHash hasher)
    {
        switch (packets.Detail)
        {
            case PayloadDetail.None:
                Scatter(packets, hasher, PayloadDetail.None);
                break;
            case PayloadDetail.Lengths:
                Scatter(packets, hasher, PayloadDetail.Lengths);
                break;
            case PayloadDetail.Places:
                Scatter(packets, hasher, PayloadDetail.Places);
                break;
            default:
                Scatter(packets, hasher, PayloadDetail.Lengths | PayloadDetail.Places);
                break;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _times.Dispose();
        foreach (PacketColumns shard in Shards)
        {
            shard.Dispose();
        }
    }

    /// <summary>Written once and compiled for each case.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Scatter(PacketColumns packets, FlowHash hasher, PayloadDetail detail)
    {
        for (int i = 0; i < packets.Count; i++)
        {
            ulong hash = hasher.Compute(in packets.Keys[i], out ulong other);
            ShardOf(other).Add(packets, i, hash, detail);
        }

        new ReadOnlySpan<long>(packets.Times, packets.Count).CopyTo(new Span<long>(_times.First + _count, packets.Count));
        _count += packets.Count;
    }
}
