using FlowMeter.Learning.Evaluation;
using FlowMeter.Report.Drawing;


namespace FlowMeter.Report.Charts;

/// <summary>
/// Data reduction: the shares of flows, packets and bytes that bypass the deep inspector, and the share of malicious flows in the rest.
/// </summary>
internal static class ReductionChart
{
    private const double RowHeight = 46;

    private static readonly (string Name, string Title)[] s_rows =
    [
        ("flows_spared", "flows not sent on"), ("packets_spared", "packets not sent on"), ("bytes_spared", "bytes not sent on"),
        ("malicious_share_sent", "malicious among flows sent on"),
        ("malicious_share_sent_at_prevalence", "malicious among flows sent on, assumed"),
    ];

    public static Html Draw(EvaluationResult result)
    {
        (string Name, string Title)[] rows = [.. s_rows.Where(row => result[row.Name].Value != null)];
        double bottom = 12 + (rows.Length * RowHeight);
        Axis x = Axis.Share("share, with 95 % interval", 4, Plot.Width - 26);
        DataTable table = new("Data reduction", "Share", "Value", "95 % interval");
        List<Html> bars = [];
        foreach ((int i, (string name, string title)) in rows.Index())
        {
            Figure figure = result[name];
            double value = figure.Value ?? 0;
            double top = 8 + (i * RowHeight);
            string shown = name == "malicious_share_sent_at_prevalence"
                ? $"the same at a prevalence of {Readable.Percent(result.Prevalence)}"
                : title;
            table.Add(
                DataTable.Head(shown), DataTable.Cell(figure.Value, Readable.Percent(figure.Value)),
                Html.Format($"""<td class="n">{FigureText.Interval(figure, Readable.Percent)}</td>"""));
            string css = name.StartsWith("malicious", StringComparison.Ordinal) ? "malicious" : "benign";
            Html whisker = figure.Low is double low && figure.High is double high
                ? Html.Format($"""<path class="whisker" d="M{x.Scale.Place(low)} {top + 29}H{x.Scale.Place(high)}"/>""")
                : Html.Empty;
            bars.Add(Html.Format($"""
                <text class="direct" x="4" y="{top + 14}">{shown}</text><text class="direct strong" x="{Plot.Width - 26}" y="{top + 14}" text-anchor="end">{Readable.Percent(value)}</text>
                <path class="track" d="{PathData.Box(4, top + 22, Plot.Width - 30, 14)}"/><path class="fill {css}" d="{PathData.Box(4, top + 22, x.Scale.Place(value) - 4, 14)}"/>{whisker}
                """));
        }

        return ChartFigure.Create(
            "What a deep inspector is spared",
            "Traffic judged benign is not sent on. What is sent on should be mostly malicious.",
            Plot.Drawing(
                Plot.Width,
                bottom + 44,
                "Data reduction",
                string.Join(", ", rows.Select(row => $"{row.Title} {Readable.Percent(result[row.Name].Value)}")),
                Html.Format($"{bars}{Plot.HorizontalAxis(x, bottom, bottom)}")),
            table,
            "reduction");
    }
}
