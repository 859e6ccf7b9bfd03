using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>
/// The capabilities of the calling thread, capabilities(7): Linux keeps them for each thread, and a new thread has those of the thread that
/// starts it.
/// </summary>
internal static unsafe partial class Capabilities
{
    // _LINUX_CAPABILITY_VERSION_3: 64 bits in two halves.
    private const uint Version = 0x20080522;
    private const ulong NetRaw = 1UL << 13;

    /// <summary>CAP_NET_RAW where the thread may have it, else nothing.</summary>
    public static ulong PermittedNetRaw
    {
        get
        {
            Header header = new() { Version = Version };
            Sets* sets = stackalloc Sets[2];
            return capget(&header, sets) == 0 ? sets[0].Permitted & NetRaw : 0;
        }
    }

    /// <summary>Makes <paramref name="kept"/> all that the thread may and does, and lets nothing pass to a program it starts.</summary>
    /// <returns>Whether the system did so.</returns>
    public static bool KeepOnly(ulong kept)
    {
        Header header = new() { Version = Version };
        Sets* sets = stackalloc Sets[2];
        sets[0] = new Sets { Effective = (uint)kept, Permitted = (uint)kept };
        sets[1] = new Sets { Effective = (uint)(kept >> 32), Permitted = (uint)(kept >> 32) };
        return capset(&header, sets) == 0;
    }

    /// <summary>
    /// Empties the bounding set of the calling thread and those it starts: no program that it starts can have a capability. Does nothing
    /// where the thread may not.
    /// </summary>
    public static void DropBoundingSet()
    {
        const int Drop = 24;
        for (nuint capability = 0; prctl(Drop, capability, 0, 0, 0) == 0; capability++)
        {
        }
    }

    [LibraryImport("libc")]
    private static partial int prctl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int capget(Header* header, Sets* sets);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int capset(Header* header, Sets* sets);

    [StructLayout(LayoutKind.Sequential)]
    private struct Header
    {
        public uint Version;
        public int Thread;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Sets
    {
        public uint Effective;
        public uint Permitted;
        public uint Inheritable;
    }
}
