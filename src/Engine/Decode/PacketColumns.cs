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
    private readonly NativeColumn<PayloadHead>? _heads;
    private NativeColumn<byte>? _headBytes;

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
        _payloads = payloads >= PayloadDetail.Lengths ? new(capacity) : null;
        _heads = payloads >= PayloadDetail.Heads ? new(capacity) : null;
        Keys = _keys.First;
        Hashes = _hashes.First;
        Times = _times.First;
        Sizes = _sizes.First;
        FromB = _fromB.First;
        TcpFlags = _tcpFlags.First;
        Payloads = _payloads == null ? null : _payloads.First;
        Heads = _heads == null ? null : _heads.First;
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

    /// <summary>Where each packet's payload begins; null unless that is kept.</summary>
    public PayloadHead* Heads { get; }

    /// <summary>What is kept of payloads.</summary>
    public PayloadDetail Detail { get; }

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
        if (detail >= PayloadDetail.Lengths)
        {
            Payloads[to] = from.Payloads[index];
        }

        if (detail >= PayloadDetail.Heads)
        {
            Heads[to] = from.Heads[index];
        }

        Count = to + 1;
    }

    /// <summary>Copies the head of a packet's payload into memory of the columns: what it points at is only lent for a moment.</summary>
    public void OwnHead(int index)
    {
        PayloadHead* head = Heads + index;
        if (head->Length > 0)
        {
            _headBytes ??= new NativeColumn<byte>(_heads!.Length * PayloadHead.MaxLength);
            byte* to = _headBytes.First + (index * (long)PayloadHead.MaxLength);
            Buffer.MemoryCopy(head->First, to, PayloadHead.MaxLength, head->Length);
            head->First = to;
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
        _heads?.Dispose();
        _headBytes?.Dispose();
    }
}
