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
    private const double WeightTop = 214;
    private const double WeightBottom = 322;
    private const int Points = 160;

    public static Html Draw(FeatureUse use)
    {
        FeatureAxis x = new([use.Benign, use.Malicious], use.Unit, Plot.Left, Plot.Width - Plot.Right, 6);
        Html densities = DensityCurves.Draw(use.Benign, use.Malicious, x);
        Html marks = Html.Format($"{x.Draw(WeightBottom, DensityCurves.Top)}{densities}{Weights(use, x)}");
        return ChartFigure.Create(
            use.Feature.Name,
            use.Meaning,
            Plot.Drawing(
                Plot.Width,
                Height,
                $"Feature {use.Feature.Name}",
                "density of benign and malicious flows above, the model's weight by value below",
                marks),
            DensityCurves.Quantiles(use.Feature.Name, use.Benign, use.Malicious, use.Unit),
            "feature");
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
}
