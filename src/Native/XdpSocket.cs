using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace FlowMeter.Native;

/// <summary>
/// The calls of an AF_XDP socket (Documentation/networking/af_xdp.rst of the kernel): memory for frames that the kernel writes to, and two
/// rings, by which frames come and chunks of memory go back. Owns descriptor, memory and rings. Every member throws
/// <see cref="PcapException"/> with the system's text where the system refuses.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe partial class XdpSocket : IDisposable
{
    private const int XdpFamily = 44;
    private const int Raw = 3;
    private const int CloseOnExecute = 0x8_0000;
    private const int SolXdp = 283;
    private const int MapOffsets = 1;
    private const int ReceiveRing = 2;
    private const int RegisterMemory = 4;
    private const int FillRing = 5;
    private const int CompletionRing = 6;
    private const int Statistics = 7;
    private const ushort NeedWakeup = 1 << 3;
    private const ushort ScatterGather = 1 << 4;
    private const int SolSocket = 1;
    private const int SocketError = 4;
    private const int ReadAndWrite = 1 | 2;
    private const int SharedAndPopulated = 1 | 0x8000;
    private const long FillPage = 0x1_0000_0000;
    private const short PollIn = 1;
    private const int Interrupted = 4;

    // The kernel takes a queue from a socket some time after that was closed.
    private const int ReleaseTries = 100;
    private const int ReleasePauseMicroseconds = 10_000;

    // Nothing is sent, but the kernel wants the ring for it.
    private const uint CompletionEntries = 64;

    private readonly string _interface;
    private readonly SafeFileHandle _descriptor;
    private readonly nuint _memoryBytes;
    private readonly List<(nint Map, nuint Bytes)> _maps = [];

    /// <summary>Opens a socket with memory and rings; it gets nothing before it is bound.</summary>
    /// <param name="interface">The interface's name, for messages.</param>
    /// <param name="chunkBytes">Bytes of a chunk, 2048 or 4096.</param>
    /// <param name="chunks">Chunks of memory, a power of two.</param>
    /// <param name="headroom">Bytes to leave in front of each frame, behind those that the kernel leaves.</param>
    public XdpSocket(string @interface, uint chunkBytes, uint chunks, uint headroom)
    {
        _interface = @interface;
        _descriptor = new SafeFileHandle(socket(XdpFamily, Raw | CloseOnExecute, 0), ownsHandle: true);
        _memoryBytes = (nuint)chunkBytes * chunks;
        try
        {
            if (_descriptor.IsInvalid)
            {
                throw Failure("AF_XDP");
            }

            Memory = (byte*)Pages.ReserveHuge(_memoryBytes);
            MemoryRequest request = new()
            {
                Address = (ulong)Memory,
                Length = _memoryBytes,
                ChunkBytes = chunkBytes,
                Headroom = headroom,
            };
            Set(RegisterMemory, &request, sizeof(MemoryRequest), "XDP_UMEM_REG");
            Set(FillRing, &chunks, sizeof(uint), "XDP_UMEM_FILL_RING");
            uint completions = CompletionEntries;
            Set(CompletionRing, &completions, sizeof(uint), "XDP_UMEM_COMPLETION_RING");
            Set(ReceiveRing, &chunks, sizeof(uint), "XDP_RX_RING");
            Offsets offsets;
            uint length = (uint)sizeof(Offsets);
            if (getsockopt(_descriptor, SolXdp, MapOffsets, &offsets, &length) != 0 || length != sizeof(Offsets))
            {
                throw Failure("XDP_MMAP_OFFSETS");
            }

            Received = Map(0, offsets.Receive, chunks, sizeof(XdpDescriptor));
            Fill = Map(FillPage, offsets.Fill, chunks, sizeof(ulong));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The memory that frames are in.</summary>
    public byte* Memory { get; private set; }

    /// <summary>Frames that came: entries are <see cref="XdpDescriptor"/>.</summary>
    public XdpQueue Received { get; }

    /// <summary>Chunks for frames to come: entries are addresses in the memory.</summary>
    public XdpQueue Fill { get; }

    /// <summary>The descriptor, which stays the socket's.</summary>
    public SafeFileHandle Descriptor => _descriptor;

    /// <summary>Binds it to a receive queue; without a copy where the driver can.</summary>
    /// <param name="index">The interface.</param>
    /// <param name="queue">The queue.</param>
    /// <param name="takesFragments">Whether frames may take several chunks.</param>
    public void Bind(int index, int queue, bool takesFragments)
    {
        Address address = new()
        {
            Family = XdpFamily,
            Flags = (ushort)(NeedWakeup | (takesFragments ? ScatterGather : 0)),
            Index = (uint)index,
            Queue = (uint)queue,
        };
        for (int tries = 0; bind(_descriptor, &address, (uint)sizeof(Address)) != 0; tries++)
        {
            if (Marshal.GetLastPInvokeError() != XdpRefusal.Busy || tries == ReleaseTries)
            {
                throw Failure($"queue {queue}");
            }

            KernelClock.Pause(ReleasePauseMicroseconds);
        }
    }

    /// <summary>Frames that found no chunk or no place in the ring since the socket was opened.</summary>
    public ulong CountDrops()
    {
        Counts counts = default;
        uint length = (uint)sizeof(Counts);
        return getsockopt(_descriptor, SolXdp, Statistics, &counts, &length) == 0
            ? counts.Dropped + counts.RingFull
            : throw Failure("XDP_STATISTICS");
    }

    /// <summary>Waits for frames, at most so long, and has a driver that waits for chunks look at the ring again.</summary>
    /// <exception cref="PcapException">The interface is gone.</exception>
    public void AwaitFrames(int milliseconds)
    {
        PollEntry entry = new() { Descriptor = (int)_descriptor.DangerousGetHandle(), Events = PollIn };
        int ready = poll(&entry, 1, milliseconds);
        if (ready < 0 && Marshal.GetLastPInvokeError() != Interrupted)
        {
            throw Failure("poll");
        }

        // poll(2) does not tell of it.
        int error = 0;
        uint length = sizeof(int);
        if ((entry.Returned & PollIn) == 0 && getsockopt(_descriptor, SolSocket, SocketError, &error, &length) == 0 && error != 0)
        {
            throw new PcapException($"{_interface}: The packets cannot be read: The interface disappeared");
        }
    }

    /// <summary>Closes it.</summary>
    public void Dispose()
    {
        _descriptor.Dispose();
        foreach ((nint map, nuint bytes) in _maps)
        {
            _ = munmap((void*)map, bytes);
        }

        _maps.Clear();
        if (Memory != null)
        {
            Pages.ReleaseHuge(Memory, _memoryBytes);
            Memory = null;
        }
    }

    private XdpQueue Map(long page, XdpOffsets offsets, uint entries, int entryBytes)
    {
        nuint bytes = (nuint)offsets.Entries + ((nuint)entries * (nuint)entryBytes);
        void* map = mmap(null, bytes, ReadAndWrite, SharedAndPopulated, (int)_descriptor.DangerousGetHandle(), page);
        if (map == (void*)-1)
        {
            throw Failure("mmap");
        }

        _maps.Add(((nint)map, bytes));
        return new XdpQueue((byte*)map, offsets, entries);
    }

    private void Set(int option, void* value, int length, string name)
    {
        if (setsockopt(_descriptor, SolXdp, option, value, (uint)length) != 0)
        {
            throw Failure(name);
        }
    }

    private PcapException Failure(string call) => new($"{_interface}: {call}: {XdpRefusal.Last()}.");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int bind(SafeFileHandle descriptor, Address* address, uint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setsockopt(SafeFileHandle descriptor, int level, int option, void* value, uint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsockopt(SafeFileHandle descriptor, int level, int option, void* value, uint* length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial void* mmap(void* address, nuint length, int protection, int flags, int descriptor, long offset);

    [LibraryImport("libc")]
    private static partial int munmap(void* address, nuint length);

    // struct sockaddr_xdp
    [StructLayout(LayoutKind.Sequential)]
    private struct Address
    {
        public ushort Family;
        public ushort Flags;
        public uint Index;
        public uint Queue;
        private readonly uint _sharedDescriptor;
    }

    // struct xdp_umem_reg
    [StructLayout(LayoutKind.Sequential)]
    private struct MemoryRequest
    {
        public ulong Address;
        public ulong Length;
        public uint ChunkBytes;
        public uint Headroom;
        private readonly uint _flags;
        private readonly uint _metadataBytes;
    }

    // struct xdp_mmap_offsets
    [StructLayout(LayoutKind.Sequential)]
    private struct Offsets
    {
        public XdpOffsets Receive;
        public XdpOffsets Send;
        public XdpOffsets Fill;
        public XdpOffsets Completion;
    }

    // struct xdp_statistics
    [StructLayout(LayoutKind.Sequential)]
    private struct Counts
    {
        public ulong Dropped;
        public ulong InvalidReceived;
        public ulong InvalidSent;
        public ulong RingFull;
        public ulong FillEmpty;
        public ulong SendEmpty;
    }

    // struct pollfd
    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
