using System.Globalization;
using FlowMeter.Tests.Oracle;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>Reads columns of a table by name.</summary>
internal static class Rows
{
    public static string Text(this CsvTable table, int row, string column)
    {
        int index = table.Column(column);
        Assert.True(index >= 0, $"there is no column {column}");
        return table.Rows[row][index];
    }

    public static double Number(this CsvTable table, int row, string column) =>
        double.Parse(table.Text(row, column), CultureInfo.InvariantCulture);

    public static string[] Texts(this CsvTable table, string column) =>
        [.. Enumerable.Range(0, table.Rows.Count).Select(row => table.Text(row, column))];

    public static double Sum(this CsvTable table, string column) =>
        Enumerable.Range(0, table.Rows.Count).Sum(row => table.Number(row, column));

    /// <summary>The rows as lines, in an order that does not depend on theirs.</summary>
    public static string[] Set(this CsvTable table) => [.. table.Rows.Select(row => string.Join(',', row)).Order(StringComparer.Ordinal)];
}
