using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Queries;

/// <summary>How a number of a row compares with a value. What is no number, or missing, compares with nothing.</summary>
/// <param name="column">The column.</param>
/// <param name="comparison">How.</param>
/// <param name="value">The value.</param>
internal sealed class NumberCondition(QueryColumn column, Comparison comparison, double value) : Condition
{
    private readonly byte[] _room = new byte[20];

    /// <inheritdoc/>
    public override bool Matches(FlowTableReader row) =>
        NumberText.TryParse(column.ValueIn(row, _room), out double number) && comparison switch
        {
            Comparison.Equal => number == value,
            Comparison.Less => number < value,
            Comparison.AtMost => number <= value,
            Comparison.Greater => number > value,
            _ => number >= value,
        };
}
