namespace FlowMeter.Native;

/// <summary>What <see cref="PcapCapture.Read"/> brought. Values are those of pcap_next_ex.</summary>
public enum PcapReadResult
{
    /// <summary>A packet.</summary>
    Packet = 1,

    /// <summary>No packet within the read timeout of a live capture.</summary>
    Timeout = 0,

    /// <summary>The savefile has ended, or <see cref="PcapCapture.BreakLoop"/> was called.</summary>
    End = -2,
}
