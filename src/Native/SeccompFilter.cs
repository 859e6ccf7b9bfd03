using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>
/// Filters of system calls, seccomp(2), for all threads at once. What is refused fails with EPERM and kills nothing: a call that was
/// overlooked is a failure that is told, not the end of a capture.
/// </summary>
internal static unsafe partial class SeccompFilter
{
    private const int SetModeFilter = 1;
    private const int ActionAvailable = 2;
    private const int SynchronizeThreads = 1;

    private const ushort LoadWord = 0x20;
    private const ushort JumpIfEqual = 0x15;
    private const ushort JumpIfSet = 0x45;
    private const ushort Return = 0x06;

    // struct seccomp_data, little-endian.
    private const uint NumberOffset = 0;
    private const uint ArchitectureOffset = 4;
    private const uint FirstArgument = 16;
    private const uint SecondArgument = 24;
    private const uint FifthArgument = 48;
    private const uint UpperHalf = 4;

    private const uint Allow = 0x7fff0000;
    private const uint Refuse = 0x00050000 | 1;

    // ENOSYS: libc falls back to clone(2), whose flags a filter can see.
    private const uint NotThere = 0x00050000 | 38;

    private const uint CloneThread = 0x0001_0000;
    private const uint CloneNamespaces = 0x7e02_0000;

    // PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_CAPBSET_READ, PR_GET_NO_NEW_PRIVS, PR_SET_VMA
    private static readonly uint[] s_processControls = [3, 15, 16, 23, 39, 0x53564d41];

    // What terminals and descriptors are asked: TCGETS, TCSETS to TCSETSF, TCGETS2, TIOCGPGRP, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX,
    // FIOCLEX. Not TIOCSTI and TIOCLINUX, which type into the terminal of whoever started the run.
    private static readonly uint[] s_controls =
        [0x5401, 0x5402, 0x5403, 0x5404, 0x802c542a, 0x540f, 0x5413, 0x541b, 0x5421, 0x5450, 0x5451];

    // What libpcap asks of an interface: SIOCGIFNAME, SIOCGIFFLAGS, SIOCGIFMTU, SIOCGIFHWADDR, SIOCGIFINDEX, SIOCETHTOOL, SIOCGIWNAME
    private static readonly uint[] s_interfaceControls = [0x8910, 0x8913, 0x8921, 0x8927, 0x8933, 0x8946, 0x8b01];

    // AF_UNIX, by which interfaces are asked for; AF_NETLINK, by which libpcap does; AF_PACKET. There is no connect, and no sending to an
    // address.
    private static readonly uint[] s_socketFamilies = [1, 16, 17];

    // AF_INET and AF_INET6, for a broker.
    private static readonly uint[] s_internetFamilies = [2, 10];

    private static Architecture Processor => RuntimeInformation.ProcessArchitecture;

    /// <summary>Whether this kernel takes such filters, and they are made for this processor.</summary>
    public static bool IsSupported
    {
        get
        {
            uint action = Refuse & 0xffff0000;
            return Processor is Architecture.X64 or Architecture.Arm64
                && syscall(CallNumber, ActionAvailable, 0, (nint)(&action)) == 0;
        }
    }

    private static int CallNumber => Processor == Architecture.Arm64 ? 277 : 317;

    /// <summary>
    /// Gives every thread the no-new-privileges flag of the calling one: prctl(PR_SET_NO_NEW_PRIVS) reaches one thread, and the runtime has
    /// more before Main begins; a filter, this one allows all, takes the flag along. Whether that worked, each thread's status says.
    /// </summary>
    public static void SpreadNoNewPrivileges() => Install([Instruction(Return, Allow)]);

    /// <summary>
    /// Refuses all system calls but those of a scope, in all threads. The calling one must not be able to gain rights any more.
    /// </summary>
    /// <returns>Whether the kernel does so.</returns>
    public static bool Restrict(SystemCallScope scope) =>
        IsSupported && Install(Program(scope, Processor, (uint)Environment.ProcessId));

    /// <summary>The filter's program.</summary>
    /// <param name="scope">What the run does.</param>
    /// <param name="processor">x86-64 or arm64.</param>
    /// <param name="process">The process, whose threads may send each other signals, as the runtime does.</param>
    internal static BpfInstruction[] Program(SystemCallScope scope, Architecture processor, uint process)
    {
        bool serves = scope != SystemCallScope.Files;
        bool captures = serves && scope != SystemCallScope.FilesAndPage;
        bool connects = scope is SystemCallScope.CaptureToBroker or SystemCallScope.CaptureToCluster;
        List<BpfInstruction> program =
        [
            // Another architecture's numbers mean other calls. Those of x32 have a bit that no number below has.
            Instruction(LoadWord, ArchitectureOffset),
            Instruction(JumpIfEqual, processor == Architecture.Arm64 ? 0xc00000b7 : 0xc000003e, isTrue: 1),
            Instruction(Return, Refuse),
            Instruction(LoadWord, NumberOffset),
        ];
        foreach (SystemCall call in SystemCalls.Allowed(scope))
        {
            Add(call, Instruction(Return, Allow));
        }

        Add(SystemCalls.Clone3, Instruction(Return, NotThere));
        Add(
            SystemCalls.Clone,
            Instruction(LoadWord, FirstArgument),
            Instruction(JumpIfSet, CloneNamespaces, isTrue: 2),
            Instruction(JumpIfSet, CloneThread, isFalse: 1),
            Instruction(Return, Allow),
            Instruction(Return, Refuse));
        Add(SystemCalls.Prctl, ByArgument(FirstArgument, s_processControls));
        Add(SystemCalls.Ioctl, ByArgument(SecondArgument, captures ? [.. s_controls, .. s_interfaceControls] : s_controls));
        Add(SystemCalls.Kill, ByArgument(FirstArgument, process));
        Add(SystemCalls.Tgkill, ByArgument(FirstArgument, process));
        Add(SystemCalls.Prlimit, ByArgument(FirstArgument, 0));
        if (captures)
        {
            Add(SystemCalls.Socket, ByArgument(FirstArgument, connects ? [.. s_socketFamilies, .. s_internetFamilies] : s_socketFamilies));
        }

        if (serves)
        {
            Add(
                SystemCalls.SendTo,
                Instruction(LoadWord, FifthArgument),
                Instruction(JumpIfEqual, 0, isFalse: 3),
                Instruction(LoadWord, FifthArgument + UpperHalf),
                Instruction(JumpIfEqual, 0, isFalse: 1),
                Instruction(Return, Allow),
                Instruction(Return, Refuse));
        }

        return [.. program, Instruction(Return, Refuse)];

        // What happens at a call; it ends the program.
        void Add(SystemCall call, params BpfInstruction[] then)
        {
            if (call.On(processor) is { } number)
            {
                program.AddRange([Instruction(JumpIfEqual, number, isFalse: (byte)then.Length), .. then]);
            }
        }
    }

    /// <summary>Allows a call where an argument of 32 bits is one of some values.</summary>
    private static BpfInstruction[] ByArgument(uint argument, params uint[] values) =>
    [
        Instruction(LoadWord, argument),
        .. values.Select((value, i) => Instruction(JumpIfEqual, value, isTrue: (byte)(values.Length - i))),
        Instruction(Return, Refuse),
        Instruction(Return, Allow),
    ];

    private static BpfInstruction Instruction(ushort code, uint operand, byte isTrue = 0, byte isFalse = 0) =>
        new() { Code = code, Operand = operand, JumpTrue = isTrue, JumpFalse = isFalse };

    private static bool Install(BpfInstruction[] instructions)
    {
        fixed (BpfInstruction* first = instructions)
        {
            SocketFilter filter = new() { Length = (ushort)instructions.Length, Instructions = first };
            return syscall(CallNumber, SetModeFilter, SynchronizeThreads, (nint)(&filter)) == 0;
        }
    }

    [LibraryImport("libc")]
    private static partial nint syscall(nint number, nint operation, nint flags, nint argument);
}
