using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Queries;

/// <summary>
/// How an instant of a row compares with another one, or with a day, which is all instants from its beginning to the next one's: a row is
/// after a day if it is in a later one. What is no time compares with nothing.
/// </summary>
/// <param name="column">The column.</param>
/// <param name="comparison">How.</param>
/// <param name="from">The instant, or the first of the day, in nanoseconds since the epoch.</param>
/// <param name="to">The last instant, itself included.</param>
internal sealed class TimeCondition(QueryColumn column, Comparison comparison, long from, long to) : Condition
{
    /// <inheritdoc/>
    public override bool Matches(FlowTableReader row) => TableTime.Parse(row.Field(column.Number)) is { } time && comparison switch
    {
        Comparison.Equal => time >= from && time <= to,
        Comparison.Less => time < from,
        Comparison.AtMost => time <= to,
        Comparison.Greater => time > to,
        _ => time >= from,
    };
}
