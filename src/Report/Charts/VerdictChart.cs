using FlowMeter.Report.Drawing;
using FlowMeter.Report.Statistics;

namespace FlowMeter.Report.Charts;

/// <summary>The shares of flows, packets and bytes by verdict.</summary>
internal static class VerdictChart
{
    private static readonly string[] s_css = ["benign", "other", "malicious"];

    public static Html Draw(TableStatistics table)
    {
        (string Name, double Total)[] rows =
            [.. new[] { ("flows", (double)table.Flows), ("packets", table.Packets), ("bytes", table.Bytes) }];
        DataTable numbers = new("Verdicts", "Share of", "Benign", "Undecided", "Malicious");
        foreach ((int row, (string name, _)) in rows.Index().Where(row => row.Item.Total > 0))
        {
            numbers.Add([DataTable.Head(name), .. Enumerable.Range(0, 3).Select(
                verdict => DataTable.Cell(table.OfVerdict[verdict, row], Readable.Count(table.OfVerdict[verdict, row])))]);
        }

        return ChartFigure.Create(
            "What need not be sent on",
            "Shares of flows, packets and bytes by verdict. Benign is spared; the rest goes on to deep inspection.",
            Plot.Twice(width => Rows(table, rows, width)),
            numbers,
            "verdicts");
    }

    private static Html Rows(TableStatistics table, (string Name, double Total)[] rows, double width)
    {
        List<Html> bars = [];
        double top = 4;
        foreach ((int row, (string name, double total)) in rows.Index().Where(row => row.Item.Total > 0))
        {
            double from = 2;
            string shares = string.Join(", ", Enumerable.Range(0, 3).Where(verdict => table.OfVerdict[verdict, row] > 0)
                .Select(verdict => $"{TableStatistics.Verdicts[verdict]} {Readable.Percent(table.OfVerdict[verdict, row] / total)}"));
            bars.Add(Html.Format($"""<text class="direct strong" x="2" y="{top + 14}">{name}</text>"""
                + $"""<text class="direct" x="{width - 2}" y="{top + 14}" text-anchor="end">{shares}</text>"""));
            for (int verdict = 0; verdict < 3; verdict++)
            {
                double share = table.OfVerdict[verdict, row] / total;
                double length = (width - 4) * share;
                if (share > 0)
                {
                    bars.Add(Html.Format($"""<path class="fill {s_css[verdict]}" """
                        + $"""d="{PathData.Box(Math.Min(from, width - 3.5), top + 22, Math.Max(length - 1, 1.5), 20)}"/>"""));
                }

                from += length;
            }

            top += 60;
        }

        return Plot.Drawing(width, top, "Verdicts", "shares of flows, packets and bytes", Html.Join(bars));
    }
}
