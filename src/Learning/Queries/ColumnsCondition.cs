using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Queries;

/// <summary>
/// How two columns of a row compare: as times or numbers where both are such, else as text, of which only equality can be told.
/// </summary>
/// <param name="left">The column before the comparison.</param>
/// <param name="comparison">How.</param>
/// <param name="right">The column behind it.</param>
internal sealed class ColumnsCondition(QueryColumn left, Comparison comparison, QueryColumn right) : Condition
{
    private readonly byte[] _room = new byte[20];
    private readonly byte[] _otherRoom = new byte[20];

    /// <inheritdoc/>
    public override bool Matches(FlowTableReader row)
    {
        ReadOnlySpan<byte> one = left.ValueIn(row, _room);
        ReadOnlySpan<byte> other = right.ValueIn(row, _otherRoom);
        if (left.Kind == QueryKind.Time || right.Kind == QueryKind.Time)
        {
            return TableTime.Parse(one) is { } time && TableTime.Parse(other) is { } otherTime && Compare(time, otherTime);
        }

        return NumberText.TryParse(one, out double number) && NumberText.TryParse(other, out double otherNumber)
            ? Compare(number, otherNumber)
            : comparison == Comparison.Equal && one.SequenceEqual(other);
    }

    // Operators and no CompareTo: a missing number compares with nothing.
    private bool Compare<T>(T one, T other)
        where T : System.Numerics.IComparisonOperators<T, T, bool> => comparison switch
        {
            Comparison.Equal => one == other,
            Comparison.Less => one < other,
            Comparison.AtMost => one <= other,
            Comparison.Greater => one > other,
            _ => one >= other,
        };
}
