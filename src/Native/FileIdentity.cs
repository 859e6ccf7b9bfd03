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

    /// <summary>What an open descriptor is; null on Windows.</summary>
    /// <exception cref="IOException">The system does not say; HResult is its error number.</exception>
    public static FileIdentity? Of(SafeFileHandle descriptor)
    {
        byte* buffer = stackalloc byte[512];
        return OperatingSystem.IsLinux() ? OfLinux((int)descriptor.DangerousGetHandle(), "", EmptyPath)
            : OperatingSystem.IsMacOS() && IsThere(() => fstat(descriptor, buffer)) ? FromStat(buffer)
            : null;
    }

    /// <summary>What has a name, without following a symbolic link; null if nothing has, and on Windows.</summary>
    /// <exception cref="IOException">The system does not say; HResult is its error number.</exception>
    public static FileIdentity? OfName(string path)
    {
        byte* buffer = stackalloc byte[512];
        return OperatingSystem.IsLinux() ? OfLinux(CurrentFolder, path, NoFollow)
            : OperatingSystem.IsMacOS() && IsThere(() => lstat(path, buffer)) ? FromStat(buffer)
            : null;
    }

    /// <summary>The user that this process acts as.</summary>
    public static uint User => OperatingSystem.IsWindows() ? 0 : geteuid();

    // struct statx of Linux is alike on all processors.
    private static FileIdentity? OfLinux(int folder, string path, int flags)
    {
        byte* buffer = stackalloc byte[512];
        return IsThere(() => statx(folder, path, flags, BasicStatistics, buffer))
            ? new FileIdentity(
                *(ulong*)(buffer + 136), *(ulong*)(buffer + 32), *(uint*)(buffer + 20), *(uint*)(buffer + 16),
                FileKinds.OfMode(*(ushort*)(buffer + 28)))
            : null;
    }

    // struct stat of macOS with 64-bit numbers of files.
    private static FileIdentity FromStat(byte* buffer) => new(
        *(uint*)buffer, *(ulong*)(buffer + 8), *(uint*)(buffer + 16), *(ushort*)(buffer + 6), FileKinds.OfMode(*(ushort*)(buffer + 4)));

    private static bool IsThere(Func<int> look)
    {
        const int NoFolder = 20;
        while (look() != 0)
        {
            if (Marshal.GetLastPInvokeError() is Descriptors.NotThere or NoFolder)
            {
                return false;
            }

            Descriptors.ThrowUnlessInterrupted();
        }

        return true;
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, byte* result);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fstat(SafeFileHandle descriptor, byte* result);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int lstat(string path, byte* result);

    [LibraryImport("libc")]
    private static partial uint geteuid();
}
