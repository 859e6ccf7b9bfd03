using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Watch;

/// <summary>A suspicious flow, as a list shows it.</summary>
/// <param name="Number">Which one it is, in the order in which they came, from 1.</param>
/// <param name="First">Time of its first packet, ns since the epoch.</param>
/// <param name="Last">Time of its newest packet, likewise.</param>
/// <param name="Packets">Its packets.</param>
/// <param name="Bytes">Bytes of these, as its profile counts them.</param>
/// <param name="Score">The probability that it is malicious.</param>
/// <param name="Verdict">The verdict on it.</param>
/// <param name="Texts">One for each <see cref="FlowTextField"/>.</param>
public sealed record WatchedFlow(
    long Number, long First, long Last, long Packets, long Bytes, double Score, Verdict Verdict, IReadOnlyList<string> Texts)
{
    /// <summary>One of its texts; empty where it has none.</summary>
    public string this[FlowTextField field] => Texts[(int)field];
}
