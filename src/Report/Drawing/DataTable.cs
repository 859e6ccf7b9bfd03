using System.Globalization;

namespace FlowMeter.Report.Drawing;

/// <summary>A table of numbers. A cell shows a rounded number and has the exact value in its markup.</summary>
/// <param name="caption">The caption.</param>
/// <param name="header">The names of the columns.</param>
internal sealed class DataTable(string caption, params string[] header)
{
    private readonly List<Html> _rows = [];

    /// <summary>The columns that are text, beside the first; the others are numbers, and stand to the right.</summary>
    public IReadOnlyList<string> TextColumns { get; init; } = [];

    /// <summary>A cell of a number; a dash where there is none.</summary>
    public static Html Cell(double? value, string shown) => value is not double exact || !double.IsFinite(exact)
        ? Html.Format($"""<td class="n">–</td>""")
        : Html.Format($"""<td class="n">{Exact(exact, shown)}</td>""");

    /// <summary>A number outside a table: the text that is shown, and the value in the shortest digits that parse to it again.</summary>
    public static Html Exact(double value, string shown) =>
        Html.Format($"""<data value="{value.ToString("R", CultureInfo.InvariantCulture)}">{shown}</data>""");

    /// <summary>A cell of text.</summary>
    public static Html Cell(string text) => Html.Format($"<td>{text}</td>");

    /// <summary>The cell that names its row.</summary>
    public static Html Head(string text) => Html.Format($"""<th scope="row">{text}</th>""");

    /// <summary>Adds a row; returns the table.</summary>
    public DataTable Add(params ReadOnlySpan<Html> cells)
    {
        _rows.Add(Html.Format($"<tr>{Html.Join(cells.ToArray())}</tr>\n"));
        return this;
    }

    /// <summary>The table as markup.</summary>
    public Html Shown(string css = "") => Html.Format($"""
        <table class="{css}"><caption>{caption}</caption><thead><tr>{header.Select((name, i) => Html.Format($"""<th scope="col"{(i == 0 || TextColumns.Contains(name) ? Html.Empty : Html.Format($""" class="n" """))}>{name}</th>"""))}</tr></thead><tbody>
        {_rows}</tbody></table>
        """);

    /// <summary>The table, collapsed below a line that opens it.</summary>
    public Html Folded(string summary) =>
        Html.Format($"""<details class="numbers"><summary>{summary}</summary><div class="scroll">{Shown()}</div></details>""");
}
