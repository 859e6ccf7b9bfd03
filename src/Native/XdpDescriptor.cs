using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary><c>struct xdp_desc</c> of linux/if_xdp.h: a frame, or a part of one, in the memory of an AF_XDP socket.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct XdpDescriptor
{
    /// <summary>XDP_PKT_CONTD: the frame goes on in the next one.</summary>
    public const uint GoesOn = 1;

    /// <summary>The first byte, counted from the beginning of the memory.</summary>
    public ulong Address;

    public uint Length;
    public uint Options;
}
