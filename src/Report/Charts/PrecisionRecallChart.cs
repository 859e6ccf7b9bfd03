using FlowMeter.Learning.Evaluation;
using FlowMeter.Report.Drawing;


namespace FlowMeter.Report.Charts;

/// <summary>The precision-recall curve.</summary>
internal static class PrecisionRecallChart
{
    private const double Height = 340;

    /// <summary>The scales of the drawing.</summary>
    public static (Axis X, Axis Y) Axes() => (
        Axis.Share("recall: share of malicious flows found", Plot.Left, Plot.Width - Plot.Right),
        Axis.Share("precision: malicious among flows sent on", Height - Plot.Bottom, Plot.Top));

    public static Html Draw(EvaluationResult result)
    {
        (Axis x, Axis y) = Axes();
        Figure average = result["average_precision"];
        double share = result.Malicious / (double)result.Flows;
        IEnumerable<(double, double)> line = result.Curve.Select(point => (x.Scale.Place(point.Recall), y.Scale.Place(point.Precision)));
        (double left, double top) = (x.Scale.Place(result["recall"].Value ?? 0), y.Scale.Place(result["precision"].Value ?? 0));
        // The curve falls, by and large, so that there is room at the lower left of a point, and at the upper right.
        bool isRight = left > x.Scale.From + (0.3 * (x.Scale.To - x.Scale.From));
        double free = y.Scale.Place(share > 0.4 ? 0.2 : share + 0.18);
        Html marks = Html.Format($"""
            {Plot.HorizontalAxis(x, Height - Plot.Bottom, Plot.Top)}{Plot.VerticalAxis(y, Plot.Left, Plot.Width - Plot.Right, 13)}
            <path class="chance" d="M{x.Scale.From} {y.Scale.Place(share)}H{x.Scale.To}"/><text class="note" x="{x.Scale.From + 8}" y="{y.Scale.Place(share) + (share > 0.1 ? 16 : -7)}">sending on everything: {Readable.Percent(share)}</text>
            <path class="curve" d="{PathData.Line(line)}"/><circle class="at-threshold" cx="{left}" cy="{top}" r="5"/>
            <text class="direct strong" x="{left + (isRight ? -9 : 9)}" y="{top + (isRight ? 17 : -7)}" text-anchor="{(isRight ? "end" : "start")}">threshold</text>
            <text class="direct" x="{x.Scale.From + 8}" y="{free}">average precision {Readable.Figure(average.Value)}</text>
            <text class="note" x="{x.Scale.From + 8}" y="{free + 18}">{FigureText.Interval(average, Readable.Figure)}</text>
            """);
        return ChartFigure.Create(
            "Precision and recall",
            "How much of what is sent on is malicious, as more of the malicious flows are found. Its numbers are in the table of the ROC "
                + "curve.",
            Plot.Drawing(Plot.Width, Height, "Precision-recall curve", $"average precision {Readable.Figure(average.Value)}", marks),
            css: "precision-recall");
    }
}
