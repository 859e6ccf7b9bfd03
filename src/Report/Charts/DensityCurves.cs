using FlowMeter.Report.Drawing;
using FlowMeter.Report.Statistics;

namespace FlowMeter.Report.Charts;

/// <summary>Where the values of a feature lie: a curve for benign flows and one for malicious ones, above a logarithmic axis.</summary>
internal static class DensityCurves
{
    /// <summary>Where the curves end above.</summary>
    public const double Top = 30;

    /// <summary>Where they begin.</summary>
    public const double Bottom = 168;

    private const double BenignRoom = 58;
    private const double MaliciousRoom = 78;
    private const int Points = 160;

    /// <summary>Draws both curves with their axis.</summary>
    /// <param name="ofBenign">The values of benign flows.</param>
    /// <param name="ofMalicious">Those of malicious ones.</param>
    /// <param name="x">The axis of the values.</param>
    public static Html Draw(LogHistogram ofBenign, LogHistogram ofMalicious, FeatureAxis x)
    {
        Scale at = x.Axis.Scale;
        double[] benign = ofBenign.Density(at.Low, at.High, Points);
        double[] malicious = ofMalicious.Density(at.Low, at.High, Points);
        double top = Scale.RoundUp(1.15 * Math.Max(benign.Max(), malicious.Max()), 3);
        Axis y = Axis.Create(
            Scale.Linear(0, top, Bottom, Top),
            "density: share of the class per decade",
            4,
            value => Readable.Digits(value, 2));
        (double X, double Y)[] Curve(double[] density) =>
            [.. density.Select((height, i) => (at.From + (i * (at.To - at.From) / (Points - 1)), y.Scale.Place(height)))];
        Html Curves(string name, double[] density, LogHistogram histogram, double offset)
        {
            (double, double)[] curve = Curve(density);
            double share = histogram.Count == 0 ? 0 : histogram.NotPositive / (double)histogram.Count;
            double bar = share * (Bottom - Top - 16);
            Html zero = !x.HasZero || share == 0 ? Html.Empty : Html.Format($"""
                <path class="fill {name}" d="{PathData.Box(x.Zero + offset, Bottom - bar, 13, bar)}"><title>0 or less: {Readable.Percent(share)} of {name} flows</title></path>
                """);
            return Html.Format($"""{zero}<path class="wash {name}" d="{PathData.Area(curve, Bottom)}"/>"""
                + $"""<path class="curve {name}" d="{PathData.Line(curve)}"/>""");
        }

        Html zeroNote = x.HasZero ? Html.Format($"""<path class="axis" d="M{x.Zero} {Bottom}H{x.ZeroEnd}"/>""") : Html.Empty;
        return Html.Format($"""
            {Plot.VerticalAxis(y, Plot.Left, at.To, 14)}<path class="axis" d="M{at.From} {Bottom}H{at.To}"/>{zeroNote}
            {Curves("benign", benign, ofBenign, 1)}{Curves("malicious", malicious, ofMalicious, 16)}
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

    /// <summary>The quantiles of both classes.</summary>
    public static DataTable Quantiles(string name, LogHistogram ofBenign, LogHistogram ofMalicious, string unit)
    {
        DataTable table = new($"{name}: quantiles of both classes", "Share of the class below", "Benign", "Malicious");
        foreach (double share in new[] { 0.05, 0.25, 0.5, 0.75, 0.95 })
        {
            (double benign, double malicious) = (ofBenign.Quantile(share), ofMalicious.Quantile(share));
            table.Add(
                DataTable.Head(Readable.Percent(share)),
                DataTable.Cell(benign, Readable.InUnit(benign, unit)),
                DataTable.Cell(malicious, Readable.InUnit(malicious, unit)));
        }

        return table;
    }
}
