using FlowMeter.Report.Drawing;
using FlowMeter.Report.Statistics;

namespace FlowMeter.Report.Charts;

/// <summary>The largest of something, each with a bar: the table is the chart.</summary>
internal static class BarTable
{
    /// <param name="title">The heading.</param>
    /// <param name="what">What the rows are.</param>
    /// <param name="measure">What is counted.</param>
    /// <param name="sums">The sums.</param>
    /// <param name="total">What a bar of full width would be; 0 for the largest.</param>
    /// <param name="name">How a key is shown.</param>
    /// <param name="text">How a sum is shown.</param>
    /// <param name="css">The bars' colour.</param>
    public static Html Draw(string title, string what, string measure, HeavyHitters sums, double total, Func<string, string> name, Func<double, string> text, string css = "ink")
    {
        IReadOnlyList<(string Key, double Sum)> rows = sums.Top(10);
        if (rows.Count == 0)
        {
            return Html.Empty;
        }

        double full = total > 0 ? total : rows[0].Sum;
        Html error = sums.Error == 0 ? Html.Empty : Html.Of($"""<p class="footnote">Too many different ones to keep all: each may be up to {text(sums.Error)} more.</p>""");
        return Html.Of($"""
            <section class="half"><h3>{title}</h3><table class="bars"><caption class="spoken">{title}</caption><thead><tr><th scope="col">{what}</th><th scope="col" class="n">{measure}</th><th scope="col" class="drawn">{(total > 0 ? "of all" : "of the largest")}</th></tr></thead><tbody>{rows.Select(row => Html.Of($"""
                <tr><th scope="row" class="name">{name(row.Key)}</th>{DataTable.Cell(row.Sum, text(row.Sum))}<td class="drawn">{Bar.Of(row.Sum / full, css)}</td></tr>

                """))}</tbody></table>{error}</section>
            """);
    }
}
