namespace FlowMeter.Engine.Watch;

/// <summary>What a query found.</summary>
/// <param name="Flows">The flows, in order.</param>
/// <param name="Matching">How many there are, those beyond the limit of the query included.</param>
/// <param name="Kept">How many are kept.</param>
public sealed record FoundFlows(IReadOnlyList<WatchedFlow> Flows, int Matching, int Kept);
