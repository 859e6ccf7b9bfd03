using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Features;

/// <summary>
/// The sums of an ended flow and of its two directions, as lists of features read them. Holds as long as the records that it points into.
/// </summary>
internal readonly unsafe struct FlowSums(DirectionSums forward, DirectionSums backward, GapSums* gaps, ulong duration)
{
    /// <summary>Forward packets.</summary>
    public readonly DirectionSums Forward = forward;

    /// <summary>Backward packets.</summary>
    public readonly DirectionSums Backward = backward;

    /// <summary>Gaps between successive packets of the flow; their sum is <see cref="Duration"/>.</summary>
    public GapSums* Gaps => gaps;

    /// <summary>Newest time of the flow less the time of its first packet, ns.</summary>
    public ulong Duration => duration;

    /// <summary>Packets of both directions.</summary>
    public ulong Packets => Forward.Packets + Backward.Packets;

    /// <summary>The sum of their sizes, bytes.</summary>
    public ulong Bytes => Forward.Bytes + Backward.Bytes;

    /// <summary>The sum of their squared sizes, byte².</summary>
    public UInt128 Squares => Forward.Squares + Backward.Squares;

    /// <summary>The smallest size. A direction without packets has 0.</summary>
    public uint Minimum => Forward.Packets == 0 || Backward.Packets == 0
        ? Math.Max(Forward.Minimum, Backward.Minimum)
        : Math.Min(Forward.Minimum, Backward.Minimum);

    /// <summary>The largest size.</summary>
    public uint Maximum => Math.Max(Forward.Maximum, Backward.Maximum);

    /// <summary>A flow without packets, for readers of a list's words.</summary>
    /// <param name="silent">Zeros.</param>
    public static FlowSums CreateEmpty(EndpointSums* silent)
    {
        DirectionSums nothing = new(silent, 0, 0);
        return new FlowSums(nothing, nothing, &silent->Gaps, 0);
    }
}
