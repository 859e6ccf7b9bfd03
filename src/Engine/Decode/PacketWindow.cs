using System.Runtime.CompilerServices;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Decode;

/// <summary>What the flow table needs to know of up to 64 decoded packets, as columns that stay in the first-level cache.</summary>
/// <param name="keepsPayloads">Whether there is a column of <see cref="PacketPayload"/>, for the profiles that want it.</param>
internal sealed unsafe class PacketWindow(bool keepsPayloads = false) : IDisposable
{
    /// <summary>Packets decoded, looked up and accounted for at a time: enough to hide a memory access, few enough to stay in cache.</summary>
    public const int Capacity = 64;

    private readonly NativeColumn<FlowKey> _keys = new(Capacity);
    private readonly NativeColumn<ulong> _hashes = new(Capacity);
    private readonly NativeColumn<long> _rows = new(Capacity);
    private readonly NativeColumn<long> _times = new(Capacity);
    private readonly NativeColumn<uint> _sizes = new(Capacity);
    private readonly NativeColumn<ulong> _gaps = new(Capacity);
    private readonly NativeColumn<ulong> _sideGaps = new(Capacity);
    private readonly NativeColumn<byte> _fromHigh = new(Capacity);
    private readonly NativeColumn<byte> _tcpFlags = new(Capacity);
    private readonly NativeColumn<PacketPayload>? _payloads = keepsPayloads ? new(Capacity) : null;

    /// <summary>Packets in the window.</summary>
    public int Count { get; set; }

    /// <summary>Newest time of all packets metered up to the end of this window, whoever's they are.</summary>
    public long Newest { get; set; } = long.MinValue;

    public FlowKey* Keys => _keys.First;

    public ulong* Hashes => _hashes.First;

    /// <summary>The row that each packet's flow is guessed to be in; later the row whose sums it still has to be added to, -1 for none.</summary>
    public long* Rows => _rows.First;

    public long* Times => _times.First;

    public uint* Sizes => _sizes.First;

    /// <summary>The gap before each packet that is still to be added up, in its flow.</summary>
    public ulong* Gaps => _gaps.First;

    /// <summary>The same in its direction.</summary>
    public ulong* SideGaps => _sideGaps.First;

    /// <summary>1 where the packet was sent by the higher endpoint of its key.</summary>
    public byte* FromHigh => _fromHigh.First;

    public byte* TcpFlags => _tcpFlags.First;

    /// <summary>Whether <see cref="Payloads"/> are kept.</summary>
    public bool KeepsPayloads => keepsPayloads;

    /// <summary>What there is to know of each packet's payload; null unless they are kept.</summary>
    public PacketPayload* Payloads => _payloads == null ? null : _payloads.First;

    /// <summary>Hashes the keys, keeps the packets of a shard, and asks for the index buckets they will be looked up in.</summary>
    public void Hash(FlowHash hasher, Shard shard, FlowIndex index)
    {
        if (!shard.IsWhole)
        {
            if (keepsPayloads)
            {
                Keep(hasher, shard, withPayloads: true);
            }
            else
            {
                Keep(hasher, shard, withPayloads: false);
            }

            Prefetch(index);
            return;
        }

        FlowKey* keys = Keys;
        ulong* hashes = Hashes;
        int count = Count;
        for (int i = 0; i < count; i++)
        {
            ulong hash = hasher.Of(in keys[i]);
            hashes[i] = hash;
            index.Prefetch(hash);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _keys.Dispose();
        _hashes.Dispose();
        _rows.Dispose();
        _times.Dispose();
        _sizes.Dispose();
        _gaps.Dispose();
        _sideGaps.Dispose();
        _fromHigh.Dispose();
        _tcpFlags.Dispose();
        _payloads?.Dispose();
    }

    /// <summary>Hashes the keys and moves the packets of a shard to the front. Which they are is as unpredictable as a coin, so all are moved, and the next one overwrites what is not kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Keep(FlowHash hasher, Shard shard, bool withPayloads)
    {
        FlowKey* keys = Keys;
        ulong* hashes = Hashes;
        long* times = Times;
        uint* sizes = Sizes;
        byte* fromHigh = FromHigh;
        byte* tcpFlags = TcpFlags;
        PacketPayload* payloads = Payloads;
        int count = Count;
        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            hashes[kept] = hasher.Of(in keys[i], out ulong other);
            keys[kept] = keys[i];
            times[kept] = times[i];
            sizes[kept] = sizes[i];
            fromHigh[kept] = fromHigh[i];
            tcpFlags[kept] = tcpFlags[i];
            if (withPayloads)
            {
                payloads[kept] = payloads[i];
            }

            kept += shard.Has(other) ? 1 : 0;
        }

        Count = kept;
    }

    private void Prefetch(FlowIndex index)
    {
        for (int i = 0; i < Count; i++)
        {
            index.Prefetch(Hashes[i]);
        }
    }
}
