using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>
/// A terminal that gives every key at once and shows none, termios(3): no lines, no echo, and no key that suspends the process, which would
/// leave the terminal like this. Keys that interrupt still do. Disposed, the terminal is as it was.
/// </summary>
public sealed unsafe partial class RawTerminal : IDisposable
{
    private const int Now = 0;

    // Larger than struct termios of Linux (60 bytes) and macOS (72).
    private const int Size = 128;

    private readonly int _descriptor;
    private readonly byte[] _before = new byte[Size];
    private int _isRestored;

    private RawTerminal(int descriptor) => _descriptor = descriptor;

    /// <summary>Whether this system has such terminals.</summary>
    public static bool IsSupported => !OperatingSystem.IsWindows();

    // struct termios: c_lflag and c_cc; ICANON and ECHO; the place of VSUSP; _POSIX_VDISABLE.
    private static int LocalFlags => OperatingSystem.IsMacOS() ? 24 : 12;

    private static int Characters => OperatingSystem.IsMacOS() ? 32 : 17;

    private static uint LinesAndEcho => OperatingSystem.IsMacOS() ? 0x108u : 0xAu;

    private static byte Disabled => OperatingSystem.IsMacOS() ? (byte)0xFF : (byte)0;

    /// <summary>Switches a terminal.</summary>
    /// <param name="descriptor">The terminal.</param>
    /// <returns>What switches it back; null where the descriptor is no terminal.</returns>
    public static RawTerminal? TryBegin(int descriptor)
    {
        const int Suspend = 10;
        RawTerminal terminal = new(descriptor);
        byte* mode = stackalloc byte[Size];
        if (tcgetattr(descriptor, mode) != 0)
        {
            return null;
        }

        new ReadOnlySpan<byte>(mode, Size).CopyTo(terminal._before);
        *(uint*)(mode + LocalFlags) &= ~LinesAndEcho;
        mode[Characters + Suspend] = Disabled;
        return tcsetattr(descriptor, Now, mode) == 0 ? terminal : null;
    }

    /// <summary>Columns and rows of a terminal; null where the descriptor is none, or does not know.</summary>
    public static (int Columns, int Rows)? SizeOf(int descriptor)
    {
        ushort* size = stackalloc ushort[4];
        return ioctl(descriptor, OperatingSystem.IsMacOS() ? 0x40087468u : 0x5413u, size) == 0 && size[0] > 0 && size[1] > 0
            ? (size[1], size[0])
            : null;
    }

    /// <summary>Reads what has been typed, which <see cref="Descriptors.AwaitReadable"/> said is there.</summary>
    /// <param name="bytes">Room for it.</param>
    /// <returns>Bytes read; 0 where the terminal is gone.</returns>
    public int Read(Span<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            return (int)Math.Max(read(_descriptor, first, (nuint)bytes.Length), 0);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isRestored, 1) == 0)
        {
            fixed (byte* mode = _before)
            {
                _ = tcsetattr(_descriptor, Now, mode);
            }
        }
    }

    [LibraryImport("libc")]
    private static partial int tcgetattr(int descriptor, byte* mode);

    [LibraryImport("libc")]
    private static partial int tcsetattr(int descriptor, int when, byte* mode);

    // Variadic in C. On macOS for ARM a variadic argument goes elsewhere, the call fails, and the size is not known.
    [LibraryImport("libc")]
    private static partial int ioctl(int descriptor, nuint request, ushort* size);

    [LibraryImport("libc")]
    private static partial nint read(int descriptor, byte* bytes, nuint count);
}
