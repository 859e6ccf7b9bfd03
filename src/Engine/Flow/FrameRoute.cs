namespace FlowMeter.Engine.Flow;

/// <summary>
/// Where a packet goes, by its place in its flow and the verdict on the flow. While a window is accounted for, greater values stand for
/// flows that will be judged at its end.
/// </summary>
internal enum FrameRoute : byte
{
    /// <summary>Sent on to a deeper look: the flow is not decided yet, or not benign.</summary>
    Suspicious,

    /// <summary>Bypassed: the flow was judged benign before this packet.</summary>
    Benign,

    /// <summary>The first of the flows that are judged at the end of the window.</summary>
    FirstPending,
}
