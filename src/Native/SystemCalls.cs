namespace FlowMeter.Native;

/// <summary>
/// The system calls of a run by their numbers. What is not here is refused; some go by their arguments, too
/// (<see cref="SeccompFilter"/>).
/// </summary>
internal static class SystemCalls
{
    /// <summary>The marks of a call that a processor does not have.</summary>
    private const ushort None = ushort.MaxValue;

    /// <summary>Those whose arguments matter.</summary>
    public static readonly SystemCall
        Clone = new(56, 220), Clone3 = new(435, 435), Ioctl = new(16, 29), Kill = new(62, 129), Prctl = new(157, 167),
        Prlimit = new(302, 261), SendTo = new(44, 206), Socket = new(41, 198), Tgkill = new(234, 131);

    // Memory, threads, clocks and signals of the runtime; its files. The name is for the reader.
    private static readonly (string Name, ushort X64, ushort Arm64)[] s_ofFiles =
    [
        ("access", 21, None), ("arch_prctl", 158, None), ("brk", 12, 214), ("clock_getres", 229, 114), ("clock_gettime", 228, 113),
        ("clock_nanosleep", 230, 115), ("close", 3, 57), ("dup", 32, 23), ("eventfd2", 290, 19), ("exit", 60, 93),
        ("exit_group", 231, 94), ("faccessat", 269, 48), ("faccessat2", 439, 439), ("fadvise64", 221, 223), ("fallocate", 285, 47),
        ("fchmod", 91, 52), ("fcntl", 72, 25), ("fdatasync", 75, 83), ("flock", 73, 32), ("fstat", 5, 80), ("fstatfs", 138, 44),
        ("fsync", 74, 82), ("ftruncate", 77, 46), ("futex", 202, 98), ("get_mempolicy", 239, 236), ("getcpu", 309, 168),
        ("getcwd", 79, 17), ("getdents64", 217, 61), ("getegid", 108, 177), ("geteuid", 107, 175), ("getgid", 104, 176),
        ("getpgrp", 111, None), ("getpid", 39, 172), ("getppid", 110, 173), ("getrandom", 318, 278), ("getrlimit", 97, 163),
        ("getrusage", 98, 165), ("gettid", 186, 178), ("gettimeofday", 96, 169), ("getuid", 102, 174), ("link", 86, None),
        ("linkat", 265, 37), ("lseek", 8, 62), ("lstat", 6, None), ("madvise", 28, 233), ("mbind", 237, 235), ("membarrier", 324, 283),
        ("mincore", 27, 232), ("mlock", 149, 228), ("mmap", 9, 222), ("mprotect", 10, 226), ("mremap", 25, 216), ("msync", 26, 227),
        ("munlock", 150, 229), ("munmap", 11, 215), ("nanosleep", 35, 101), ("newfstatat", 262, 79), ("open", 2, None),
        ("openat", 257, 56), ("pipe", 22, None), ("pipe2", 293, 59), ("poll", 7, None), ("ppoll", 271, 73), ("pread64", 17, 67),
        ("preadv", 295, 69), ("pwrite64", 18, 68), ("pwritev", 296, 70), ("read", 0, 63), ("readlink", 89, None), ("readlinkat", 267, 78),
        ("readv", 19, 65), ("rename", 82, None), ("renameat", 264, 38), ("renameat2", 316, 276), ("restart_syscall", 219, 128),
        ("rseq", 334, 293), ("rt_sigaction", 13, 134), ("rt_sigprocmask", 14, 135), ("rt_sigreturn", 15, 139),
        ("sched_get_priority_max", 146, 125), ("sched_get_priority_min", 147, 126), ("sched_getaffinity", 204, 123),
        ("sched_getparam", 143, 121), ("sched_getscheduler", 145, 120), ("sched_setaffinity", 203, 122), ("sched_yield", 24, 124),
        ("select", 23, None), ("set_robust_list", 273, 99), ("set_tid_address", 218, 96), ("sigaltstack", 131, 132), ("stat", 4, None),
        ("statfs", 137, 43), ("statx", 332, 291), ("sysinfo", 99, 179), ("time", 201, None), ("times", 100, 153), ("umask", 95, 166),
        ("uname", 63, 160), ("unlink", 87, None), ("unlinkat", 263, 35), ("write", 1, 64), ("writev", 20, 66),
    ];

    // A port that listens already: no connect, no listen, no sendmsg.
    private static readonly (string Name, ushort X64, ushort Arm64)[] s_ofPage =
    [
        ("accept", 43, 202), ("accept4", 288, 242), ("epoll_create1", 291, 20), ("epoll_ctl", 233, 21),
        ("epoll_pwait", 281, 22), ("epoll_wait", 232, None), ("getpeername", 52, 205), ("getsockname", 51, 204), ("getsockopt", 55, 209),
        ("recvfrom", 45, 207), ("recvmsg", 47, 212), ("setsockopt", 54, 208), ("shutdown", 48, 210),
    ];

    // Packet sockets that are opened anew.
    private static readonly (string Name, ushort X64, ushort Arm64)[] s_ofCapture = [("bind", 49, 200)];

    // A broker that comes back is connected to anew. There is no sending to an address still.
    private static readonly (string Name, ushort X64, ushort Arm64)[] s_ofBroker = [("connect", 42, 203)];

    // librdkafka sends by messages, and libc asks for the addresses of several families at once.
    private static readonly (string Name, ushort X64, ushort Arm64)[] s_ofCluster = [("sendmmsg", 307, 269), ("sendmsg", 46, 211)];

    /// <summary>Those that are allowed whatever their arguments.</summary>
    public static IEnumerable<SystemCall> Allowed(SystemCallScope scope) =>
        (scope switch
        {
            SystemCallScope.CaptureToCluster => [.. s_ofCluster, .. s_ofBroker, .. s_ofCapture, .. s_ofPage, .. s_ofFiles],
            SystemCallScope.CaptureToBroker => [.. s_ofBroker, .. s_ofCapture, .. s_ofPage, .. s_ofFiles],
            SystemCallScope.Capture => [.. s_ofCapture, .. s_ofPage, .. s_ofFiles],
            SystemCallScope.FilesAndPage => [.. s_ofPage, .. s_ofFiles],
            _ => s_ofFiles,
        }).Select(call => new SystemCall(call.X64, call.Arm64));
}
