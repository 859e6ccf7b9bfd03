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

    /// <summary>
    /// The kind of what a path leads to through all links; missing where opening it says best why. Nothing is opened.
    /// </summary>
    /// <exception cref="IOException">The system does not say. To take a device for a file that is missing would replace it.</exception>
    public static FileKind Find(string path)
    {
        byte* buffer = stackalloc byte[512];
        if (OperatingSystem.IsLinux())
        {
            return LeadsNowhere(path, () => statx(CurrentFolder, path, 0, TypeOnly, buffer)) ? FileKind.Missing
                : OfMode(*(ushort*)(buffer + ModeInStatx));
        }

        if (OperatingSystem.IsMacOS())
        {
            return LeadsNowhere(path, () => stat(path, buffer)) ? FileKind.Missing : OfMode(*(ushort*)(buffer + ModeInStat));
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

    private static bool LeadsNowhere(string path, Func<int> look)
    {
        const int NotAllowed = 13;
        const int NoFolder = 20;
        (int tooLong, int circle) = OperatingSystem.IsLinux() ? (36, 40) : (63, 62);
        while (look() != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error is Descriptors.NotThere or NotAllowed or NoFolder || error == tooLong || error == circle)
            {
                return true;
            }

            Descriptors.ThrowUnlessInterrupted(path);
        }

        return false;
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, byte* result);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int stat(string path, byte* result);
}
