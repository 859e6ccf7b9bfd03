namespace FlowMeter.Engine.Flow;

/// <summary>
/// Which packets need no deeper look: those behind the decision point of a flow that was judged benign. A model that judges whole flows has
/// its decision point before their first packet. All others are inspected: those of flows judged malicious or undecided, those that came
/// before their flow was judged, and those of no flow.
/// </summary>
internal static class BypassRule
{
    /// <summary>Whether a packet bypasses the inspection.</summary>
    /// <param name="place">Its place in its flow, from 1.</param>
    /// <param name="decisionPoint">The packet that its flow is judged at; 0 where flows are judged whole.</param>
    /// <param name="verdict">The verdict on the flow; null without a model.</param>
    public static bool Bypasses(long place, long decisionPoint, Verdict? verdict) => verdict == Verdict.Benign && place > decisionPoint;
}
