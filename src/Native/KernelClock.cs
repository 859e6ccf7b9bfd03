using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace FlowMeter.Native;

/// <summary>The kernel's clocks, which stamp packets that come without a time of day.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class KernelClock
{
    private const int RealTime = 0;
    private const int Monotonic = 1;
    private const long Second = 1_000_000_000;

    /// <summary>Compares the wall clock with the monotonic one.</summary>
    /// <param name="offset">What is known of their difference; gets to know more.</param>
    /// <returns>The wall clock, nanoseconds since 1970-01-01 UTC.</returns>
    public static long Compare(ref ClockOffset offset)
    {
        long before = Read(Monotonic);
        long wall = Read(RealTime);
        offset.Consider(before, wall, Read(Monotonic));
        return wall;
    }

    /// <summary>Lets some time pass.</summary>
    public static void Pause(int microseconds)
    {
        TimeSpec time = new() { Nanoseconds = microseconds * 1000L };
        _ = nanosleep(&time, null);
    }

    private static long Read(int clock)
    {
        TimeSpec time;
        _ = clock_gettime(clock, &time);
        return (time.Seconds * Second) + time.Nanoseconds;
    }

    [LibraryImport("libc")]
    private static partial int nanosleep(TimeSpec* time, TimeSpec* left);

    // Answered without a system call.
    [LibraryImport("libc"), SuppressGCTransition]
    private static partial int clock_gettime(int clock, TimeSpec* time);

    // struct timespec
    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
