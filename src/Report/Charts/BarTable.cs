using FlowMeter.Report.Drawing;
using FlowMeter.Report.Statistics;

namespace FlowMeter.Report.Charts;

/// <summary>A table of the largest sums, with a bar in each row.</summary>
internal static class BarTable
{
    /// <summary>Rows at most.</summary>
    public const int Rows = 10;

    /// <summary>Draws the table; empty if there are no sums.</summary>
    /// <param name="title">The heading.</param>
    /// <param name="what">The heading of the keys.</param>
    /// <param name="measure">The heading of the sums.</param>
    /// <param name="sums">The sums.</param>
    /// <param name="total">The sum of a bar of full width; 0 for the largest one.</param>
    /// <param name="name">The text of a key.</param>
    /// <param name="text">The text of a sum.</param>
    /// <param name="css">The class of the colour of the bars.</param>
    public static Html Draw(
        string title,
        string what,
        string measure,
        HeavyHitters sums,
        double total,
        Func<string, string> name,
        Func<double, string> text,
        string css = "ink")
    {
        string note = sums.Error == 0 ? "" : $"Too many different ones to keep all: each may be up to {text(sums.Error)} more.";
        return Draw(title, what, measure, sums.Top(Rows), total, name, text, note, css);
    }

    /// <summary>Draws rows that are chosen already.</summary>
    /// <param name="title">The heading.</param>
    /// <param name="what">The heading of the keys.</param>
    /// <param name="measure">The heading of the sums.</param>
    /// <param name="rows">The rows, the largest sum first.</param>
    /// <param name="total">The sum of a bar of full width; 0 for the largest one.</param>
    /// <param name="name">The text of a key.</param>
    /// <param name="text">The text of a sum.</param>
    /// <param name="note">What is said below; empty: nothing.</param>
    /// <param name="css">The class of the colour of the bars.</param>
    public static Html Draw(
        string title,
        string what,
        string measure,
        IReadOnlyList<(string Key, double Sum)> rows,
        double total,
        Func<string, string> name,
        Func<double, string> text,
        string note,
        string css = "ink")
    {
        if (rows.Count == 0)
        {
            return Html.Empty;
        }

        double full = total > 0 ? total : rows[0].Sum;
        Html error = note.Length == 0 ? Html.Empty : Html.Format($"""<p class="footnote">{note}</p>""");
        return Html.Format($"""
            <section class="half"><h3>{title}</h3><table class="bars"><caption class="spoken">{title}</caption><thead><tr><th scope="col">{what}</th><th scope="col" class="n">{measure}</th><th scope="col" class="drawn">{(total > 0 ? "of all" : "of the largest")}</th></tr></thead><tbody>{rows.Select(row => Html.Format($"""
                <tr><th scope="row" class="name">{name(row.Key)}</th>{DataTable.Cell(row.Sum, text(row.Sum))}<td class="drawn">{Bar.Draw(row.Sum / full, css)}</td></tr>

                """))}</tbody></table>{error}</section>
            """);
    }
}
