using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace FlowMeter.Native;

/// <summary>Ties threads to processors (sched_setaffinity(2)).</summary>
public static unsafe partial class ThreadAffinity
{
    private const int MaskBytes = 128;

    /// <summary>Whether this system ties threads to processors.</summary>
    [SupportedOSPlatformGuard("linux")]
    public static bool IsSupported => OperatingSystem.IsLinux();

    /// <summary>
    /// Ties the calling thread to one of the processors that the process may use, counted from 0 and around; false if the system refuses.
    /// </summary>
    [SupportedOSPlatform("linux")]
    public static bool Pin(int number)
    {
        // The main thread's processors are the process's: that one is never tied.
        byte* mask = stackalloc byte[MaskBytes];
        if (sched_getaffinity(Environment.ProcessId, MaskBytes, mask) < 0)
        {
            return false;
        }

        List<int> allowed = [.. ProcessorsIn(new ReadOnlySpan<byte>(mask, MaskBytes))];
        int chosen = allowed[number % allowed.Count];
        new Span<byte>(mask, MaskBytes).Clear();
        mask[chosen / 8] = (byte)(1 << (chosen % 8));
        return sched_setaffinity(0, MaskBytes, mask) == 0;
    }

    private static List<int> ProcessorsIn(ReadOnlySpan<byte> mask)
    {
        List<int> processors = [];
        for (int i = 0; i < mask.Length * 8; i++)
        {
            if ((mask[i / 8] & (1 << (i % 8))) != 0)
            {
                processors.Add(i);
            }
        }

        return processors;
    }

    [LibraryImport("libc")]
    private static partial int sched_getaffinity(int thread, nuint bytes, byte* mask);

    [LibraryImport("libc")]
    private static partial int sched_setaffinity(int thread, nuint bytes, byte* mask);
}
