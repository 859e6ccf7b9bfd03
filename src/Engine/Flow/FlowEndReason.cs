namespace FlowMeter.Engine.Flow;

/// <summary>
/// flowEndReason, IPFIX information element 136 (RFC 7012). The values are the wire values; the names in outputs are SPEC §2's.
/// </summary>
public enum FlowEndReason : byte
{
    /// <summary>Not ended.</summary>
    None,

    /// <summary>No packet for longer than the idle timeout: <c>idle</c>.</summary>
    IdleTimeout,

    /// <summary>Longer than the active timeout: <c>active</c>.</summary>
    ActiveTimeout,

    /// <summary>A FIN from both ends, or a RST: <c>end</c>.</summary>
    EndOfFlowDetected,

    /// <summary>The input ended or the meter was shut down: <c>forced</c>.</summary>
    ForcedEnd,

    /// <summary>Memory was at its bound: <c>resources</c>.</summary>
    LackOfResources,
}
