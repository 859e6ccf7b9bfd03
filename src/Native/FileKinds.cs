using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>
/// Finds out what a path leads to, by the file's type and never by its name: a folder below /dev may hold files, and any folder devices.
/// </summary>
public static unsafe partial class FileKinds
{
    private const int CurrentFolder = -100;
    private const uint TypeOnly = 1;

    // Where struct statx (Linux, alike on all processors) and macOS's struct stat have the mode.
    private const int ModeInStatx = 28;
    private const int ModeInStat = 4;

    /// <summary>The kind of what a path leads to through all links. Nothing is opened.</summary>
    public static FileKind Find(string path)
    {
        byte* buffer = stackalloc byte[512];
        if (OperatingSystem.IsLinux())
        {
            return statx(CurrentFolder, path, 0, TypeOnly, buffer) != 0 ? FileKind.Missing : OfMode(*(ushort*)(buffer + ModeInStatx));
        }

        if (OperatingSystem.IsMacOS())
        {
            return stat(path, buffer) != 0 ? FileKind.Missing : OfMode(*(ushort*)(buffer + ModeInStat));
        }

        return Directory.Exists(path) ? FileKind.Folder : File.Exists(path) ? FileKind.Regular : FileKind.Missing;
    }

    /// <summary>The kind that the bits of st_mode say.</summary>
    internal static FileKind OfMode(ushort mode) => (mode & 0xF000) switch
    {
        0x8000 => FileKind.Regular,
        0x4000 => FileKind.Folder,
        0x1000 or 0xC000 => FileKind.Pipe,
        _ => FileKind.Device,
    };

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, byte* result);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int stat(string path, byte* result);
}
