using System.Runtime.CompilerServices;
using System.Runtime.Versioning;

namespace FlowMeter.Native;

/// <summary>
/// Packets of an interface from the kernel's ring of blocks (TPACKET_V3, packet(7)), without libpcap in between: a block is lent at a time,
/// instead of a call for each packet. libpcap says what the interface is, compiles the filter, and is the way where this one is not.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class PacketRing : ILendingHandle
{
    private const int EthernetLinkType = 1;
    private const int RawLinkType = 101;
    private const int EthernetHardware = 1;
    private const int LoopbackHardware = 772;
    private const int NoHardwareHeader = 0xFFFE;

    // As libpcap has them: large enough for any snap length, and a few thousand short packets.
    private const int SmallestBlock = 256 << 10;

    // Headers of a block and of a packet, and the alignment of the frame.
    private const int Overhead = 512;

    // What a packet takes at least; the kernel asks for a number that fits, and uses it for nothing.
    private const int FrameSize = 2048;

    private readonly PacketSocket _socket;
    private readonly InterfaceDrops? _drops;
    private readonly byte* _ring;
    private readonly int _blockBytes;
    private readonly int _blocks;
    private RingWalk _walk;
    private int _block;
    private bool _isLent;
    private PcapStatistics _statistics;

    private PacketRing(PacketSocket socket, InterfaceDrops? drops, byte* ring, RingRequest request, int linkType, int snapLength)
    {
        _socket = socket;
        _drops = drops;
        _ring = ring;
        _blockBytes = (int)request.BlockSize;
        _blocks = (int)request.BlockCount;
        LinkType = linkType;
        SnapLength = snapLength;
    }

    /// <inheritdoc/>
    public int LinkType { get; }

    /// <inheritdoc/>
    public int SnapLength { get; }

    /// <summary>The packet socket, which stays the ring's. PACKET_FANOUT is set on it.</summary>
    public int Descriptor => _socket.Descriptor;

    /// <summary>Opens a ring on the interface of a capture of libpcap's that is active, with its link type and snap length.</summary>
    /// <param name="capture">The capture; stays the caller's and is not needed afterwards.</param>
    /// <param name="filter">The filter's expression; null for all packets.</param>
    /// <param name="direction">Which packets.</param>
    /// <param name="isPromiscuous">Whether frames for others are captured, too.</param>
    /// <param name="bufferBytes">Bytes of the ring.</param>
    /// <param name="blockTimeoutMs">Milliseconds after which the kernel hands over a block that is not full.</param>
    /// <returns>The ring, which the caller disposes; null where the interface is one that libpcap has to read.</returns>
    /// <exception cref="PcapException">The kernel refuses, or the filter is none.</exception>
    public static PacketRing? TryOpen(
        PcapCapture capture, string? filter, CaptureDirection direction, bool isPromiscuous, int bufferBytes, int blockTimeoutMs)
    {
        ArgumentNullException.ThrowIfNull(capture);
        int linkType = capture.LinkType;
        if (linkType is not (EthernetLinkType or RawLinkType))
        {
            return null;
        }

        PacketSocket socket = new(capture.Name);
        InterfaceDrops? drops = null;
        try
        {
            int hardware = socket.Hardware;
            if (hardware is not (EthernetHardware or LoopbackHardware or NoHardwareHeader)
                || (hardware == NoHardwareHeader) != (linkType == RawLinkType))
            {
                socket.Dispose();
                return null;
            }

            int snapLength = capture.SnapLength;
            RingRequest request = RequestFor(bufferBytes, snapLength, blockTimeoutMs);

            // Nothing comes before it is bound, so nothing passes by the filter. It also has the kernel keep no more than the snap length.
            socket.Attach(RingFilter.Compile(capture, filter, direction, isLoopback: hardware == LoopbackHardware));
            byte* ring = socket.MapRing(request);
            if (isPromiscuous)
            {
                socket.ReceiveAll();
                drops = new InterfaceDrops(capture.Name);
            }

            socket.Bind();
            return new PacketRing(socket, drops, ring, request, linkType, snapLength);
        }
        catch
        {
            drops?.Dispose();
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public int Take(PacketPointers columns, int countMax)
    {
        while (!_walk.HasMore)
        {
            byte* block = _ring + ((nint)_block * _blockBytes);
            if (Volatile.Read(ref StatusOf(block)) == RingBlock.OfKernel)
            {
                return 0;
            }

            _walk = new RingWalk(block, LinkType == EthernetLinkType, (uint)SnapLength);
            _isLent = true;
            if (!_walk.HasMore)
            {
                GiveBack();
            }
        }

        return _walk.Take(columns, countMax);
    }

    /// <inheritdoc/>
    /// <remarks>The kernel gets the block back with the last of its packets.</remarks>
    public void GiveBack()
    {
        if (_isLent && !_walk.HasMore)
        {
            Volatile.Write(ref StatusOf(_ring + ((nint)_block * _blockBytes)), RingBlock.OfKernel);
            _block = _block + 1 == _blocks ? 0 : _block + 1;
            _isLent = false;
        }
    }

    /// <inheritdoc/>
    public void AwaitPackets(int milliseconds) => _socket.AwaitPackets(milliseconds);

    /// <inheritdoc/>
    public void RefusePackets() => DropAllFilter.Close(Descriptor);

    /// <inheritdoc/>
    public PcapStatistics Stats()
    {
        (uint received, uint dropped) = _socket.TakeCounts();
        _statistics.Received = unchecked(_statistics.Received + received);
        _statistics.Dropped = unchecked(_statistics.Dropped + dropped);
        _statistics.DroppedByInterface = _drops?.Count() ?? 0;
        return _statistics;
    }

    /// <summary>Stops capturing and closes.</summary>
    public void Dispose()
    {
        _drops?.Dispose();
        _socket.Dispose();
    }

    private static RingRequest RequestFor(int bufferBytes, int snapLength, int blockTimeoutMs)
    {
        uint block = SmallestBlock;
        while (block < snapLength + Overhead)
        {
            block *= 2;
        }

        uint blocks = Math.Max(1, (uint)bufferBytes / block);
        return new RingRequest
        {
            BlockSize = block,
            BlockCount = blocks,
            FrameSize = FrameSize,
            FrameCount = block / FrameSize * blocks,
            BlockTimeout = (uint)blockTimeoutMs,
        };
    }

    private static ref uint StatusOf(byte* block) => ref Unsafe.AsRef<uint>(&((RingBlock*)block)->Status);
}
