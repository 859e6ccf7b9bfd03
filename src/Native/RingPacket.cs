using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary><c>struct tpacket3_hdr</c> of linux/if_packet.h: what the kernel says of one packet in a block of a ring.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RingPacket
{
    /// <summary>TP_STATUS_VLAN_VALID: <see cref="Tag"/> was taken off the frame.</summary>
    public const uint HasTag = 1 << 4;

    /// <summary>TP_STATUS_VLAN_TPID_VALID: so was <see cref="TagType"/>.</summary>
    public const uint HasTagType = 1 << 6;

    public uint NextOffset;
    public uint Seconds;
    public uint Nanoseconds;
    public uint CapturedLength;
    public uint WireLength;
    public uint Status;

    /// <summary>From here to the link header.</summary>
    public ushort LinkOffset;

    public ushort NetworkOffset;
    public uint Hash;
    public uint Tag;
    public ushort TagType;
    private readonly ushort _padding;
    private readonly ulong _reserved;
}
