using System.Globalization;

namespace FlowMeter.Report.Drawing;

/// <summary>A table of numbers: each cell shows a number for people and carries the exact one.</summary>
internal sealed class DataTable(string caption, params string[] header)
{
    private readonly List<Html> _rows = [];

    /// <summary>A number: what is shown, and the value itself in the shortest digits that read back the same.</summary>
    public static Html Cell(double? value, string shown) => value is not double exact || !double.IsFinite(exact)
        ? Html.Of($"""<td class="n">–</td>""")
        : Html.Of($"""<td class="n">{Exact(exact, shown)}</td>""");

    /// <summary>A number outside a table.</summary>
    public static Html Exact(double value, string shown) => Html.Of($"""<data value="{value.ToString("R", CultureInfo.InvariantCulture)}">{shown}</data>""");

    /// <summary>A text.</summary>
    public static Html Cell(string text) => Html.Of($"<td>{text}</td>");

    /// <summary>The cell that names its row.</summary>
    public static Html Head(string text) => Html.Of($"""<th scope="row">{text}</th>""");

    /// <summary>Adds a row.</summary>
    public DataTable Add(params ReadOnlySpan<Html> cells)
    {
        _rows.Add(Html.Of($"<tr>{Html.Join(cells.ToArray())}</tr>\n"));
        return this;
    }

    /// <summary>The table.</summary>
    public Html Shown(string css = "") => Html.Of($"""
        <table class="{css}"><caption>{caption}</caption><thead><tr>{header.Select((name, i) => Html.Of($"""<th scope="col"{(i == 0 ? Html.Empty : Html.Of($""" class="n" """))}>{name}</th>"""))}</tr></thead><tbody>
        {_rows}</tbody></table>
        """);

    /// <summary>The table behind a line that unfolds it.</summary>
    public Html Folded(string summary) => Html.Of($"""<details class="numbers"><summary>{summary}</summary><div class="scroll">{Shown()}</div></details>""");
}
