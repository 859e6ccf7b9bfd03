using System.Runtime.CompilerServices;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// What the flow table works on at a time: up to 64 decoded packets, in columns of its own or in those of a <see cref="DecodedBatch"/>, and
/// where their flows are.
/// </summary>
internal sealed unsafe class PacketWindow : IDisposable
{
    /// <summary>Packets looked up and accounted for at a time: those that are decoded at a time.</summary>
    public const int Capacity = Decoder.Window;

    private readonly NativeColumn<long> _rows = new(Capacity);
    private readonly NativeColumn<ulong> _gaps = new(Capacity);
    private readonly NativeColumn<ulong> _sideGaps = new(Capacity);

    /// <summary>Makes a window, with columns of payloads for profiles that want them.</summary>
    public PacketWindow(PayloadDetail payloads = PayloadDetail.None)
    {
        Own = new PacketColumns(Capacity, payloads);
        Point(Own, 0);
    }

    /// <summary>The window's own columns, for a decoder to write to; <see cref="TakeOwn"/> says when it has.</summary>
    public PacketColumns Own { get; }

    /// <summary>Packets in the window.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// The clock that sweeps at the end of this window (<see cref="PacketClock.Sweep"/>); <see cref="PacketClock.None"/> where that is not
    /// known.
    /// </summary>
    public long SweepClock { get; set; } = PacketClock.None;

    public FlowKey* Keys { get; private set; }

    public ulong* Hashes { get; private set; }

    public long* Times { get; private set; }

    public uint* Sizes { get; private set; }

    /// <summary>1 where the packet was sent by endpoint B of its key.</summary>
    public byte* FromB { get; private set; }

    public byte* TcpFlags { get; private set; }

    /// <summary>What there is to know of each packet's payload; null unless they are kept.</summary>
    public PacketPayload* Payloads { get; private set; }

    /// <summary>Where each packet's payload begins; null unless that is kept.</summary>
    public PayloadHead* Heads { get; private set; }

    /// <summary>
    /// The row that each packet's flow is guessed to be in; later the row whose sums it still has to be added to, -1 for none.
    /// </summary>
    public long* Rows => _rows.First;

    /// <summary>The gap before each packet that is still to be added up, in its flow.</summary>
    public ulong* Gaps => _gaps.First;

    /// <summary>The same in its direction.</summary>
    public ulong* SideGaps => _sideGaps.First;

    /// <summary>Takes what was decoded into its own columns.</summary>
    public void TakeOwn() => Count = Own.Count;

    /// <summary>Empties the window.</summary>
    public void Clear()
    {
        Count = 0;
        Own.Count = 0;
    }

    /// <summary>Hashes the keys and asks for the index buckets they will be looked up in.</summary>
    public void Hash(FlowHash hasher, HashIndex index)
    {
        FlowKey* keys = Keys;
        ulong* hashes = Hashes;
        int count = Count;
        for (int i = 0; i < count; i++)
        {
            ulong hash = hasher.Compute(in keys[i]);
            hashes[i] = hash;
            index.Prefetch(hash);
        }
    }

    /// <summary>Takes the packet that was decoded last into its own columns, hashes its key and asks for its bucket.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void TakeLast(in FlowHash hasher, HashIndex index)
    {
        TakeOwn();
        int last = Count - 1;
        ulong hash = hasher.Compute(in Keys[last]);
        Hashes[last] = hash;
        index.Prefetch(hash);
    }

    /// <summary>
    /// Takes some of the packets in <paramref name="columns"/> for its own, where they lie, and asks for the index buckets they will be
    /// looked up in.
    /// </summary>
    public void View(PacketColumns columns, int first, int count, HashIndex index)
    {
        Point(columns, first);
        Count = count;
        SweepClock = PacketClock.None;
        for (int i = 0; i < count; i++)
        {
            index.Prefetch(Hashes[i]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Own.Dispose();
        _rows.Dispose();
        _gaps.Dispose();
        _sideGaps.Dispose();
    }

    private void Point(PacketColumns columns, int first)
    {
        Keys = columns.Keys + first;
        Hashes = columns.Hashes + first;
        Times = columns.Times + first;
        Sizes = columns.Sizes + first;
        FromB = columns.FromB + first;
        TcpFlags = columns.TcpFlags + first;
        Payloads = columns.Detail >= PayloadDetail.Lengths ? columns.Payloads + first : null;
        Heads = columns.Detail >= PayloadDetail.Heads ? columns.Heads + first : null;
    }
}
