using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace FlowMeter.Native;

/// <summary>
/// What .NET's streams can not do with a handle that a Windows process was given: write where it stands, and say that its reader is gone.
/// </summary>
[SupportedOSPlatform("windows")]
public static unsafe partial class WindowsFiles
{
    private const int DiskFull = 112;
    private const int HandleDiskFull = 39;
    private const int PipeBroken = 109;
    private const int PipeClosing = 232;

    // ENOSPC.
    private const int NoSpace = 28;

    /// <summary>The handle that the process was given as standard input (0), output (1) or error (2); it stays open.</summary>
    public static SafeFileHandle Standard(int number) => new(GetStdHandle(-10 - number), ownsHandle: false);

    /// <summary>Writes all bytes at the handle's own position.</summary>
    /// <exception cref="IOException">
    /// The system refuses; HResult is <see cref="Descriptors.BrokenPipe"/>, ENOSPC or the system's error number.
    /// </exception>
    public static void Write(SafeFileHandle handle, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            for (int written = 0; written < bytes.Length;)
            {
                uint count = 0;
                if (WriteFile(handle.DangerousGetHandle(), first + written, (uint)(bytes.Length - written), &count, 0) == 0)
                {
                    int error = Marshal.GetLastPInvokeError();
                    throw new IOException(Marshal.GetPInvokeErrorMessage(error), error switch
                    {
                        PipeBroken or PipeClosing => Descriptors.BrokenPipe,
                        DiskFull or HandleDiskFull => NoSpace,
                        _ => error,
                    });
                }

                written += (int)count;
            }
        }
    }

    [LibraryImport("kernel32")]
    private static partial nint GetStdHandle(int number);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial int WriteFile(nint file, byte* bytes, uint count, uint* written, nint overlapped);
}
