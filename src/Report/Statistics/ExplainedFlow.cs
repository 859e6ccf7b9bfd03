namespace FlowMeter.Report.Statistics;

/// <summary>A row of a flow table with the explanation of its score. A text is empty where the table has no such column.</summary>
/// <param name="Row">The number of the row, from 1.</param>
/// <param name="Time">When it began.</param>
/// <param name="Source">The source's address and port.</param>
/// <param name="Destination">The destination's.</param>
/// <param name="Score">The score.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Explanation">What pushed the score.</param>
internal sealed record ExplainedFlow(
    long Row, string Time, string Source, string Destination, double Score, string Verdict, string Explanation);
