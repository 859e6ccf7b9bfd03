using System.Runtime.CompilerServices;

namespace FlowMeter.Native;

/// <summary>
/// One of the rings that an AF_XDP socket shares with the kernel (Documentation/networking/af_xdp.rst): one side writes entries and moves
/// the producer, the other reads and moves the consumer. Both count on and wrap; the number of entries is a power of two.
/// </summary>
/// <param name="map">Where the ring is mapped.</param>
/// <param name="offsets">Where its parts are.</param>
/// <param name="entries">How many entries it has.</param>
internal readonly unsafe struct XdpQueue(byte* map, XdpOffsets offsets, uint entries)
{
    private readonly uint* _producer = (uint*)(map + offsets.Producer);
    private readonly uint* _consumer = (uint*)(map + offsets.Consumer);

    /// <summary>The first entry.</summary>
    public byte* Entries { get; } = map + offsets.Entries;

    /// <summary>What of a count is the entry's place.</summary>
    public uint Mask { get; } = entries - 1;

    /// <summary>Entries ever written.</summary>
    public uint Producer
    {
        get => Volatile.Read(ref Unsafe.AsRef<uint>(_producer));
        set => Volatile.Write(ref Unsafe.AsRef<uint>(_producer), value);
    }

    /// <summary>Entries ever read.</summary>
    public uint Consumer
    {
        get => Volatile.Read(ref Unsafe.AsRef<uint>(_consumer));
        set => Volatile.Write(ref Unsafe.AsRef<uint>(_consumer), value);
    }
}
