using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace FlowMeter.Native;

/// <summary>
/// A packet socket of Linux, packet(7), that takes no packet until it is bound to an interface. Owns its descriptor and the ring that is
/// mapped. Every member throws <see cref="PcapException"/> with the system's text where the system refuses.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe partial class PacketSocket : IDisposable
{
    private const int PacketFamily = 17;
    private const int Raw = 3;
    private const int CloseOnExecute = 0x8_0000;
    private const ushort AllProtocols = 0x0300;
    private const int SolSocket = 1;
    private const int SocketError = 4;
    private const int AttachFilter = 26;
    private const int SolPacket = 263;
    private const int AddMembership = 1;
    private const int ReceiveRing = 5;
    private const int Statistics = 6;
    private const int Version = 10;
    private const int ThirdVersion = 2;
    private const ushort Promiscuous = 1;
    private const int ReadAndWrite = 1 | 2;
    private const int Shared = 1;
    private const short PollIn = 1;
    private const short PollError = 8;
    private const short PollHangUp = 16;
    private const short PollInvalid = 32;
    private const int Interrupted = 4;
    private const int NetworkDown = 100;
    private const int NameLength = 16;
    private const int RequestLength = 40;
    private const short Up = 1;
    private const uint GetFlags = 0x8913;
    private const uint GetMtu = 0x8921;
    private const uint GetHardware = 0x8927;
    private const uint GetIndex = 0x8933;

    private readonly string _interface;
    private readonly SafeFileHandle _descriptor;
    private byte* _ring;
    private bool _isDown;
    private nuint _ringBytes;

    /// <summary>Opens a socket for an interface.</summary>
    public PacketSocket(string @interface)
    {
        _interface = @interface;
        _descriptor = new SafeFileHandle(socket(PacketFamily, Raw | CloseOnExecute, 0), ownsHandle: true);
        try
        {
            if (_descriptor.IsInvalid)
            {
                throw Failure("socket");
            }

            Index = TryAsk(GetIndex) ?? throw Failure("SIOCGIFINDEX");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The descriptor, which stays the socket's.</summary>
    public int Descriptor => (int)_descriptor.DangerousGetHandle();

    /// <summary>The interface's number.</summary>
    public int Index { get; }

    /// <summary>Most bytes of a packet on the interface, without its link header.</summary>
    public int Mtu => TryAsk(GetMtu) ?? throw Failure("SIOCGIFMTU");

    /// <summary>What kind of hardware the interface is, ARPHRD_ of linux/if_arp.h.</summary>
    public int Hardware => (ushort)(TryAsk(GetHardware) ?? throw Failure("SIOCGIFHWADDR"));

    /// <summary>Attaches a filter, which also says how much of a packet is kept.</summary>
    public void Attach(ReadOnlySpan<BpfInstruction> instructions)
    {
        if (instructions.Length > ushort.MaxValue)
        {
            throw new PcapException($"{_interface}: the filter is too long.");
        }

        fixed (BpfInstruction* first = instructions)
        {
            SocketFilter program = new() { Length = (ushort)instructions.Length, Instructions = first };
            Set(SolSocket, AttachFilter, &program, sizeof(SocketFilter), "SO_ATTACH_FILTER");
        }
    }

    /// <summary>Has the interface receive frames for others, too, as long as the socket is open.</summary>
    public void ReceiveAll()
    {
        Membership membership = new() { Index = Index, Type = Promiscuous };
        Set(SolPacket, AddMembership, &membership, sizeof(Membership), "PACKET_ADD_MEMBERSHIP");
    }

    /// <summary>Gives it a ring, and maps it. Returns the first byte; the ring goes with the socket.</summary>
    public byte* MapRing(RingRequest request)
    {
        int version = ThirdVersion;
        Set(SolPacket, Version, &version, sizeof(int), "PACKET_VERSION");
        Set(SolPacket, ReceiveRing, &request, sizeof(RingRequest), "PACKET_RX_RING");
        nuint bytes = (nuint)request.BlockSize * request.BlockCount;
        void* ring = mmap(null, bytes, ReadAndWrite, Shared, Descriptor, 0);
        if (ring == (void*)-1)
        {
            throw Failure("mmap");
        }

        _ringBytes = bytes;
        return _ring = (byte*)ring;
    }

    /// <summary>Has it take the packets of its interface from now on.</summary>
    public void Bind()
    {
        Address address = new() { Family = PacketFamily, Protocol = AllProtocols, Index = Index };
        if (bind(_descriptor, &address, (uint)sizeof(Address)) != 0)
        {
            throw Failure("bind");
        }

        if (TakeError() is not 0 and int error)
        {
            throw new PcapException(
                $"{_interface}: bind: {Marshal.GetPInvokeErrorMessage(error)}",
                error == NetworkDown ? PcapError.InterfaceNotUp : PcapError.Generic);
        }
    }

    /// <summary>Waits for packets, at most so long.</summary>
    /// <exception cref="PcapException">The interface is gone. One that is down is waited for: packets come again when it is up.</exception>
    public void AwaitPackets(int milliseconds)
    {
        PollEntry entry = new() { Descriptor = Descriptor, Events = PollIn };
        int ready = poll(&entry, 1, milliseconds);
        if (ready < 0 && Marshal.GetLastPInvokeError() != Interrupted)
        {
            throw Failure("poll");
        }

        if (ready > 0 && (entry.Returned & (PollError | PollHangUp | PollInvalid)) != 0)
        {
            int error = TakeError();
            _isDown |= error == NetworkDown;
            if (error is not (0 or NetworkDown))
            {
                throw new PcapException(
                    $"{_interface}: The packets cannot be read: Error condition on packet socket: {Marshal.GetPInvokeErrorMessage(error)}");
            }
        }

        if (_isDown)
        {
            LookWhetherGone();
        }
    }

    /// <summary>Packets that passed the filter, and those of them that found the ring full, since it was asked last.</summary>
    public (uint Received, uint Dropped) TakeCounts()
    {
        Counts counts;
        uint length = (uint)sizeof(Counts);
        return getsockopt(_descriptor, SolPacket, Statistics, &counts, &length) == 0
            ? (counts.Packets, counts.Drops)
            : throw Failure("PACKET_STATISTICS");
    }

    /// <summary>Closes it.</summary>
    public void Dispose()
    {
        if (_ring != null)
        {
            _ = munmap(_ring, _ringBytes);
            _ring = null;
        }

        _descriptor.Dispose();
    }

    /// <summary>
    /// The kernel says of an interface that goes down what it says of one that is removed, and may say it before the socket knows that it
    /// has none any more: to be asked again until the interface is up.
    /// </summary>
    private void LookWhetherGone()
    {
        Address address = default;
        uint length = (uint)sizeof(Address);
        bool isThere = getsockname(_descriptor, &address, &length) == 0 && address.Index > 0;
        short flags = isThere && TryAsk(GetFlags) is { } answer ? (short)answer : throw new PcapException(
            $"{_interface}: The packets cannot be read: The interface disappeared");
        _isDown = (flags & Up) == 0;
    }

    private int TakeError()
    {
        int error = 0;
        uint length = sizeof(int);
        return getsockopt(_descriptor, SolSocket, SocketError, &error, &length) == 0 ? error : Marshal.GetLastPInvokeError();
    }

    /// <summary>Asks for a number of the interface; null where it is not known.</summary>
    private int? TryAsk(uint request)
    {
        // struct ifreq: the name, then the answer.
        byte* bytes = stackalloc byte[RequestLength];
        new Span<byte>(bytes, RequestLength).Clear();
        return Encoding.UTF8.TryGetBytes(_interface, new Span<byte>(bytes, NameLength - 1), out _)
            && ioctl(_descriptor, request, bytes) == 0 ? *(int*)(bytes + NameLength) : null;
    }

    private void Set(int level, int option, void* value, int length, string name)
    {
        if (setsockopt(_descriptor, level, option, value, (uint)length) != 0)
        {
            throw Failure(name);
        }
    }

    private PcapException Failure(string call) => new($"{_interface}: {call}: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(SafeFileHandle descriptor, nuint request, byte* argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int bind(SafeFileHandle descriptor, Address* address, uint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsockname(SafeFileHandle descriptor, Address* address, uint* length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setsockopt(SafeFileHandle descriptor, int level, int option, void* value, uint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsockopt(SafeFileHandle descriptor, int level, int option, void* value, uint* length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial void* mmap(void* address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc")]
    private static partial int munmap(void* address, nuint length);

    // struct sockaddr_ll
    [StructLayout(LayoutKind.Sequential, Size = 20)]
    private struct Address
    {
        public ushort Family;
        public ushort Protocol;
        public int Index;
    }

    // struct packet_mreq
    [StructLayout(LayoutKind.Sequential, Size = 16)]
    private struct Membership
    {
        public int Index;
        public ushort Type;
    }

    // struct tpacket_stats_v3
    [StructLayout(LayoutKind.Sequential)]
    private struct Counts
    {
        public uint Packets;
        public uint Drops;
        private readonly uint _freezes;
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
