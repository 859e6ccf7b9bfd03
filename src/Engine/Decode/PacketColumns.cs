using System.Runtime.CompilerServices;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Decode;

/// <summary>What metering needs of decoded packets, as columns: their bytes are not needed any more.</summary>
internal sealed unsafe class PacketColumns : IDisposable
{
    private readonly NativeColumn<FlowKey> _keys;
    private readonly NativeColumn<ulong> _hashes;
    private readonly NativeColumn<long> _times;
    private readonly NativeColumn<uint> _sizes;
    private readonly NativeColumn<byte> _fromB;
    private readonly NativeColumn<byte> _tcpFlags;
    private readonly NativeColumn<PacketPayload>? _payloads;

    /// <summary>
    /// Makes columns for <paramref name="capacity"/> packets, with one of their payloads if <paramref name="keepsPayloads"/>.
    /// </summary>
    public PacketColumns(int capacity, bool keepsPayloads)
    {
        _keys = new(capacity);
        _hashes = new(capacity);
        _times = new(capacity);
        _sizes = new(capacity);
        _fromB = new(capacity);
        _tcpFlags = new(capacity);
        _payloads = keepsPayloads ? new(capacity) : null;
        Keys = _keys.First;
        Hashes = _hashes.First;
        Times = _times.First;
        Sizes = _sizes.First;
        FromB = _fromB.First;
        TcpFlags = _tcpFlags.First;
        Payloads = _payloads == null ? null : _payloads.First;
    }

    /// <summary>Packets in the columns.</summary>
    public int Count { get; set; }

    public FlowKey* Keys { get; }

    public ulong* Hashes { get; }

    public long* Times { get; }

    public uint* Sizes { get; }

    /// <summary>1 where the packet was sent by endpoint B of its key.</summary>
    public byte* FromB { get; }

    public byte* TcpFlags { get; }

    /// <summary>What there is to know of each packet's payload; null unless they are kept.</summary>
    public PacketPayload* Payloads { get; }

    /// <summary>Whether <see cref="Payloads"/> are kept.</summary>
    public bool KeepsPayloads => _payloads != null;

    /// <summary>Appends a packet of other columns. There must be room for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(PacketColumns from, int index, ulong hash, bool withPayload)
    {
        int to = Count;
        Keys[to] = from.Keys[index];
        Hashes[to] = hash;
        Times[to] = from.Times[index];
        Sizes[to] = from.Sizes[index];
        FromB[to] = from.FromB[index];
        TcpFlags[to] = from.TcpFlags[index];
        if (withPayload)
        {
            Payloads[to] = from.Payloads[index];
        }

        Count = to + 1;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _keys.Dispose();
        _hashes.Dispose();
        _times.Dispose();
        _sizes.Dispose();
        _fromB.Dispose();
        _tcpFlags.Dispose();
        _payloads?.Dispose();
    }
}
