using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Watch;

/// <summary>The numbers of a kept flow that lists are sorted by.</summary>
/// <param name="First">Time of its first packet, ns since the epoch.</param>
/// <param name="Last">Time of its newest packet, likewise.</param>
/// <param name="Packets">Its packets.</param>
/// <param name="Bytes">Bytes of these, as its profile counts them.</param>
/// <param name="Score">The probability that it is malicious.</param>
/// <param name="Verdict">The verdict on it.</param>
internal readonly record struct FlowNumbers(long First, long Last, long Packets, long Bytes, double Score, Verdict Verdict);
