using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>
/// <c>struct pcap_stat</c>: what a live capture has counted since it was activated. The counters are 32 bits wide and wrap. What "received"
/// includes differs by system: on Linux it counts packets that passed the filter, dropped ones too.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct PcapStatistics
{
    /// <summary>Packets received (ps_recv).</summary>
    public uint Received;

    /// <summary>Packets dropped because the buffer was full: the program was too slow (ps_drop).</summary>
    public uint Dropped;

    /// <summary>Packets dropped by the interface or its driver; 0 where the system cannot say (ps_ifdrop).</summary>
    public uint DroppedByInterface;

    // Npcap's struct has three more counters and pcap_stats writes them: without this room it would write past the struct.
    private readonly uint _captured;
    private readonly uint _sent;
    private readonly uint _droppedByNetwork;
}
