namespace FlowMeter.Engine.Decode;

/// <summary>Which packets a profile meters at all, and what their size is (SPEC §1, §5, §6).</summary>
public sealed record DecodeRules
{
    /// <summary>Whether tunnels are never looked into.</summary>
    public bool MetersOutermostHeader { get; init; }

    /// <summary>Whether only IPv4 is metered.</summary>
    public bool IsIPv4Only { get; init; }

    /// <summary>Whether only TCP and UDP are metered.</summary>
    public bool IsTcpUdpOnly { get; init; }

    /// <summary>Whether fragments other than the first are left out.</summary>
    public bool LeavesOutLaterFragments { get; init; }

    /// <summary>Whether a packet's size is its captured length rather than its length on the wire.</summary>
    public bool SizeIsCapturedLength { get; init; }
}
