using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FlowMeter.Native;

/// <summary>
/// Which file a descriptor or a name is: two that are equal are one file. A name may lead elsewhere at any time where others may write in
/// the folder; what a descriptor is stays.
/// </summary>
/// <param name="Device">The file system.</param>
/// <param name="Number">The file in it.</param>
/// <param name="Owner">The owner's user number.</param>
/// <param name="Links">Names that the file has; 0 if it was deleted.</param>
/// <param name="Kind">What it is; a symbolic link is a device.</param>
public readonly unsafe partial record struct FileIdentity(ulong Device, ulong Number, uint Owner, uint Links, FileKind Kind)
{
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const uint BasicStatistics = 0x7ff;

    /// <summary>What an open descriptor is; null where the system does not say (Windows).</summary>
    public static FileIdentity? Of(SafeFileHandle descriptor)
    {
        byte* buffer = stackalloc byte[512];
        return OperatingSystem.IsLinux()
            ? FromStatx(statx((int)descriptor.DangerousGetHandle(), "", EmptyPath, BasicStatistics, buffer), buffer)
            : OperatingSystem.IsMacOS() ? FromStat(fstat(descriptor, buffer), buffer)
            : null;
    }

    /// <summary>What has a name, without following a symbolic link; null if nothing has, and on Windows.</summary>
    public static FileIdentity? OfName(string path)
    {
        byte* buffer = stackalloc byte[512];
        return OperatingSystem.IsLinux() ? FromStatx(statx(CurrentFolder, path, NoFollow, BasicStatistics, buffer), buffer)
            : OperatingSystem.IsMacOS() ? FromStat(lstat(path, buffer), buffer)
            : null;
    }

    /// <summary>The user that this process acts as.</summary>
    public static uint User => OperatingSystem.IsWindows() ? 0 : geteuid();

    // struct statx of Linux is alike on all processors.
    private static FileIdentity? FromStatx(int status, byte* buffer) => status != 0 ? null : new FileIdentity(
        *(ulong*)(buffer + 136), *(ulong*)(buffer + 32), *(uint*)(buffer + 20), *(uint*)(buffer + 16),
        FileKinds.OfMode(*(ushort*)(buffer + 28)));

    // struct stat of macOS with 64-bit numbers of files.
    private static FileIdentity? FromStat(int status, byte* buffer) => status != 0 ? null : new FileIdentity(
        *(uint*)buffer, *(ulong*)(buffer + 8), *(uint*)(buffer + 16), *(ushort*)(buffer + 6), FileKinds.OfMode(*(ushort*)(buffer + 4)));

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, byte* result);

    [LibraryImport("libc")]
    private static partial int fstat(SafeFileHandle descriptor, byte* result);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int lstat(string path, byte* result);

    [LibraryImport("libc")]
    private static partial uint geteuid();
}
