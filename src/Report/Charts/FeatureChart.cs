using FlowMeter.Engine.Scoring;
using FlowMeter.Report.Drawing;
using FlowMeter.Report.Statistics;

namespace FlowMeter.Report.Charts;

/// <summary>
/// One feature on one logarithmic axis: above, the distributions of benign and malicious flows; below, the contribution of each value to
/// the score.
/// </summary>
internal static class FeatureChart
{
    private const double Height = 366;
    private const double DensityTop = 30;
    private const double DensityBottom = 168;
    private const double WeightTop = 214;
    private const double WeightBottom = 322;
    private const double BenignRoom = 58;
    private const double MaliciousRoom = 78;
    private const int Points = 160;

    public static Html Draw(FeatureUse use)
    {
        FeatureAxis x = new([use.Benign, use.Malicious], use.Unit, Plot.Left, Plot.Width - Plot.Right, 6);
        Html marks = Html.Format($"{x.Draw(WeightBottom, DensityTop)}{Densities(use, x)}{Weights(use, x)}");
        return ChartFigure.Create(
            use.Feature.Name,
            use.Meaning,
            Plot.Drawing(
                Plot.Width,
                Height,
                $"Feature {use.Feature.Name}",
                "density of benign and malicious flows above, the model's weight by value below",
                marks),
            Numbers(use),
            "feature");
    }

    private static Html Densities(FeatureUse use, FeatureAxis x)
    {
        Scale at = x.Axis.Scale;
        double[] benign = use.Benign.Density(at.Low, at.High, Points);
        double[] malicious = use.Malicious.Density(at.Low, at.High, Points);
        double top = Scale.RoundUp(1.15 * Math.Max(benign.Max(), malicious.Max()), 3);
        Axis y = Axis.Create(
            Scale.Linear(0, top, DensityBottom, DensityTop),
            "density: share of the class per decade",
            4,
            value => Readable.Digits(value, 2));
        (double X, double Y)[] Curve(double[] density) =>
            [.. density.Select((height, i) => (at.From + (i * (at.To - at.From) / (Points - 1)), y.Scale.Place(height)))];
        Html Draw(string name, double[] density, LogHistogram histogram, double offset)
        {
            (double, double)[] curve = Curve(density);
            double share = histogram.Count == 0 ? 0 : histogram.NotPositive / (double)histogram.Count;
            double bar = share * (DensityBottom - DensityTop - 16);
            Html zero = !x.HasZero || share == 0 ? Html.Empty : Html.Format($"""
                <path class="fill {name}" d="{PathData.Box(x.Zero + offset, DensityBottom - bar, 13, bar)}"><title>0 or less: {Readable.Percent(share)} of {name} flows</title></path>
                """);
            return Html.Format($"""{zero}<path class="wash {name}" d="{PathData.Area(curve, DensityBottom)}"/>"""
                + $"""<path class="curve {name}" d="{PathData.Line(curve)}"/>""");
        }

        Html zeroNote = x.HasZero ? Html.Format($"""<path class="axis" d="M{x.Zero} {DensityBottom}H{x.ZeroEnd}"/>""") : Html.Empty;
        return Html.Format($"""
            {Plot.VerticalAxis(y, Plot.Left, at.To, 14)}<path class="axis" d="M{at.From} {DensityBottom}H{at.To}"/>{zeroNote}
            {Draw("benign", benign, use.Benign, 1)}{Draw("malicious", malicious, use.Malicious, 16)}
            {Names(benign, malicious, at, y.Scale)}
            """);
    }

    /// <summary>Each name above the point where its curve exceeds the other most; side by side where they would overlap.</summary>
    private static Html Names(double[] benign, double[] malicious, Scale x, Scale y)
    {
        int Peak(double[] own, double[] other) => Enumerable.Range(0, own.Length).MaxBy(i => own[i] - other[i]);
        double At(int i) => x.From + (i * (x.To - x.From) / (Points - 1));
        (int first, int second) = (Peak(benign, malicious), Peak(malicious, benign));
        (double high, double low) = (y.Place(benign[first]) - 6, y.Place(malicious[second]) - 6);
        double left = Math.Clamp(At(first) - (BenignRoom / 2), x.From, x.To - BenignRoom);
        double right = Math.Clamp(At(second) - (MaliciousRoom / 2), x.From, x.To - MaliciousRoom);
        if (Math.Abs(high - low) < 16 && left < right + MaliciousRoom && right < left + BenignRoom)
        {
            (left, right) = first < second
                ? (
                    Math.Min(left, x.To - BenignRoom - MaliciousRoom),
                    Math.Max(right, Math.Min(left, x.To - BenignRoom - MaliciousRoom) + BenignRoom))
                : (
                    Math.Max(left, Math.Min(right, x.To - BenignRoom - MaliciousRoom) + MaliciousRoom),
                    Math.Min(right, x.To - BenignRoom - MaliciousRoom));
        }

        Html Name(string name, double[] own, double place, double height) =>
            own.Max() == 0 ? Html.Empty : Html.Format($"""<text class="direct strong {name}" x="{place}" y="{height}">{name}</text>""");
        return Html.Format($"""{Name("benign", benign, left, high)}{Name("malicious", malicious, right, low)}""");
    }

    private static Html Weights(FeatureUse use, FeatureAxis x)
    {
        Scale at = x.Axis.Scale;
        (double X, double Y)[] shares = [.. Shares(use.Feature, at)];
        double zeroShare = FeatureContribution.Compute(use.Feature, 0);
        double most = shares.Select(point => Math.Abs(point.Y)).Append(x.HasZero ? Math.Abs(zeroShare) : 0).Append(0.01).Max();
        double end = Scale.RoundUp(most, 2);
        Axis y = Axis.Create(
            Scale.Linear(-end, end, WeightBottom, WeightTop),
            "weight: adds to the log-odds of malicious",
            5,
            value => (value > 0 ? "+" : "") + Readable.Digits(value, 2));
        double middle = y.Scale.Place(0);
        Html Half(string css, Func<double, double> side)
        {
            List<(double, double)> corners = [];
            foreach ((int i, (double place, double share)) in shares.Index())
            {
                if (i > 0)
                {
                    corners.Add((place, y.Scale.Place(side(shares[i - 1].Y))));
                }

                corners.Add((place, y.Scale.Place(side(share))));
            }

            double top = y.Scale.Place(zeroShare);
            string box = PathData.Box(x.Zero + 1, Math.Min(middle, top), 28, Math.Abs(middle - top));
            Html zero = x.HasZero && side(zeroShare) != 0 ? Html.Format($"""<path class="fill {css}" d="{box}"/>""") : Html.Empty;
            return Html.Format($"""{zero}<path class="fill {css}" d="{PathData.Area(corners, middle)}"/>""");
        }

        return Html.Format($"""
            {Plot.VerticalAxis(y, Plot.Left, at.To, 197)}{Half("malicious", share => Math.Max(share, 0))}{Half("benign", share => Math.Min(share, 0))}
            <path class="axis" d="M{at.From} {middle}H{at.To}"/>
            """);
    }

    /// <summary>The points at which the contribution changes, and its value there; in small steps for transforms other than bins.</summary>
    private static IEnumerable<(double Place, double Share)> Shares(ModelFeature feature, Scale at)
    {
        if (feature.Transform != Transform.Bins)
        {
            return Enumerable.Range(0, Points).Select(i => at.From + (i * (at.To - at.From) / (Points - 1))).Select(
                place => (place, FeatureContribution.Compute(feature, at.ValueAt(place))));
        }

        IEnumerable<double> starts = feature.Edges.Where(edge => edge > at.Low && edge < at.High).Prepend(at.Low);
        double[] values = [.. starts];
        return values.Select(value => (at.Place(value), FeatureContribution.Compute(feature, value))).Append(
            (at.To, FeatureContribution.Compute(feature, values[^1])));
    }

    /// <summary>The quantiles of both classes.</summary>
    private static DataTable Numbers(FeatureUse use)
    {
        DataTable table = new($"{use.Feature.Name}: quantiles of both classes", "Share of the class below", "Benign", "Malicious");
        foreach (double share in new[] { 0.05, 0.25, 0.5, 0.75, 0.95 })
        {
            (double benign, double malicious) = (use.Benign.Quantile(share), use.Malicious.Quantile(share));
            table.Add(
                DataTable.Head(Readable.Percent(share)),
                DataTable.Cell(benign, Readable.InUnit(benign, use.Unit)),
                DataTable.Cell(malicious, Readable.InUnit(malicious, use.Unit)));
        }

        return table;
    }
}
