using FlowMeter.Engine.Packets;

namespace FlowMeter.Cli.Summary;

/// <summary>What was sent on to another interface, and what was not. Suspicious frames are the sum, but for those cut, which are among those sent.</summary>
/// <param name="Interface">Where to.</param>
/// <param name="Sent">Frames sent.</param>
/// <param name="QueueDrops">Frames not sent since too many waited.</param>
/// <param name="SendDrops">Frames not sent since the interface was down or refused.</param>
/// <param name="TooLong">Frames not sent since they are longer than the interface takes.</param>
/// <param name="Cut">Frames sent as they were captured, without their ends.</param>
internal sealed record ForwardSummary(string Interface, long Sent, long QueueDrops, long SendDrops, long TooLong, long Cut)
{
    /// <summary>All frames not sent.</summary>
    public long NotSent => QueueDrops + SendDrops + TooLong;

    /// <summary>Takes the counters as they are now; null where nothing is sent on.</summary>
    public static ForwardSummary? Of(FrameForwarder? forwarder) => forwarder == null
        ? null
        : new ForwardSummary(forwarder.Name, forwarder.Sent, forwarder.QueueDrops, forwarder.SendDrops, forwarder.TooLong, forwarder.Cut);
}
