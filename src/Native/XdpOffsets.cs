using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary><c>struct xdp_ring_offset</c> of linux/if_xdp.h: where the parts of a mapped ring are, bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct XdpOffsets
{
    public ulong Producer;
    public ulong Consumer;
    public ulong Entries;
    public ulong Flags;
}
