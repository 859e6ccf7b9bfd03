using FlowMeter.Engine.Flow;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;
using static FlowMeter.Tests.Simulation.SimulatedClock;

namespace FlowMeter.Tests.Simulation;

/// <summary>A frame that is going to be on a wire.</summary>
/// <param name="At">When, ns after the start.</param>
/// <param name="Frame">Its bytes.</param>
/// <param name="Interface">On which interface.</param>
/// <param name="Share">What the kernel shares frames by: that of both directions is the same.</param>
internal readonly record struct TimedFrame(long At, Frame Frame, int Interface, int Share)
{
    /// <summary>Random conversations, now and then a burst of frames at once.</summary>
    public static IReadOnlyList<TimedFrame> Of(
        int seed, Random random, FlowRules rules, long duration, bool decapsulates, int interfaces, int handles)
    {
        TrafficShape shape = new()
        {
            Conversations = random.Next(2, 16),
            SpreadNs = duration,
            IdleTimeoutNs = rules.IdleTimeout,
            ActiveTimeoutNs = rules.ActiveTimeout,
            LingerNs = rules.LingerTime,
        };
        List<Frame> traffic = decapsulates ? TunnelTraffic.Random(seed, shape) : Traffic.Random(seed, shape);
        long first = traffic.Count == 0 ? 0 : traffic[0].TimestampNs;
        ReferenceDecoder decoder = new();
        List<TimedFrame> frames = [];
        foreach (Frame frame in traffic)
        {
            int share = handles > 1 ? ShareOf(decoder.Decode(frame)) : 0;
            if (frame.TimestampNs - first < duration)
            {
                frames.Add(new TimedFrame(frame.TimestampNs - first, frame, interfaces > 1 ? random.Next(interfaces) : 0, share));
            }
        }

        if (frames.Count > 0 && random.Next(4) == 0)
        {
            // The same frames once more, all within a moment.
            long at = random.NextInt64(duration);
            frames.AddRange([.. frames.Take(100).Select((frame, i) => frame with { At = at + (i * Millisecond / 100) })]);
        }

        return [.. frames.OrderBy(frame => frame.At)];
    }

    private static int ShareOf(ReferencePacket packet) =>
        (int)((uint)(packet.Source.Address.Value + packet.Destination.Address.Value) % 97);
}
