using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Flow;

/// <summary>What begins and ends a flow (SPEC §2). Times in nanoseconds.</summary>
public sealed record FlowRules
{
    /// <summary>A timeout that never comes.</summary>
    public const long Never = long.MaxValue;

    /// <summary>Which packets there are flows of.</summary>
    public DecodeRules Decode { get; init; } = new();

    /// <summary>A flow ends when its next packet comes more than this after its last one.</summary>
    public long IdleTimeout { get; init; } = 120 * CaptureTime.Second;

    /// <summary>A flow ends when its next packet comes more than this after its first one.</summary>
    public long ActiveTimeout { get; init; } = 1800 * CaptureTime.Second;

    /// <summary>How long packets that trail a close still belong to the closed flow.</summary>
    public long LingerTime { get; init; } = 5 * CaptureTime.Second;

    /// <summary>Whether FIN and RST close a flow.</summary>
    public bool EndsOnClose { get; init; } = true;

    /// <summary>
    /// Whether forward is the first packet's sender, always. Otherwise a first packet with SYN and ACK is taken for the answer to a SYN
    /// that the capture missed, and local nets count.
    /// </summary>
    public bool ForwardIsFirstSender { get; init; }

    /// <summary>The idle timeout of flows with port 53 at an end, where it is another one.</summary>
    public long? DnsIdleTimeout { get; init; }

    /// <summary>Whether a close takes two FINs from either end, and not one from each.</summary>
    public bool ClosesOnTwoFins { get; init; }
}
