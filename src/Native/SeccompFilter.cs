using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>
/// A filter of system calls, seccomp(2), that allows them all. It is there for what comes with it: prctl(PR_SET_NO_NEW_PRIVS) reaches one
/// thread, and the runtime has more before Main begins; a filter can be put on all threads at once, and takes the flag of the calling one
/// along.
/// </summary>
internal static unsafe partial class SeccompFilter
{
    private const int SetModeFilter = 1;
    private const int SynchronizeThreads = 1;
    private const ushort Return = 0x06;
    private const uint Allow = 0x7fff0000;

    /// <summary>Gives every thread the no-new-privileges flag of the calling one. Whether that worked, each thread's status says.</summary>
    public static void SpreadNoNewPrivileges()
    {
        int call = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 277 : 317;
        BpfInstruction allowAll = new() { Code = Return, Operand = Allow };
        BpfProgram filter = new() { Length = 1, Instructions = &allowAll };

        // struct sock_fprog has 16 bits for the length where struct bpf_program has 32; what is between them is padding in either, on a
        // little-endian machine.
        _ = syscall(call, SetModeFilter, SynchronizeThreads, (nint)(&filter));
    }

    [LibraryImport("libc")]
    private static partial nint syscall(nint number, nint operation, nint flags, nint argument);
}
