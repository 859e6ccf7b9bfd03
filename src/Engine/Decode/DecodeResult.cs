namespace FlowMeter.Engine.Decode;

/// <summary>
/// What became of a captured frame: metered, or skipped for one named reason (SPEC §1). The counts of all decode results add up to the
/// frames read.
/// </summary>
public enum DecodeResult
{
    /// <summary>The frame's flow was found or begun.</summary>
    Metered,

    /// <summary>No IP packet inside: ARP, LLC, an unknown EtherType.</summary>
    NonIp,

    /// <summary>The captured bytes end before the addresses and ports do.</summary>
    Truncated,

    /// <summary>A header contradicts itself or the one before it.</summary>
    Malformed,

    /// <summary>The link layer has encrypted what it carries.</summary>
    Encrypted,

    /// <summary>The capture's link type is not decoded.</summary>
    UnsupportedLinkType,
}
