using FlowMeter.Engine.Features;
using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Evaluation;

/// <summary>
/// Where score and verdict go in the rows of a table: into the columns of these names where the table has them, else behind all columns.
/// All other bytes of a row stay the same.
/// </summary>
internal sealed class VerdictColumns
{
    /// <summary>The column number of a place behind all columns of the table.</summary>
    public const int Behind = -1;

    private readonly (int Column, ColumnSource Source)[] _places;

    /// <summary>Finds the places for the columns of a table.</summary>
    /// <param name="columns">The columns of the table.</param>
    /// <param name="isExplained">Whether the explanation of the score is among them.</param>
    public VerdictColumns(TableColumns columns, bool isExplained = false)
    {
        IEnumerable<Column> wanted =
        [
            .. Column.OfModel,
            .. columns.Find(Column.OfVerdictBasis.Name) >= 0 ? [Column.OfVerdictBasis] : Array.Empty<Column>(),
            .. isExplained ? [Column.OfExplanation] : Array.Empty<Column>(),
        ];
        (string Name, ColumnSource Source, int[] Columns)[] found =
            [.. wanted.Select(column => (column.Name, column.Source, columns.FindAll(column.Name)))];
        _places =
        [
            .. found.SelectMany(name => name.Columns.Select(column => (column, name.Source))).OrderBy(place => place.column),
            .. found.Where(name => name.Columns.Length == 0).Select(name => (Behind, name.Source)),
        ];
        Replaced = [.. found.Where(name => name.Columns.Length > 0).Select(name => name.Name)];
        HeaderEnd = string.Concat(found.Where(name => name.Columns.Length == 0).Select(name => "," + name.Name));
    }

    /// <summary>The places in their order in a row: a column of the table or <see cref="Behind"/>, and what goes there.</summary>
    public IReadOnlyList<(int Column, ColumnSource Source)> Places => _places;

    /// <summary>The columns whose values are replaced.</summary>
    public IReadOnlyList<string> Replaced { get; }

    /// <summary>The text to append to the header.</summary>
    public string HeaderEnd { get; }

    /// <summary>Copies a row without the values that are replaced.</summary>
    /// <param name="table">The table, at the row.</param>
    /// <param name="into">Receives the bytes; at least as long as the row.</param>
    /// <param name="offsets">For each of <see cref="Places"/>, the number of copied bytes before it is appended.</param>
    /// <returns>Number of bytes copied.</returns>
    public int Copy(FlowTableReader table, Span<byte> into, List<int> offsets)
    {
        ReadOnlySpan<byte> row = table.Row;
        int copied = 0;
        int from = 0;
        foreach ((int column, _) in _places)
        {
            (int start, int end) = column == Behind ? (row.Length, row.Length) : table.Place(column);
            row[from..start].CopyTo(into[copied..]);
            copied += start - from;
            from = end;
            offsets.Add(copied);
        }

        row[from..].CopyTo(into[copied..]);
        return copied + row.Length - from;
    }
}
