using FlowMeter.Report.Drawing;
using FlowMeter.Report.Statistics;

namespace FlowMeter.Report.Charts;

/// <summary>Labels against verdicts: a cell for each pair with its number of flows and their share of the label.</summary>
internal static class MatrixChart
{
    private const double Left = 96;
    private const double Top = 44;
    private const double CellHeight = 66;
    private const double Gap = 4;
    private const double Height = Top + (2 * CellHeight) + 8;

    private static readonly string[] s_labels = ["benign", "malicious"];

    /// <summary>Draws the matrix.</summary>
    /// <param name="ofLabel">Flows by label (benign, malicious) and verdict.</param>
    public static Html Draw(long[,] ofLabel)
    {
        DataTable table = new("Confusion matrix: flows", ["Label", .. TableStatistics.Verdicts.Select(verdict => $"Judged {verdict}")]);
        List<Html> marks = [];
        double width = (Plot.Width - Left) / TableStatistics.Verdicts.Length;
        foreach ((int column, string verdict) in TableStatistics.Verdicts.Index())
        {
            marks.Add(Html.Format(
                $"""<text class="label" x="{Left + ((column + 0.5) * width)}" y="{Top - 12}" text-anchor="middle">{verdict}</text>"""));
        }

        marks.Add(Html.Format(
            $"""<text class="label" x="{Left}" y="14">judged</text><text class="label" x="2" y="{Top - 12}">label</text>"""));
        foreach ((int row, string label) in s_labels.Index())
        {
            long all = Enumerable.Range(0, TableStatistics.Verdicts.Length).Sum(column => ofLabel[row, column]);
            double top = Top + (row * CellHeight);
            List<Html> cells = [DataTable.Head(label)];
            marks.Add(Html.Format($"""<text class="direct strong" x="2" y="{top + (CellHeight / 2)}">{label}</text>"""));
            foreach ((int column, string verdict) in TableStatistics.Verdicts.Index())
            {
                long flows = ofLabel[row, column];
                double share = all == 0 ? 0 : (double)flows / all;
                double middle = Left + ((column + 0.5) * width);
                string css = verdict == label ? label : verdict == s_labels[1 - row] ? s_labels[1 - row] : "other";
                string opacity = FormattableString.Invariant($"{0.08 + (0.55 * share):0.###}");
                string box = PathData.Box(Left + (column * width), top, width - Gap, CellHeight - Gap);
                marks.Add(Html.Format($"""
                    <path class="fill {css}" fill-opacity="{opacity}" d="{box}"/><text class="direct strong" x="{middle}" y="{top + 28}" text-anchor="middle">{Readable.Count(flows)}</text>
                    <text class="note" x="{middle}" y="{top + 47}" text-anchor="middle">{Readable.Percent(share)}</text>
                    """));
                cells.Add(DataTable.Cell(flows, Readable.Count(flows)));
            }

            table.Add([.. cells]);
        }

        return ChartFigure.Create(
            "Labels and verdicts",
            "Each row is what flows are labelled, each column what they are judged; shares are of the row.",
            Plot.Drawing(Plot.Width, Height, "Confusion matrix", "flows by label and verdict", Html.Join(marks)),
            table,
            "matrix");
    }
}
