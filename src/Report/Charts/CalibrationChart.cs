using FlowMeter.Learning.Evaluation;
using FlowMeter.Report.Drawing;


namespace FlowMeter.Report.Charts;

/// <summary>The calibration of a model: the share of malicious flows by mean score.</summary>
internal static class CalibrationChart
{
    private const double Height = 340;

    /// <summary>The scales of the drawing.</summary>
    public static (Axis X, Axis Y) Axes() => (
        Axis.Create(
            Scale.Linear(0, 1, Plot.Left, Plot.Width - Plot.Right), "mean score of the flows", 6, value => Readable.Digits(value, 2)),
        Axis.Share("share of them that is malicious", Height - Plot.Bottom, Plot.Top));

    public static Html Draw(EvaluationResult result)
    {
        (Axis x, Axis y) = Axes();
        double most = Math.Max(1, result.Calibration.Select(bin => bin.Flows).DefaultIfEmpty(1).Max());
        DataTable table = new("Flows by score", "Mean score", "Malicious", "95 % interval", "Flows");
        foreach (CalibrationBin bin in result.Calibration)
        {
            table.Add(
                DataTable.Cell(bin.MeanScore, Readable.Figure(bin.MeanScore)),
                DataTable.Cell(bin.MaliciousShare, Readable.Percent(bin.MaliciousShare)),
                Html.Format($"""<td class="n">{Readable.Percent(bin.Low)} to {Readable.Percent(bin.High)}</td>"""),
                DataTable.Cell(bin.Flows, Readable.Count(bin.Flows)));
        }

        Html dots = Html.Join(result.Calibration.Select(bin =>
        {
            (double at, double share) = (x.Scale.Place(bin.MeanScore), y.Scale.Place(bin.MaliciousShare));
            Html whisker = double.IsFinite(bin.Low) && double.IsFinite(bin.High)
                ? Html.Format($"""<path class="whisker" d="M{at} {y.Scale.Place(bin.Low)}V{y.Scale.Place(bin.High)}"/>""")
                : Html.Empty;
            return Html.Format($"""{whisker}<circle class="dot" cx="{at}" cy="{share}" r="{2.5 + (6 * Math.Sqrt(bin.Flows / most))}">"""
                + $"""<title>{Readable.Count(bin.Flows, "flow")}, mean score {Readable.Figure(bin.MeanScore)}, """
                + $"""{Readable.Percent(bin.MaliciousShare)} malicious</title></circle>""");
        }));
        IEnumerable<(double, double)> line = result.Calibration.Select(
            bin => (x.Scale.Place(bin.MeanScore), y.Scale.Place(bin.MaliciousShare)));
        Html marks = Html.Format($"""
            {Plot.HorizontalAxis(x, Height - Plot.Bottom, Plot.Top)}{Plot.VerticalAxis(y, Plot.Left, Plot.Width - Plot.Right, 13)}
            <path class="chance" d="{PathData.Line([(x.Scale.From, y.Scale.From), (x.Scale.To, y.Scale.To)])}"/><text class="note" x="{x.Scale.Place(0.98)}" y="{y.Scale.Place(0.04)}" text-anchor="end">dotted: as it should be</text>
            <path class="curve thin" d="{PathData.Line(line)}"/>{dots}
            """);
        return ChartFigure.Create(
            "Calibration",
            "Where dots lie on the diagonal, a score of 0.7 means that 7 of 10 such flows are malicious. Larger dots stand for more flows; "
                + "lines are 95 % intervals.",
            Plot.Drawing(
                Plot.Width, Height, "Calibration", $"calibration error {Readable.Figure(result["calibration_error"].Value)}", marks),
            table,
            "calibration");
    }
}
