using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace FlowMeter.Native;

/// <summary>
/// The program that the kernel runs on what an interface receives, before its own network stack sees it: it writes the time in front of the
/// frame and sends the frame to the AF_XDP socket of its receive queue; where there is none, the frame goes on to the kernel. It is
/// attached by a link, so that it goes with the process, however that ends. Shared by the sockets of an interface.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class XdpProgram : IDisposable
{
    /// <summary>Bytes in front of a frame: <see cref="Mark"/>, then the kernel's monotonic clock, nanoseconds.</summary>
    public const int StampBytes = 16;

    /// <summary>Says that a time follows. Cleared by the reader, since the memory is used again.</summary>
    public const ulong Mark = 0x464D_5354_414D_5021;

    private const uint HasFragments = 1 << 5;
    private const uint NativeMode = 1 << 2;
    private const uint SocketBufferMode = 1 << 1;

    // Functions of bpf-helpers(7).
    private const int GetTime = 5;
    private const int RedirectMap = 51;
    private const int AdjustMetadata = 54;

    private const int Pass = 2;
    private const byte LoadConstant = 0x18; // two instructions long
    private const int ByDescriptor = 1; // BPF_PSEUDO_MAP_FD
    private const byte LoadWord = 0x61;
    private const byte StoreDouble = 0x7b;
    private const byte Move = 0xbf;
    private const byte MoveConstant = 0xb7;
    private const byte AddConstant = 0x07;
    private const byte JumpIfNotConstant = 0x55;
    private const byte JumpIfGreater = 0x2d;
    private const byte CallFunction = 0x85;
    private const byte Exit = 0x95;

    // struct xdp_md
    private const short Data = 0;
    private const short Metadata = 8;
    private const short Queue = 16;

    private readonly SafeFileHandle _map;
    private SafeFileHandle? _link;
    private int _users;

    /// <summary>Makes the map; the program is not there yet.</summary>
    /// <param name="queues">Receive queues of the interface, each of which has a socket that disposes the program once.</param>
    public XdpProgram(int queues)
    {
        _map = KernelBpf.CreateSocketMap(queues);
        _users = queues;
    }

    /// <summary>Gives a receive queue its socket.</summary>
    public void Put(int queue, SafeFileHandle socket) => KernelBpf.Put(_map, queue, socket);

    /// <summary>Attaches the program: from now on frames go to the sockets.</summary>
    /// <param name="index">The interface.</param>
    /// <param name="takesFragments">Whether frames may be longer than a chunk of the sockets' memory.</param>
    /// <exception cref="PcapException">The kernel refuses.</exception>
    public void Attach(int index, bool takesFragments)
    {
        using SafeFileHandle program = KernelBpf.LoadProgram(
            Instructions((int)_map.DangerousGetHandle()), takesFragments ? HasFragments : 0);
        try
        {
            _link = KernelBpf.Link(program, index, NativeMode);
        }
        catch (PcapException)
        {
            // The driver can not: the kernel runs it behind the driver, where a frame costs more.
            _link = KernelBpf.Link(program, index, SocketBufferMode);
        }
    }

    /// <summary>Takes the program off the interface: frames go to the kernel again. From any thread, and more than once.</summary>
    public void Detach() => _link?.Dispose();

    /// <summary>One socket less; the last one takes the program off.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            Detach();
            _map.Dispose();
        }
    }

    /// <summary>The program.</summary>
    /// <param name="map">The map's descriptor.</param>
    private static XdpInstruction[] Instructions(int map) =>
        [
            new(Move, destination: 6, source: 1),
            new(MoveConstant, destination: 2, operand: -StampBytes),
            new(CallFunction, operand: AdjustMetadata),
            new(JumpIfNotConstant, destination: 0, offset: 10),
            new(CallFunction, operand: GetTime),
            new(LoadWord, destination: 2, source: 6, offset: Metadata),
            new(LoadWord, destination: 3, source: 6, offset: Data),
            new(Move, destination: 4, source: 2),
            new(AddConstant, destination: 4, operand: StampBytes),
            new(JumpIfGreater, destination: 4, source: 3, offset: 4),
            new(StoreDouble, destination: 2, source: 0, offset: sizeof(ulong)),
            new(LoadConstant, destination: 1, operand: unchecked((int)Mark)),
            new(0, operand: (int)(Mark >> 32)),
            new(StoreDouble, destination: 2, source: 1),
            new(LoadWord, destination: 2, source: 6, offset: Queue),
            new(LoadConstant, destination: 1, source: ByDescriptor, operand: map),
            new(0),
            new(MoveConstant, destination: 3, operand: Pass),
            new(CallFunction, operand: RedirectMap),
            new(Exit),
        ];
}
