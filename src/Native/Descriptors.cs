using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>
/// What .NET's streams can not do with a Unix file descriptor: wait for input no longer than told, and write where the descriptor stands, so that several writers of one
/// file follow each other.
/// </summary>
public static unsafe partial class Descriptors
{
    private const short PollIn = 1;
    private const short PollOut = 4;
    private const int Interrupted = 4;

    /// <summary>Whether a read would not block, or fail at once: true for regular files, for the end of a pipe and for closed descriptors.</summary>
    public static bool AwaitReadable(int descriptor, int milliseconds) => Await(descriptor, PollIn, milliseconds);

    /// <summary>Writes all bytes at the descriptor's own position.</summary>
    /// <exception cref="IOException">The system refuses; HResult is its error number.</exception>
    public static void Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            nint written = 0;
            while (written < bytes.Length)
            {
                nint count = write(descriptor, first + written, (nuint)(bytes.Length - written));
                written += Math.Max(count, 0);
                if (count < 0)
                {
                    ThrowUnlessTransient(descriptor, Marshal.GetLastPInvokeError());
                }
            }
        }
    }

    private static void ThrowUnlessTransient(int descriptor, int error)
    {
        int tryAgain = OperatingSystem.IsLinux() ? 11 : 35;
        if (error == tryAgain)
        {
            // Someone made the pipe non-blocking; it is to be waited for all the same.
            _ = Await(descriptor, PollOut, -1);
        }
        else if (error != Interrupted)
        {
            throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
        }
    }

    private static bool Await(int descriptor, short events, int milliseconds)
    {
        PollDescriptor entry = new() { Descriptor = descriptor, Events = events };
        return poll(&entry, 1, milliseconds) > 0;
    }

    [LibraryImport("libc")]
    private static partial int poll(PollDescriptor* entries, nuint count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int descriptor, byte* bytes, nuint count);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
