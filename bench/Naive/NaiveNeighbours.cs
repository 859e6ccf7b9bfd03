namespace FlowMeter.Bench.Naive;

/// <summary>What was known of the two hosts of a flow when it began.</summary>
internal sealed record NaiveNeighbours(NaiveView Source, NaiveView Destination, uint PairFlows, long PairGap);
