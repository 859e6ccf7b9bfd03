namespace FlowMeter.Engine.Flow;

/// <summary>
/// Where a packet goes, by its place in its flow and the verdict on the flow. While a window is accounted for, greater values stand for
/// flows that are scored at its end.
/// </summary>
internal enum FrameRoute : byte
{
    /// <summary>To be inspected: the flow is not decided yet, or its verdict is not benign.</summary>
    Suspicious,

    /// <summary>Bypasses the inspection: the verdict on the flow was benign before this packet.</summary>
    Benign,

    /// <summary>The first of the flows that are scored at the end of the window.</summary>
    FirstPending,
}
