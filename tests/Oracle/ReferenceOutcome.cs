namespace FlowMeter.Tests.Oracle;

/// <summary>What became of a frame: metered, or skipped for one reason.</summary>
internal enum ReferenceOutcome
{
    Metered,
    NonIp,
    Truncated,
    Malformed,
    Encrypted,
    UnsupportedLinkType,
}
