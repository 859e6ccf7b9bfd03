using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace FlowMeter.Native;

/// <summary>
/// Zeroed pages straight from the operating system. They cost memory only once touched, so a table can reserve its largest size at start
/// and never has to move. The caller owns what <see cref="Reserve"/> returns and gives it back with <see cref="Release"/>.
/// </summary>
public static unsafe partial class Pages
{
    private const int ProtectionReadWrite = 0x1 | 0x2;
    private const int MapPrivate = 0x2;
    private const int AnonymousOfLinux = 0x20;
    private const int AdviseHugePage = 14;
    private const nuint HugePage = 2 << 20;

    /// <summary>
    /// Reserves <paramref name="bytes"/> zeroed bytes, page-aligned; on Linux transparent huge pages are asked for where they pay.
    /// </summary>
    /// <exception cref="InsufficientMemoryException">The system refuses that much address space.</exception>
    public static void* Reserve(nuint bytes)
    {
        void* pages = OperatingSystem.IsWindows() ? VirtualAlloc(null, bytes, 0x3000, 0x04) : Map(bytes);
        if (pages == null)
        {
            throw new InsufficientMemoryException(
                $"The system refused {bytes >> 20} MiB of address space for a table; use a smaller --max-flows.");
        }

        return pages;
    }

    /// <summary>
    /// Reserves zeroed bytes, on Linux in pages of 2 MiB where the system has set some aside; otherwise as <see cref="Reserve"/> does.
    /// </summary>
    /// <exception cref="InsufficientMemoryException">The system refuses that much address space.</exception>
    internal static void* ReserveHuge(nuint bytes)
    {
        const int HugePages = 0x4_0000;
        void* pages = mmap(null, WholeHugePages(bytes), ProtectionReadWrite, MapPrivate | AnonymousOfLinux | HugePages, -1, 0);
        return pages == (void*)-1 ? Reserve(WholeHugePages(bytes)) : pages;
    }

    /// <summary>Gives back what <see cref="ReserveHuge"/> reserved.</summary>
    internal static void ReleaseHuge(void* pages, nuint bytes) => Release(pages, WholeHugePages(bytes));

    /// <summary>Gives pages back; <paramref name="bytes"/> is what was reserved.</summary>
    public static void Release(void* pages, nuint bytes)
    {
        if (OperatingSystem.IsWindows())
        {
            _ = VirtualFree(pages, 0, 0x8000);
        }
        else
        {
            _ = munmap(pages, bytes);
        }
    }

    private static nuint WholeHugePages(nuint bytes) => (bytes + HugePage - 1) & ~(HugePage - 1);

    private static void* Map(nuint bytes)
    {
        bool linux = OperatingSystem.IsLinux();
        int anonymous = linux ? AnonymousOfLinux | 0x4000 : 0x1000;
        void* pages = mmap(null, bytes, ProtectionReadWrite, MapPrivate | anonymous, -1, 0);
        if (pages == (void*)-1)
        {
            return null;
        }

        if (linux && bytes >= HugePage)
        {
            _ = madvise(pages, bytes, AdviseHugePage);
        }

        return pages;
    }

    [LibraryImport("libc")]
    private static partial void* mmap(void* address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc")]
    private static partial int munmap(void* address, nuint length);

    [LibraryImport("libc")]
    private static partial int madvise(void* address, nuint length, int advice);

    [LibraryImport("kernel32"), SupportedOSPlatform("windows")]
    private static partial void* VirtualAlloc(void* address, nuint size, uint type, uint protection);

    [LibraryImport("kernel32"), SupportedOSPlatform("windows")]
    private static partial int VirtualFree(void* address, nuint size, uint type);
}
