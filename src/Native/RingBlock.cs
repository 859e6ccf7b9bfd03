using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary><c>struct tpacket_block_desc</c> of linux/if_packet.h, at the head of each block of a ring.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RingBlock
{
    /// <summary>TP_STATUS_KERNEL: the kernel fills it.</summary>
    public const uint OfKernel = 0;

    /// <summary>TP_STATUS_USER: it has been handed over.</summary>
    public const uint OfUser = 1;

    public uint Version;
    public uint PrivateOffset;
    public uint Status;
    public uint Count;
    public uint FirstOffset;
    public uint Length;
    public ulong Number;
    public uint FirstSeconds;
    public uint FirstNanoseconds;
    public uint LastSeconds;
    public uint LastNanoseconds;
}
