using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace FlowMeter.Native;

/// <summary>
/// What a process takes from itself before it reads what others have sent, so that bytes that take it over gain little: all files but its
/// own (Landlock), system calls that it never makes (seccomp), and core dumps, which hold traffic. Nothing of it can be taken back. Where
/// the kernel does not have one of them, the others hold.
/// </summary>
[SupportedOSPlatform("linux")]
public static partial class Sandbox
{
    private const int SetDumpable = 4;
    private const int SetNoNewPrivileges = 38;
    private const int CoreLimit = 4;

    // What the runtime, libc and libpcap read: libraries that are loaded when they are needed, memory and processors, interfaces, the
    // terminal by its common name, the time zone.
    private static readonly string[] s_readable =
    [
        "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo",
        "/proc/self", "/proc/meminfo", "/proc/stat", "/proc/cpuinfo", "/proc/sys", "/sys/fs/cgroup", "/sys/class", "/sys/devices",
        "/dev/null", "/dev/tty", "/dev/random", "/dev/urandom",
    ];

    /// <summary>The version of the kernel's Landlock; 0 where it has none, or this process may not use it.</summary>
    public static int LandlockVersion => Landlock.Version;

    /// <summary>Whether system calls can be filtered here.</summary>
    public static bool HasSeccomp => SeccompFilter.IsSupported;

    /// <summary>No core dumps any more, whatever takes them.</summary>
    public static void RefuseCoreDumps()
    {
        // A pipe of core_pattern(5) gets a dump in spite of the limit, but not of a process that is not dumpable.
        Limit none = default;
        _ = setrlimit(CoreLimit, none);
        _ = prctl(SetDumpable, 0, 0, 0, 0);
    }

    /// <summary>
    /// Takes away all files but some, and programs, in the calling thread, those it starts from now on, and the runtime's finalizer; in all
    /// threads where the kernel can (Landlock 8). Nobody of them can gain rights any more.
    /// </summary>
    /// <returns>Whether the kernel does so.</returns>
    public static bool LimitFiles(SandboxFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        _ = prctl(SetNoNewPrivileges, 1, 0, 0, 0);
        using Landlock? rules = Landlock.TryCreate();
        if (rules == null)
        {
            return false;
        }

        // A file system that takes no rule would be forbidden as a whole. What is not there fails later, and in the words of who opens it.
        bool isComplete = files.Folders.All(folder => rules.AllowFolder(folder) || !Directory.Exists(folder))
            & files.Streams.All(stream => rules.AllowWriting(stream) || !Path.Exists(stream))
            & files.Ports.All(rules.AllowConnecting);
        foreach (string path in s_readable.Concat(RuntimeFolders()).Concat(files.Readable))
        {
            _ = rules.AllowReading(path);
        }

        if (!isComplete || rules.Restrict(everywhere: true) is not (true, var isEverywhere))
        {
            return false;
        }

        if (!isEverywhere)
        {
            FinalizerThread.Run(() =>
            {
                _ = prctl(SetNoNewPrivileges, 1, 0, 0, 0);
                _ = rules.Restrict(everywhere: false);
            });
        }

        return true;
    }

    /// <summary>
    /// Takes away the system calls that a run does not make, in all threads: they fail with EPERM. Nobody of them can gain rights any more.
    /// </summary>
    /// <returns>Whether the kernel does so.</returns>
    public static bool LimitCalls(SystemCallScope scope)
    {
        _ = prctl(SetNoNewPrivileges, 1, 0, 0, 0);
        return SeccompFilter.Restrict(scope);
    }

    /// <summary>Where assemblies and libraries are that may be loaded yet: nowhere, in a program that is compiled as a whole.</summary>
    private static string[] RuntimeFolders()
    {
        string[] searched = (Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return RuntimeFeature.IsDynamicCodeCompiled
            ? [.. searched, AppContext.BaseDirectory, Path.GetDirectoryName(AppContext.GetData("FX_DEPS_FILE") as string)!]
            : searched;
    }

    [LibraryImport("libc")]
    private static partial int setrlimit(int resource, in Limit limit);

    [LibraryImport("libc")]
    private static partial int prctl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
