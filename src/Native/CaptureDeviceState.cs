namespace FlowMeter.Native;

/// <summary>What libpcap says of an interface, PCAP_IF_*. Values are the C values.</summary>
[Flags]
public enum CaptureDeviceState : uint
{
    /// <summary>Nothing known.</summary>
    None = 0,

    /// <summary>A loopback interface.</summary>
    Loopback = 0x1,

    /// <summary>Configured up.</summary>
    Up = 0x2,

    /// <summary>Running.</summary>
    Running = 0x4,

    /// <summary>Wireless, of any kind.</summary>
    Wireless = 0x8,
}
