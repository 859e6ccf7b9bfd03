namespace FlowMeter.Native;

/// <summary>Which packets of an interface to capture, <c>pcap_direction_t</c>.</summary>
public enum CaptureDirection
{
    /// <summary>Received and sent (PCAP_D_INOUT).</summary>
    Both = 0,

    /// <summary>Received (PCAP_D_IN).</summary>
    Received = 1,

    /// <summary>Sent (PCAP_D_OUT).</summary>
    Sent = 2,
}
