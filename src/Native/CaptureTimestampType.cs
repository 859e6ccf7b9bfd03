namespace FlowMeter.Native;

/// <summary>Whose clock stamps the packets, PCAP_TSTAMP_*. Values are the C values; pcap-tstamp(7) explains them.</summary>
public enum CaptureTimestampType
{
    /// <summary>The host's, as the system likes.</summary>
    Host = 0,

    /// <summary>The host's, fast and coarse.</summary>
    HostLowPrecision = 1,

    /// <summary>The host's, slower and fine.</summary>
    HostHighPrecision = 2,

    /// <summary>The adapter's, in step with the system clock.</summary>
    Adapter = 3,

    /// <summary>The adapter's, on its own.</summary>
    AdapterUnsynced = 4,

    /// <summary>The host's, fine, not in step with the system clock.</summary>
    HostHighPrecisionUnsynced = 5,
}
