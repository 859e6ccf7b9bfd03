using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace FlowMeter.Native;

/// <summary>
/// The part of bpf(2) that an AF_XDP capture needs. Every member throws <see cref="PcapException"/> with the system's text where the kernel
/// refuses. What it returns is the caller's to dispose.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class KernelBpf
{
    private const int MapCreate = 0;
    private const int MapUpdate = 2;
    private const int ProgramLoad = 5;
    private const int LinkCreate = 28;
    private const uint SocketMap = 17;
    private const uint XdpProgram = 6;
    private const uint XdpAttach = 37;

    private static nint CallNumber => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 280 : 321;

    /// <summary>A map from receive queues to AF_XDP sockets.</summary>
    public static SafeFileHandle CreateSocketMap(int queues)
    {
        MapAttributes attributes = new() { Type = SocketMap, KeySize = 4, ValueSize = 4, Entries = (uint)queues };
        return new SafeFileHandle((nint)Call(MapCreate, &attributes, sizeof(MapAttributes), "BPF_MAP_CREATE"), ownsHandle: true);
    }

    /// <summary>Puts a socket into the map.</summary>
    public static void Put(SafeFileHandle map, int queue, SafeFileHandle socket)
    {
        int descriptor = (int)socket.DangerousGetHandle();
        ElementAttributes attributes = new()
        {
            Map = (uint)map.DangerousGetHandle(),
            Key = (ulong)&queue,
            Value = (ulong)&descriptor,
        };
        _ = Call(MapUpdate, &attributes, sizeof(ElementAttributes), "BPF_MAP_UPDATE_ELEM");
    }

    /// <summary>Has the kernel check and load an XDP program.</summary>
    /// <param name="instructions">The program.</param>
    /// <param name="flags">BPF_F_ flags of linux/bpf.h.</param>
    public static SafeFileHandle LoadProgram(ReadOnlySpan<XdpInstruction> instructions, uint flags)
    {
        fixed (XdpInstruction* first = instructions)
        fixed (byte* license = "Apache-2.0\0"u8)
        {
            ProgramAttributes attributes = new()
            {
                Type = XdpProgram,
                Count = (uint)instructions.Length,
                Instructions = (ulong)first,
                License = (ulong)license,
                Flags = flags,
                ExpectedAttachType = XdpAttach,
            };
            "flowmeter"u8.CopyTo(new Span<byte>(attributes.Name, ProgramAttributes.NameLength));
            return new SafeFileHandle((nint)Call(ProgramLoad, &attributes, sizeof(ProgramAttributes), "BPF_PROG_LOAD"), ownsHandle: true);
        }
    }

    /// <summary>Runs a program on all that an interface receives, until the link is closed, also by the end of the process.</summary>
    /// <param name="program">The program.</param>
    /// <param name="index">The interface.</param>
    /// <param name="flags">XDP_FLAGS_ of linux/if_link.h.</param>
    public static SafeFileHandle Link(SafeFileHandle program, int index, uint flags)
    {
        LinkAttributes attributes = new()
        {
            Program = (uint)program.DangerousGetHandle(),
            Interface = (uint)index,
            AttachType = XdpAttach,
            Flags = flags,
        };
        return new SafeFileHandle((nint)Call(LinkCreate, &attributes, sizeof(LinkAttributes), "BPF_LINK_CREATE"), ownsHandle: true);
    }

    private static int Call(int command, void* attributes, int length, string name)
    {
        nint result = syscall(CallNumber, command, (nint)attributes, length);
        return result >= 0
            ? (int)result
            : throw new PcapException($"{name}: {XdpRefusal.Last()}.");
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint command, nint attributes, nint length);

    [StructLayout(LayoutKind.Sequential)]
    private struct MapAttributes
    {
        public uint Type;
        public uint KeySize;
        public uint ValueSize;
        public uint Entries;
        public uint Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ElementAttributes
    {
        public uint Map;
        private readonly uint _padding;
        public ulong Key;
        public ulong Value;
        public ulong Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ProgramAttributes
    {
        public const int NameLength = 16;

        public uint Type;
        public uint Count;
        public ulong Instructions;
        public ulong License;
        public uint LogLevel;
        public uint LogSize;
        public ulong Log;
        public uint KernelVersion;
        public uint Flags;
        public fixed byte Name[NameLength];
        public uint Interface;
        public uint ExpectedAttachType;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct LinkAttributes
    {
        public uint Program;
        public uint Interface;
        public uint AttachType;
        public uint Flags;
    }
}
