using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary><c>struct tpacket_req3</c> of linux/if_packet.h: the ring that a packet socket is to have. Lengths in bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RingRequest
{
    public uint BlockSize;
    public uint BlockCount;
    public uint FrameSize;
    public uint FrameCount;

    /// <summary>Milliseconds after which a block that is not full is handed over.</summary>
    public uint BlockTimeout;

    public uint PrivateBytes;
    public uint Features;
}
