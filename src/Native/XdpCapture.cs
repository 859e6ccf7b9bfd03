using System.Runtime.Intrinsics.X86;
using System.Runtime.Versioning;

namespace FlowMeter.Native;

/// <summary>
/// Packets of one receive queue of an interface by AF_XDP: they are taken from the driver before the kernel's network stack, which does not
/// see them, and are lent where the driver or the kernel put them. Ethernet only. The time of a packet is the kernel's, where
/// <see cref="XdpProgram"/> wrote it, else that at which it was looked for.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class XdpCapture : ILendingHandle
{
    private const int EthernetHardware = 1;
    private const int EthernetLinkType = 1;
    private const int EthernetHeader = 14;
    private const int TwoTags = 8;
    private const uint SmallChunk = 2048;
    private const uint LargeChunk = 4096;

    // XDP_PACKET_HEADROOM: what the kernel leaves in front of a frame.
    private const uint KernelHeadroom = 256;

    // Waking up costs as much as many packets: where there are fewer than this part of the ring, some more are waited for. In this time 15
    // packets a microsecond, the most that 10 Gb/s have, fill half of it.
    private const uint WorthwhilePart = 32;
    private const uint FramesForMicrosecond = 30;
    private const uint MostMicroseconds = 1000;
    private const int PrefetchDistance = 16;

    // One of them at least is not interrupted.
    private const int ClockReadings = 16;

    private readonly XdpSocket _socket;
    private readonly XdpProgram _program;
    private readonly BpfFilter? _filter;
    private readonly PacketSocket? _promiscuous;
    private readonly InterfaceDrops? _drops;
    private readonly ulong _chunkMask;
    private ClockOffset _ahead;
    private uint _next;
    private uint _handedOver;
    private bool _hasPaused;
    private bool _isRefusing;

    private XdpCapture(
        XdpSocket socket, XdpProgram program, BpfFilter? filter, PacketSocket? promiscuous, InterfaceDrops? drops, uint chunkBytes,
        int snapLength)
    {
        _socket = socket;
        _program = program;
        _filter = filter;
        _promiscuous = promiscuous;
        _drops = drops;
        _chunkMask = ~(ulong)(chunkBytes - 1);
        SnapLength = snapLength;
        for (int i = 0; i < ClockReadings; i++)
        {
            _ = KernelClock.Compare(ref _ahead);
        }
    }

    /// <inheritdoc/>
    public int LinkType => EthernetLinkType;

    /// <inheritdoc/>
    public int SnapLength { get; }

    /// <summary>Opens a capture on every receive queue of an interface. From then on the kernel does not get its packets.</summary>
    /// <param name="interface">The interface.</param>
    /// <param name="queues">How many receive queues it has (<see cref="InterfaceQueues"/>).</param>
    /// <param name="filter">An expression that packets have to match, or are dropped; null for all.</param>
    /// <param name="isPromiscuous">Whether frames for others are captured, too.</param>
    /// <param name="snapLength">Most bytes to show of a packet.</param>
    /// <param name="bufferBytes">Bytes for frames, of each queue.</param>
    /// <returns>A capture for each queue, in order; the caller disposes them.</returns>
    /// <exception cref="PcapException">The kernel refuses, or the filter is none.</exception>
    public static IReadOnlyList<XdpCapture> Open(
        string @interface, int queues, string? filter, bool isPromiscuous, int snapLength, int bufferBytes)
    {
        using PacketSocket asked = new(@interface);
        if (asked.Hardware != EthernetHardware)
        {
            throw new PcapException($"{@interface}: AF_XDP takes Ethernet only; leave --af-xdp out.");
        }

        int longest = asked.Mtu + EthernetHeader + TwoTags;
        uint chunk = longest <= SmallChunk - KernelHeadroom - XdpProgram.StampBytes ? SmallChunk : LargeChunk;
        bool takesFragments = longest > chunk - KernelHeadroom - XdpProgram.StampBytes;
        uint chunks = 1u << (31 - int.LeadingZeroCount(Math.Max(64, bufferBytes / (int)chunk)));
        XdpProgram program = new(queues);
        List<XdpCapture> captures = [];
        try
        {
            for (int queue = 0; queue < queues; queue++)
            {
                captures.Add(OpenQueue(@interface, asked.Index, queue, program, filter, isPromiscuous, snapLength, chunk, chunks,
                    takesFragments));
            }

            program.Attach(asked.Index, takesFragments);
            return captures;
        }
        catch (PcapException e)
        {
            captures.ForEach(capture => capture.Dispose());
            for (int queue = captures.Count; queue < queues; queue++)
            {
                program.Dispose();
            }

            throw e.Message.StartsWith(@interface, StringComparison.Ordinal) ? e : new PcapException($"{@interface}: {e.Message}");
        }
    }

    /// <inheritdoc/>
    public int Take(PacketPointers columns, int countMax)
    {
        XdpQueue received = _socket.Received;
        uint producer = received.Producer;
        if (producer - _next < Math.Min(received.Mask / WorthwhilePart, (uint)countMax) && !_hasPaused && !_isRefusing)
        {
            return 0;
        }

        _hasPaused = false;
        long now = producer == _next ? 0 : KernelClock.Compare(ref _ahead);
        long ahead = _ahead.Nanoseconds;
        int count = 0;
        while (count < countMax && TryNext(received, producer, out byte* data, out uint captured, out uint wire))
        {
            if (_filter != null && !_filter.Matches(data, captured, wire))
            {
                continue;
            }

            columns.Data[count] = data;
            columns.CapturedLength[count] = captured;
            columns.WireLength[count] = wire;
            columns.Time[count] = TakeStamp(data) is { } stamp ? stamp + ahead : now;
            count++;
        }

        _handedOver += (uint)count;
        if (count == 0)
        {
            GiveBack();
        }

        return count;
    }

    /// <inheritdoc/>
    public void GiveBack()
    {
        XdpQueue received = _socket.Received;
        XdpQueue fill = _socket.Fill;
        XdpDescriptor* descriptors = (XdpDescriptor*)received.Entries;
        ulong* addresses = (ulong*)fill.Entries;
        uint to = fill.Producer;
        for (uint from = received.Consumer; from != _next; from++, to++)
        {
            addresses[to & fill.Mask] = descriptors[from & received.Mask].Address & _chunkMask;
        }

        received.Consumer = _next;
        fill.Producer = to;
    }

    /// <inheritdoc/>
    public void AwaitPackets(int milliseconds)
    {
        KernelClock.Pause((int)Math.Min(_socket.Received.Mask / FramesForMicrosecond, MostMicroseconds));
        if (_socket.Received.Producer == _next)
        {
            _socket.AwaitFrames(milliseconds);
        }

        _hasPaused = true;
    }

    /// <inheritdoc/>
    /// <remarks>They go to the kernel again, from all queues of the interface.</remarks>
    public void RefusePackets()
    {
        _isRefusing = true;
        _program.Detach();
    }

    /// <inheritdoc/>
    public PcapStatistics Stats()
    {
        uint dropped = unchecked((uint)_socket.CountDrops());
        return new PcapStatistics
        {
            Received = unchecked(_handedOver + (_socket.Received.Producer - _next) + dropped),
            Dropped = dropped,
            DroppedByInterface = _drops?.Count() ?? 0,
        };
    }

    /// <summary>Closes it. The kernel gets the interface's packets again.</summary>
    public void Dispose()
    {
        _program.Detach();
        _program.Dispose();
        _socket.Dispose();
        _filter?.Dispose();
        _promiscuous?.Dispose();
        _drops?.Dispose();
    }

    private static XdpCapture OpenQueue(
        string @interface, int index, int queue, XdpProgram program, string? filter, bool isPromiscuous, int snapLength, uint chunk,
        uint chunks, bool takesFragments)
    {
        BpfFilter? compiled = filter == null ? null : BpfFilter.Compile(filter, EthernetLinkType, snapLength);
        XdpSocket? socket = null;
        PacketSocket? promiscuous = null;
        try
        {
            socket = new XdpSocket(@interface, chunk, chunks, XdpProgram.StampBytes);
            XdpQueue fill = socket.Fill;
            for (uint i = 0; i < chunks; i++)
            {
                ((ulong*)fill.Entries)[i] = (ulong)i * chunk;
            }

            fill.Producer = chunks;
            socket.Bind(index, queue, takesFragments);
            program.Put(queue, socket.Descriptor);
            if (isPromiscuous && queue == 0)
            {
                promiscuous = new PacketSocket(@interface);
                promiscuous.ReceiveAll();
            }

            return new XdpCapture(
                socket, program, compiled, promiscuous, isPromiscuous ? new InterfaceDrops(@interface) : null, chunk, snapLength);
        }
        catch
        {
            compiled?.Dispose();
            promiscuous?.Dispose();
            socket?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The time that the program wrote in front of a frame; null where it did not. Clears it: the chunk will be used again.
    /// </summary>
    private static long? TakeStamp(byte* data)
    {
        ulong* stamp = (ulong*)(data - XdpProgram.StampBytes);
        if (*stamp != XdpProgram.Mark)
        {
            return null;
        }

        *stamp = 0;
        return (long)stamp[1];
    }

    /// <summary>
    /// The next frame, if all of it is there. Of one in several chunks the first is shown, which has the headers; the others count as
    /// bytes on the wire.
    /// </summary>
    private bool TryNext(XdpQueue received, uint producer, out byte* data, out uint captured, out uint wire)
    {
        XdpDescriptor* descriptors = (XdpDescriptor*)received.Entries;
        uint next = _next;
        data = null;
        captured = wire = 0;
        for (; next != producer; next++)
        {
            XdpDescriptor descriptor = descriptors[next & received.Mask];
            if (data == null)
            {
                data = _socket.Memory + descriptor.Address;
                captured = Math.Min(descriptor.Length, (uint)SnapLength);
                if (Sse.IsSupported)
                {
                    // The chunk may hold no frame yet: then what it held before is asked for, which does no harm.
                    Sse.Prefetch0(
                        _socket.Memory + descriptors[(next + PrefetchDistance) & received.Mask].Address - XdpProgram.StampBytes);
                }
            }

            wire += descriptor.Length;
            if ((descriptor.Options & XdpDescriptor.GoesOn) == 0)
            {
                _next = next + 1;
                return true;
            }
        }

        return false;
    }
}
