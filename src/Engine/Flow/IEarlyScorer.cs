namespace FlowMeter.Engine.Flow;

/// <summary>
/// Scores flows that go on, at their N-th packet: one call for the flows that got there within a window of packets. For the worker's thread
/// alone.
/// </summary>
internal interface IEarlyScorer : IDisposable
{
    /// <summary>Scores the flows of a block: each gets its <see cref="EarlyVerdict"/>.</summary>
    void Score(FlowRecordBlock reached);
}
