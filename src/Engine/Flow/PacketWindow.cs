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

    /// <summary>Makes a window, with columns of payloads for profiles that want them.</summary>
    /// <param name="payloads">What is kept of payloads.</param>
    /// <param name="headBytes">Bytes of a payload that are kept where packets are decoded one by one.</param>
    public PacketWindow(PayloadDetail payloads = PayloadDetail.None, uint headBytes = PayloadHead.MaxLength)
    {
        Own = new PacketColumns(Capacity, payloads) { HeadBytes = headBytes };
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

    /// <summary>Where each packet's transport header is; null unless that is kept.</summary>
    public TransportPlace* Places { get; private set; }

    /// <summary>The row that each packet's flow is guessed to be in, -1 for none.</summary>
    public long* Rows => _rows.First;

    /// <summary>What there is to know of a packet's payload, whatever is kept of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PacketPayload PayloadOf(int index) =>
        Payloads != null ? Payloads[index] : Places[index].PayloadOf(Keys[index].Protocol);

    /// <summary>Takes what was decoded into its own columns.</summary>
    public void TakeOwn() => Count = Own.Count;

    /// <summary>Empties the window.</summary>
    public void Clear()
    {
        Count = 0;
        Own.Count = 0;
    }

    /// <summary>Hashes the keys.</summary>
    public void Hash(FlowHash hasher)
    {
        FlowKey* keys = Keys;
        ulong* hashes = Hashes;
        int count = Count;
        for (int i = 0; i < count; i++)
        {
            hashes[i] = hasher.Compute(in keys[i]);
        }
    }

    /// <summary>Takes the packet that was decoded last into its own columns and hashes its key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void TakeLast(in FlowHash hasher)
    {
        TakeOwn();
        int last = Count - 1;
        Hashes[last] = hasher.Compute(in Keys[last]);
    }

    /// <summary>Takes some of the packets in <paramref name="columns"/> for its own, where they lie.</summary>
    public void View(PacketColumns columns, int first, int count)
    {
        Point(columns, first);
        Count = count;
        SweepClock = PacketClock.None;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Own.Dispose();
        _rows.Dispose();
    }

    private void Point(PacketColumns columns, int first)
    {
        Keys = columns.Keys + first;
        Hashes = columns.Hashes + first;
        Times = columns.Times + first;
        Sizes = columns.Sizes + first;
        FromB = columns.FromB + first;
        TcpFlags = columns.TcpFlags + first;
        Payloads = columns.Payloads == null ? null : columns.Payloads + first;
        Places = columns.Places == null ? null : columns.Places + first;
    }
}
