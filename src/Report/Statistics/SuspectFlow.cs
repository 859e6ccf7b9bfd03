namespace FlowMeter.Report.Statistics;

/// <summary>A row of a flow table that should be looked at. A text is empty where the table has no such column.</summary>
/// <param name="Row">The number of the row, from 1.</param>
/// <param name="Texts">Its fields, by <see cref="FlowsToLookAt.Field"/>.</param>
internal sealed record SuspectFlow(long Row, IReadOnlyList<string> Texts)
{
    /// <summary>A field.</summary>
    public string this[FlowsToLookAt.Field field] => Texts[(int)field];
}
