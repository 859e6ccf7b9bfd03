using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>The size of a terminal (ioctl TIOCGWINSZ). Console's own question for it switches the terminal's modes.</summary>
public static unsafe partial class TerminalSize
{
    // struct winsize: rows, columns, and two sizes in pixels.
    private const int SizeLength = 4;
    private const int Columns = 1;

    private static nuint Request => OperatingSystem.IsMacOS() ? 0x40087468u : 0x5413u;

    /// <summary>The columns of the terminal behind a descriptor; null where it is none, or does not say.</summary>
    public static int? ColumnsOf(int descriptor)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        ushort* size = stackalloc ushort[SizeLength];
        new Span<ushort>(size, SizeLength).Clear();
        return ioctl(descriptor, Request, (byte*)size) == 0 && size[Columns] > 0 ? size[Columns] : null;
    }

    [LibraryImport("libc")]
    private static partial int ioctl(int descriptor, nuint request, byte* argument);
}
