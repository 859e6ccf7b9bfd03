namespace FlowMeter.Native;

/// <summary>The status codes of pcap/pcap.h. Values are the C values: errors are negative, warnings positive.</summary>
public enum PcapError
{
    /// <summary>Success.</summary>
    None = 0,

    /// <summary>PCAP_ERROR: the text alone says what.</summary>
    Generic = -1,

    /// <summary>PCAP_ERROR_BREAK: a loop was ended by <see cref="PcapCapture.BreakLoop"/>.</summary>
    Break = -2,

    /// <summary>PCAP_ERROR_NOT_ACTIVATED: the capture must be activated first.</summary>
    NotActivated = -3,

    /// <summary>PCAP_ERROR_ACTIVATED: too late, the capture is active.</summary>
    Activated = -4,

    /// <summary>PCAP_ERROR_NO_SUCH_DEVICE: no interface of this name.</summary>
    NoSuchDevice = -5,

    /// <summary>PCAP_ERROR_RFMON_NOTSUP: no monitor mode on this interface.</summary>
    MonitorModeNotSupported = -6,

    /// <summary>PCAP_ERROR_NOT_RFMON: only in monitor mode.</summary>
    NotMonitorMode = -7,

    /// <summary>PCAP_ERROR_PERM_DENIED: no permission to capture here.</summary>
    PermissionDenied = -8,

    /// <summary>PCAP_ERROR_IFACE_NOT_UP: the interface is down.</summary>
    InterfaceNotUp = -9,

    /// <summary>PCAP_ERROR_CANTSET_TSTAMP_TYPE: the interface's time stamp type cannot be set.</summary>
    CannotSetTimestampType = -10,

    /// <summary>PCAP_ERROR_PROMISC_PERM_DENIED: no permission for promiscuous mode.</summary>
    PromiscuousPermissionDenied = -11,

    /// <summary>PCAP_ERROR_TSTAMP_PRECISION_NOTSUP: the interface does not stamp to this precision.</summary>
    TimestampPrecisionNotSupported = -12,

    /// <summary>PCAP_WARNING: the text alone says what.</summary>
    Warning = 1,

    /// <summary>PCAP_WARNING_PROMISC_NOTSUP: capturing, but not promiscuously.</summary>
    WarningPromiscuousNotSupported = 2,

    /// <summary>PCAP_WARNING_TSTAMP_TYPE_NOTSUP: capturing, but with another time stamp type.</summary>
    WarningTimestampTypeNotSupported = 3,
}
