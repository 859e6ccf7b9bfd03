using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Decode;

/// <summary>What the flow table needs to know of up to 64 decoded packets, as columns that stay in the first-level cache.</summary>
internal sealed unsafe class PacketWindow : IDisposable
{
    /// <summary>Packets decoded, looked up and accounted for at a time: enough to hide a memory access, few enough to stay in cache.</summary>
    public const int Capacity = 64;

    private readonly NativeColumn<FlowKey> _keys = new(Capacity);
    private readonly NativeColumn<ulong> _hashes = new(Capacity);
    private readonly NativeColumn<long> _rows = new(Capacity);
    private readonly NativeColumn<long> _times = new(Capacity);
    private readonly NativeColumn<uint> _sizes = new(Capacity);
    private readonly NativeColumn<byte> _fromHigh = new(Capacity);
    private readonly NativeColumn<byte> _tcpFlags = new(Capacity);

    /// <summary>Packets in the window.</summary>
    public int Count { get; set; }

    /// <summary>Newest time of all metered packets so far, this worker's and others'.</summary>
    public long Newest { get; set; } = long.MinValue;

    public FlowKey* Keys => _keys.First;

    public ulong* Hashes => _hashes.First;

    /// <summary>Scratch: the row that each packet's flow is guessed to be in.</summary>
    public long* Rows => _rows.First;

    public long* Times => _times.First;

    public uint* Sizes => _sizes.First;

    /// <summary>1 where the packet was sent by the higher endpoint of its key.</summary>
    public byte* FromHigh => _fromHigh.First;

    public byte* TcpFlags => _tcpFlags.First;

    /// <inheritdoc/>
    public void Dispose()
    {
        _keys.Dispose();
        _hashes.Dispose();
        _rows.Dispose();
        _times.Dispose();
        _sizes.Dispose();
        _fromHigh.Dispose();
        _tcpFlags.Dispose();
    }
}
