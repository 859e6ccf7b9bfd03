using System.Globalization;
using System.Text.Json;
using FlowMeter.Cli.Watch;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Watch;
using FlowMeter.Report.Drawing;

namespace FlowMeter.Cli.Page;

/// <summary>Tables as markup. The script fills the bodies of the same tables by the same rules.</summary>
internal static class PageTable
{
    /// <summary>A table.</summary>
    /// <param name="table">What it shows.</param>
    /// <param name="caption">Its caption; null: its own.</param>
    public static Html Of(WatchTable table, string? caption = null) => Of(
        table, caption ?? table.Caption, table.Columns.Select(Heading));

    /// <summary>The table of suspicious flows, which is sorted by its headings.</summary>
    /// <param name="table">The table.</param>
    /// <param name="query">How it is sorted now.</param>
    public static Html OfFlows(WatchTable table, FlowQuery query) =>
        Of(table, table.Caption, table.Columns.Select(column => SortedHeading(column, query)));

    /// <summary>Why a score is as it is.</summary>
    /// <param name="explanation">The cell of the table that says so.</param>
    public static Html OfExplanation(string explanation) => explanation.Length == 0
        ? Html.Empty
        : Html.Format($"""
            <p class="quiet">Features that pushed its score most, with their values and what they add to the log-odds:</p>
            <ul class="pushes">{explanation.Trim('"').Split("; ").Select(push => Html.Format($"<li><code>{push}</code></li>"))}</ul>
            """);

    /// <summary>Every column of a flow, with its value, its unit and what it means.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="row">The flow, as a JSON object.</param>
    public static Html OfColumns(IReadOnlyList<Column> columns, ReadOnlyMemory<byte> row)
    {
        using JsonDocument values = JsonDocument.Parse(row);
        return Html.Format($"""
            <div class="scroll"><table class="columns"><caption>What is known of the flow</caption><thead><tr><th scope="col">column</th><th scope="col" class="n">value</th><th scope="col">unit</th><th scope="col">meaning</th></tr></thead><tbody>
            {columns.Select(column => Html.Format($"""<tr><th scope="row">{column.Name}</th><td class="n">{TextOf(values.RootElement, column)}</td><td>{column.Unit}</td><td class="quiet">{column.Meaning}</td></tr>"""))}
            </tbody></table></div>
            """);
    }

    private static Html Of(WatchTable table, string caption, IEnumerable<Html> headings) => Html.Format($"""
        <div class="scroll" tabindex="0" role="region" aria-label="{caption}"><table id="{table.Id}"><caption>{caption}</caption><thead><tr>{headings}</tr></thead><tbody>
        {table.Rows.Select(row => RowOf(row, table.Columns))}</tbody></table></div>
        """);

    private static Html Heading(WatchColumn column) =>
        Html.Format($"""<th scope="col"{Number(column)}>{column.Name}</th>""");

    private static Html SortedHeading(WatchColumn column, FlowQuery query)
    {
        if (column.Sort.Length == 0)
        {
            return Heading(column);
        }

        bool isSorted = PageQuery.NameOf(query.Order) == column.Sort;
        string direction = !isSorted ? "none" : query.IsAscending ? "ascending" : "descending";
        bool isNextAscending = isSorted && !query.IsAscending;
        string next = $"/?q={Uri.EscapeDataString(query.Search)}&sort={column.Sort}&order={(isNextAscending ? "asc" : "desc")}#flows";
        Html link = Html.Format($"""<a href="{next}" data-sort="{column.Sort}">{column.Name}</a>""");
        return Html.Format($"""<th scope="col"{Number(column)} aria-sort="{direction}">{link}</th>""");
    }

    private static Html RowOf(WatchRow row, IReadOnlyList<WatchColumn> columns) => Html.Format(
        $"<tr{Mark(row)}>{row.Cells.Select((cell, i) => CellOf(row, cell, i, columns[i]))}</tr>\n");

    private static Html CellOf(WatchRow row, string cell, int i, WatchColumn column)
    {
        Html content = i == 0 && row.Number > 0 ? Html.Format($"""<a href="/flow?n={row.Number}">{cell}</a>""") : Html.Format($"{cell}");
        return i == 0
            ? Html.Format($"""<th scope="row">{content}</th>""")
            : Html.Format($"<td{Number(column)}>{content}</td>");
    }

    private static Html Mark(WatchRow row) => row.Mark.Length == 0 ? Html.Empty : Html.Format($""" class="{row.Mark}" """);

    private static Html Number(WatchColumn column) => column.IsNumber ? Html.Format($""" class="n" """) : Html.Empty;

    /// <summary>A value as people read it. Whole numbers without a unit are names, as ports are: they have no separators.</summary>
    private static string TextOf(JsonElement row, Column column) => !row.TryGetProperty(column.Name, out JsonElement value) ? ""
        : value.ValueKind == JsonValueKind.Null ? "–"
        : value.ValueKind == JsonValueKind.String ? value.GetString()!
        : column.Unit.Length > 0 && value.TryGetInt64(out long whole) ? whole.ToString("#,0", CultureInfo.InvariantCulture)
        : value.GetRawText();
}
