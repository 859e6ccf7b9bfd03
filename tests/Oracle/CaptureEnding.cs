namespace FlowMeter.Tests.Oracle;

/// <summary>How reading a capture came to its end.</summary>
internal enum CaptureEnding
{
    Complete,

    /// <summary>The last record or block is not all there.</summary>
    Torn,

    /// <summary>A block contradicts itself; nothing after it can be trusted.</summary>
    Damaged,

    /// <summary>Neither pcap nor pcapng.</summary>
    NotACapture,
}
