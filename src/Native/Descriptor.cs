using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace FlowMeter.Native;

/// <summary>Waiting on file descriptors, which .NET's streams can only do without end.</summary>
[UnsupportedOSPlatform("windows")]
public static unsafe partial class Descriptor
{
    private const short In = 1;

    /// <summary>Waits until a descriptor can be read without blocking: data, the end, or an error is there.</summary>
    /// <param name="descriptor">An open descriptor; it stays the caller's.</param>
    /// <param name="milliseconds">How long to wait at most.</param>
    /// <returns>False if nothing came in time, or a signal interrupted the wait.</returns>
    public static bool WaitReadable(int descriptor, int milliseconds)
    {
        PollEntry entry = new() { Descriptor = descriptor, Events = In };
        return poll(&entry, 1, milliseconds) > 0;
    }

    [LibraryImport("libc")]
    private static partial int poll(PollEntry* entries, nuint count, int timeout);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
