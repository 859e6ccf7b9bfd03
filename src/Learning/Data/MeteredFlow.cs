using FlowMeter.Engine.Decode;

namespace FlowMeter.Learning.Data;

/// <summary>A flow out of a capture: who, when, how much, and its features.</summary>
internal sealed record MeteredFlow(FlowKey Key, bool ForwardIsHigh, long Start, FlowVolume Volume, double[] Features)
{
    /// <summary>An order that does not depend on which thread exported a flow first.</summary>
    public static int Compare(MeteredFlow left, MeteredFlow right)
    {
        ReadOnlySpan<ulong> a = [(ulong)(left.Start ^ long.MinValue), left.Key.LowB, left.Key.LowA, left.Key.HighB, left.Key.HighA, left.Key.Tail];
        ReadOnlySpan<ulong> b = [(ulong)(right.Start ^ long.MinValue), right.Key.LowB, right.Key.LowA, right.Key.HighB, right.Key.HighA, right.Key.Tail];
        int order = a.SequenceCompareTo(b);
        return order != 0 ? order : left.Features.AsSpan().SequenceCompareTo(right.Features);
    }
}
