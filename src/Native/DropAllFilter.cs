using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace FlowMeter.Native;

/// <summary>
/// A filter for a packet socket that drops all packets: what is in its ring stays, nothing more comes in, and the counters stop.
/// </summary>
[SupportedOSPlatform("linux")]
public static unsafe partial class DropAllFilter
{
    private const int SolSocket = 1;
    private const int AttachFilter = 26;
    private const ushort Return = 0x06;

    /// <summary>Has the kernel refuse every further frame of a capture. Where it can not, frames go on coming.</summary>
    public static void Close(int descriptor)
    {
        BpfInstruction nothing = new() { Code = Return };
        SocketFilter program = new() { Length = 1, Instructions = &nothing };
        _ = setsockopt(descriptor, SolSocket, AttachFilter, &program, (uint)sizeof(SocketFilter));
    }

    [LibraryImport("libc")]
    private static partial int setsockopt(int descriptor, int level, int option, void* value, uint length);
}
