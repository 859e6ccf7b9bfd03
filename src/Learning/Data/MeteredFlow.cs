using FlowMeter.Engine.Decode;

namespace FlowMeter.Learning.Data;

/// <summary>A flow of a capture with its features.</summary>
/// <param name="Key">Its two ends.</param>
/// <param name="ForwardIsB">Whether the forward direction starts at endpoint B of the key.</param>
/// <param name="Start">The time of its first packet in nanoseconds since the epoch.</param>
/// <param name="Volume">Its packets and bytes.</param>
/// <param name="Features">A value for each feature of the profile.</param>
internal sealed record MeteredFlow(FlowKey Key, bool ForwardIsB, long Start, FlowVolume Volume, double[] Features)
{
    /// <summary>The hash of the sequence of sizes of its first packets; null where it has too few of them.</summary>
    public ulong? Sequence { get; set; }

    /// <summary>Orders flows by start, key and features: an order that does not depend on which thread exported a flow first.</summary>
    public static int Compare(MeteredFlow left, MeteredFlow right)
    {
        ReadOnlySpan<ulong> a =
            [(ulong)(left.Start ^ long.MinValue), left.Key.ALower, left.Key.AUpper, left.Key.BLower, left.Key.BUpper, left.Key.Tail];
        ReadOnlySpan<ulong> b =
            [(ulong)(right.Start ^ long.MinValue), right.Key.ALower, right.Key.AUpper, right.Key.BLower, right.Key.BUpper, right.Key.Tail];
        int order = a.SequenceCompareTo(b);
        return order != 0 ? order : left.Features.AsSpan().SequenceCompareTo(right.Features);
    }
}
