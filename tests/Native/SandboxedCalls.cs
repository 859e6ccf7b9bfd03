using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using FlowMeter.Native;

namespace FlowMeter.Tests.Native;

/// <summary>
/// Enters a sandbox, or none, makes system calls and prints the error of each, 0 for none. Runs as a child of <see cref="SandboxTests"/>,
/// since nobody leaves a sandbox.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class SandboxedCalls
{
    private const int CurrentFolder = -100;
    private const int WriteOnly = 1;
    private const int Create = 0x40;

    // Arguments by which they do nothing where they are allowed, but for the last one, which fails.
    private static readonly (string Name, int X64, int Arm64, nint First, nint Second)[] s_calls =
    [
        ("ptrace", 101, 117, -1, 0), ("process_vm_readv", 310, 270, 1, 0), ("unshare", 272, 97, 0, 0), ("setns", 308, 268, -1, 0),
        ("chroot", 161, 51, 0, 0), ("bpf", 321, 280, -1, 0), ("keyctl", 250, 219, -1, 0), ("add_key", 248, 217, 0, 0),
        ("io_uring_setup", 425, 425, 0, 0), ("userfaultfd", 323, 282, -1, 0), ("perf_event_open", 298, 241, 0, 0),
        ("open_by_handle_at", 304, 265, -1, 0), ("name_to_handle_at", 303, 264, -1, 0), ("pidfd_open", 434, 434, 1, 0),
        ("pidfd_getfd", 438, 438, -1, 0), ("memfd_create", 319, 279, 0, 0), ("personality", 135, 92, -1, 0), ("setuid", 105, 146, -1, 0),
        ("capset", 126, 91, 0, 0), ("symlinkat", 266, 36, 0, -1), ("mknodat", 259, 33, -1, 0), ("fchmodat", 268, 53, -1, 0),
        ("clone of a process", 56, 220, 0x811, 0), ("clone of a namespace", 56, 220, 0x10010000, 0), ("clone3", 435, 435, 0, 0),
        ("kill", 62, 129, 1, 0), ("tgkill", 234, 131, 1, 1), ("prlimit64", 302, 261, 1, 0), ("prctl", 157, 167, 4, 7),
        ("TIOCSTI", 16, 29, -1, 0x5412), ("seccomp", 317, 277, 99, 0), ("landlock_restrict_self", 446, 446, -1, 0),
        ("socket of packets", 41, 198, 17, 99), ("socket of TCP", 41, 198, 2, 1), ("connect", 42, 203, -1, 0),
        ("bind", 49, 200, -1, 0), ("listen", 50, 201, -1, 0), ("sendmsg", 46, 211, -1, 0), ("execve", 59, 221, 0, 0),
    ];

    public static int Run(string scope, string folder, string input)
    {
        Console.WriteLine($"limit files {(scope != "none" && Sandbox.LimitFiles(new SandboxFiles([input], [folder], [])) ? 0 : 1)}");
        Console.WriteLine($"limit calls {(scope != "none" && Sandbox.LimitCalls(Enum.Parse<SystemCallScope>(scope)) ? 0 : 1)}");
        Open("read the input", input, 0);
        Open("write the input", input, WriteOnly);
        Open("make an output", folder + "/out.csv.partial", WriteOnly | Create);
        Tell("name it", rename(folder + "/out.csv.partial", folder + "/out.csv") == 0);
        Open("make a file beside", folder + ".csv", WriteOnly | Create);
        Open("read the users", "/etc/passwd", 0);
        Open("write the users", "/etc/passwd", WriteOnly);
        Open("read a program", "/usr/bin/env", 0);
        FinalizerThread.Run(() => Open("read the users as the finalizer", "/etc/passwd", 0));
        Thread later = new(() => Open("read the users in a later thread", "/etc/passwd", 0));
        later.Start();
        later.Join();
        foreach ((string name, int x64, int arm64, nint first, nint second) in s_calls)
        {
            int number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? arm64 : x64;
            Tell(name, syscall(number, first, second, 0, 0, 0) >= 0);
        }

        return 0;
    }

    private static void Open(string what, string path, int flags)
    {
        using SafeHandle opened = openat(CurrentFolder, path, flags, 0x180);
        Tell(what, !opened.IsInvalid);
    }

    private static void Tell(string what, bool isDone)
    {
        int error = isDone ? 0 : Marshal.GetLastPInvokeError();
        Console.WriteLine($"{what} {error}");
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint first, nint second, nint third, nint fourth, nint fifth);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial Microsoft.Win32.SafeHandles.SafeFileHandle openat(int folder, string path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rename(string from, string to);
}
