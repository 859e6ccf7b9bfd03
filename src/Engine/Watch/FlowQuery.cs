namespace FlowMeter.Engine.Watch;

/// <summary>Which of the kept flows are asked for.</summary>
/// <param name="Search">Words that a flow's texts must have, each somewhere, whatever their case; empty: all flows.</param>
/// <param name="Order">What they are sorted by; equal ones by when they came.</param>
/// <param name="IsAscending">Whether the lowest, oldest or first comes first.</param>
/// <param name="Max">Flows at most.</param>
public sealed record FlowQuery(string Search = "", FlowOrder Order = FlowOrder.Time, bool IsAscending = false, int Max = 100);
