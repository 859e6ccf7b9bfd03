using System.Runtime.CompilerServices;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Decode;

/// <summary>What metering needs of decoded packets, as columns: their bytes are not needed any more.</summary>
internal sealed unsafe class PacketColumns : IDisposable
{
    // TCP's, with all options.
    private const uint MaxTransportHeader = 60;

    private readonly NativeColumn<FlowKey> _keys;
    private readonly NativeColumn<ulong> _hashes;
    private readonly NativeColumn<long> _times;
    private readonly NativeColumn<uint> _sizes;
    private readonly NativeColumn<byte> _fromB;
    private readonly NativeColumn<byte> _tcpFlags;
    private readonly NativeColumn<PacketPayload>? _payloads;
    private readonly NativeColumn<TransportPlace>? _places;
    private NativeColumn<byte>? _bytes;

    /// <summary>
    /// Makes columns for <paramref name="capacity"/> packets, with those of their payloads that <paramref name="payloads"/> asks for.
    /// </summary>
    public PacketColumns(int capacity, PayloadDetail payloads)
    {
        _keys = new(capacity);
        _hashes = new(capacity);
        _times = new(capacity);
        _sizes = new(capacity);
        _fromB = new(capacity);
        _tcpFlags = new(capacity);
        Detail = payloads;
        _payloads = (payloads & PayloadDetail.Lengths) != 0 ? new(capacity) : null;
        _places = (payloads & PayloadDetail.Places) != 0 ? new(capacity) : null;
        Keys = _keys.First;
        Hashes = _hashes.First;
        Times = _times.First;
        Sizes = _sizes.First;
        FromB = _fromB.First;
        TcpFlags = _tcpFlags.First;
        Payloads = _payloads == null ? null : _payloads.First;
        Places = _places == null ? null : _places.First;
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

    /// <summary>Where each packet's transport header is; null unless that is kept.</summary>
    public TransportPlace* Places { get; }

    /// <summary>What is kept of payloads.</summary>
    public PayloadDetail Detail { get; }

    /// <summary>Bytes of a payload's head that <see cref="OwnBytes"/> copies, at least.</summary>
    public uint HeadBytes { get; init; } = PayloadHead.MaxLength;

    /// <summary>Appends a packet of other columns. There must be room for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(PacketColumns from, int index, ulong hash, PayloadDetail detail)
    {
        int to = Count;
        Keys[to] = from.Keys[index];
        Hashes[to] = hash;
        Times[to] = from.Times[index];
        Sizes[to] = from.Sizes[index];
        FromB[to] = from.FromB[index];
        TcpFlags[to] = from.TcpFlags[index];
        if ((detail & PayloadDetail.Lengths) != 0)
        {
            Payloads[to] = from.Payloads[index];
        }

        if ((detail & PayloadDetail.Places) != 0)
        {
            Places[to] = from.Places[index];
        }

        Count = to + 1;
    }

    /// <summary>
    /// Copies a packet's transport header and <see cref="HeadBytes"/> of its payload into memory of the columns: what its place points at
    /// is only lent for a moment.
    /// </summary>
    public void OwnBytes(int index)
    {
        TransportPlace* place = Places + index;
        if (place->First != null)
        {
            uint room = MaxTransportHeader + HeadBytes;
            _bytes ??= new NativeColumn<byte>(_places!.Length * room);
            byte* to = _bytes.First + (index * (long)room);
            place->Captured = Math.Min(place->Captured, room);
            Buffer.MemoryCopy(place->First, to, room, place->Captured);
            place->First = to;
        }
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
        _places?.Dispose();
        _bytes?.Dispose();
    }
}
