namespace FlowMeter.Engine.Flow;

/// <summary>
/// Which packets bypass the inspection: those behind the decision point of a flow with the verdict benign. A model of whole flows has its
/// decision point before their first packet. All others are inspected: those of flows with the verdict malicious or undecided, those that
/// came before the verdict, and those of no flow.
/// </summary>
internal static class BypassRule
{
    /// <summary>Whether a packet bypasses the inspection.</summary>
    /// <param name="place">Its place in its flow, from 1.</param>
    /// <param name="decisionPoint">The packet at which its flow is scored; 0 where whole flows are scored.</param>
    /// <param name="verdict">The verdict on the flow; null without a model.</param>
    public static bool Bypasses(long place, long decisionPoint, Verdict? verdict) => verdict == Verdict.Benign && place > decisionPoint;
}
