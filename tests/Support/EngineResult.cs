using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Metering;
using FlowMeter.Tests.Oracle;

namespace FlowMeter.Tests.Support;

/// <summary>What a run of the engine came to.</summary>
/// <param name="Csv">The table as it was written; empty if the input could not be opened.</param>
/// <param name="Totals">The counters; null if the input could not be opened.</param>
/// <param name="Damage">Why the input was not read to its end; null if it was.</param>
internal sealed record EngineResult(string Csv, MeteringTotals? Totals, CaptureException? Damage)
{
    public IReadOnlyList<string> Warnings { get; init; } = [];

    public CsvTable Table => CsvTable.Parse(Csv);

    /// <summary>The rows in an order that does not depend on which flow ended first.</summary>
    public string[] SortedRows
    {
        get
        {
            string[] rows = Csv.Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..];
            Array.Sort(rows, StringComparer.Ordinal);
            return rows;
        }
    }

    public static EngineResult OfUnopened(CaptureException damage) => new("", null, damage);

    /// <summary>The sum of a column.</summary>
    public long Sum(string column)
    {
        CsvTable table = Table;
        int at = table.Column(column);
        return table.Rows.Sum(row => long.Parse(row[at], System.Globalization.CultureInfo.InvariantCulture));
    }
}
