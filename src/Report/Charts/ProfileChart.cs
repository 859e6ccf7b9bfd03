using FlowMeter.Report.Drawing;
using FlowMeter.Report.Statistics;

namespace FlowMeter.Report.Charts;

/// <summary>The distributions of features of one unit, one below the other on one logarithmic axis.</summary>
internal static class ProfileChart
{
    private const double RowHeight = 46;
    private const double Ridge = 27;
    private const int Points = 140;
    private const int MaxRows = 20;

    /// <summary>A chart for each unit, or several for a unit of many features, in two columns of about the same length.</summary>
    public static Html Draw(TableStatistics table)
    {
        List<Html>[] columns = [[], []];
        int[] rows = [0, 0];
        foreach ((Html chart, int length) in Charts(table))
        {
            int shorter = rows[0] <= rows[1] ? 0 : 1;
            columns[shorter].Add(chart);
            rows[shorter] += length + 3;
        }

        return Html.Join(
            columns.Where(column => column.Count > 0).Select(column => Html.Format($"""<div class="column">{column}</div>""")));
    }

    private static IEnumerable<(Html Chart, int Rows)> Charts(TableStatistics table)
    {
        foreach (IGrouping<string, FeatureSpread> group in table.Features.GroupBy(feature => Kind(feature.Column.Unit)))
        {
            foreach ((int part, FeatureSpread[] rows) in group.Chunk(MaxRows).Index())
            {
                yield return (Chart(part == 0 ? group.Key : $"{group.Key}, continued", rows, table), rows.Length);
            }
        }
    }

    private static string Kind(string unit) => unit switch
    {
        "byte" => "Bytes",
        "ns" or "µs" or "ms" or "s" => "Times",
        "1" => "Counts and ratios",
        "" => "Columns",
        _ => unit.Contains('/', StringComparison.Ordinal) ? "Rates" : unit,
    };

    private static Html Chart(string title, FeatureSpread[] rows, TableStatistics table)
    {
        bool hasVerdicts = table.HasVerdicts || table.HasLabels;
        string unit = rows[0].Column.Unit;
        string shared = rows.All(row => row.Column.Unit == unit) ? unit : Units(rows);
        FeatureAxis x = new([.. rows.SelectMany(row => row.OfVerdict)], shared, 6, Plot.Width - Plot.Right, 6);
        double bottom = 20 + (rows.Length * RowHeight);
        DataTable numbers = new("Quantiles", "Feature", "0", "5 %", "Median", "95 %", "Most");
        List<Html> ridges = [];
        foreach ((int i, FeatureSpread row) in rows.Index())
        {
            LogHistogram[] drawn = hasVerdicts ? [row.OfVerdict[0], row.OfVerdict[2]] : [row.OfVerdict[0]];
            LogHistogram all = LogHistogram.Merged(row.OfVerdict);
            ridges.Add(Row(row.Column.Name, drawn, all, x, 14 + ((i + 1) * RowHeight), unit, hasVerdicts));
            double zero = all.NotPositive / (double)all.Count;
            numbers.Add(
                DataTable.Head(row.Column.Name),
                DataTable.Cell(zero, Readable.Percent(zero)),
                Quantile(all.Quantile(0.05), row.Column.Unit),
                Quantile(all.Quantile(0.5), row.Column.Unit),
                Quantile(all.Quantile(0.95), row.Column.Unit),
                Quantile(all.Max, row.Column.Unit));
        }

        return ChartFigure.Create(
            title,
            hasVerdicts
                ? $"Flows {(table.HasLabels ? "labelled" : "judged")} benign in blue, malicious in orange; the median of all on the right."
                : "How flows are spread; the median on the right.",
            Plot.Drawing(
                Plot.Width,
                bottom + 48,
                $"Feature profiles: {title}",
                string.Join(", ", rows.Select(row => row.Column.Name)),
                Html.Format($"{x.Draw(bottom, 20)}{ridges}")),
            numbers,
            "profile");
    }

    /// <summary>The units of an axis that rates of packets and of bytes share.</summary>
    private static string Units(FeatureSpread[] rows) => string.Join(" or ", rows.Select(row => row.Column.Unit).Distinct());

    private static Html Quantile(double value, string unit) => DataTable.Cell(value, Readable.InUnit(value, unit));

    private static Html Row(
        string name, LogHistogram[] drawn, LogHistogram all, FeatureAxis x, double ground, string unit, bool hasVerdicts)
    {
        Scale at = x.Axis.Scale;
        double[][] densities = [.. drawn.Select(histogram => histogram.Density(at.Low, at.High, Points))];
        double most = Math.Max(densities.Max(density => density.Max()), 1e-12);
        List<Html> marks = [];
        foreach ((int i, double[] density) in densities.Index())
        {
            string css = !hasVerdicts ? "" : i == 0 ? "benign" : "malicious";
            (double, double)[] curve =
                [.. density.Select((height, j) => (at.From + (j * (at.To - at.From) / (Points - 1)), ground - (Ridge * height / most)))];
            double share = drawn[i].Count == 0 ? 0 : drawn[i].NotPositive / (double)drawn[i].Count;
            double bar = share * (Ridge - 5);
            double left = x.Zero + (hasVerdicts ? 1 + (15 * i) : 4);
            string box = PathData.Box(left, ground - bar, hasVerdicts ? 13 : 22, Math.Max(bar, 0.8));
            Html zero = share == 0 ? Html.Empty : Html.Format($"""<path class="fill {(css.Length == 0 ? "ink" : css)}" d="{box}"/>""");
            Html ridge = densities[i].Max() == 0 ? Html.Empty : Html.Format($"""<path class="wash {css}" """
                + $"""d="{PathData.Area(curve, ground)}"/><path class="curve thin {css}" d="{PathData.Line(curve)}"/>""");
            marks.Add(Html.Format($"{zero}{ridge}"));
        }

        double median = all.Quantile(0.5);
        Html line = x.HasZero
            ? Html.Format($"""<path class="axis faint" d="M{x.Zero} {ground}H{x.ZeroEnd}M{at.From} {ground}H{at.To}"/>""")
            : Html.Format($"""<path class="axis faint" d="M{at.From} {ground}H{at.To}"/>""");
        return Html.Format($"""
            {marks}{line}<text class="direct" x="{x.Zero}" y="{ground - Ridge - 4}">{name}</text><text class="note" x="{at.To}" y="{ground - Ridge - 4}" text-anchor="end">{Readable.InUnit(median, unit)}</text>
            """);
    }
}
