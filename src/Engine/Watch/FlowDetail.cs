namespace FlowMeter.Engine.Watch;

/// <summary>All that is known of a suspicious flow.</summary>
/// <param name="Flow">The flow.</param>
/// <param name="Row">Every column, as a JSON object in UTF-8.</param>
/// <param name="Neighbours">Other kept flows of its two hosts, the newest first.</param>
public sealed record FlowDetail(WatchedFlow Flow, ReadOnlyMemory<byte> Row, IReadOnlyList<WatchedFlow> Neighbours);
