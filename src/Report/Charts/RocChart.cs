using FlowMeter.Learning.Evaluation;
using FlowMeter.Report.Drawing;


namespace FlowMeter.Report.Charts;

/// <summary>
/// The ROC curve: recall by false positive rate, once on linear axes, once with a logarithmic axis for the low rates that matter in a
/// network.
/// </summary>
internal static class RocChart
{
    private const double Height = 340;

    /// <summary>The scales of the drawing.</summary>
    public static (Axis X, Axis Y) Axes() => (
        Axis.Share("false positives: share of benign flows sent on", Plot.Left, Plot.Width - Plot.Right),
        Axis.Share("recall: share of malicious flows found", Height - Plot.Bottom, Plot.Top));

    /// <summary>
    /// The scales with a logarithmic axis of false positive rates, down to 0.03 % or to the rate of one flow, whichever is lower.
    /// </summary>
    public static (Axis X, Axis Y) LogAxes(int benign) => (
        Axis.Create(Scale.Log(Math.Min(0.0003, Math.Pow(10, Math.Floor(Math.Log10(1.0 / Math.Max(benign, 1))))), 1, Plot.Left, Plot.Width
            - Plot.Right), "false positives, log scale", 7, value => Readable.Percent(value).Replace(".0", "", StringComparison.Ordinal)),
        Axes().Y);

    public static Html Linear(EvaluationResult result)
    {
        (Axis x, Axis y) = Axes();
        Figure area = result["roc_area"];
        IEnumerable<CurvePoint> points = result.Curve.Prepend(new CurvePoint(1, 0, 0, 1));
        (double X, double Y)[] line = [.. points.Select(point => (x.Scale.Place(point.FalsePositiveRate), y.Scale.Place(point.Recall)))];
        Html marks = Html.Format($"""
            {Plot.HorizontalAxis(x, Height - Plot.Bottom, Plot.Top)}{Plot.VerticalAxis(y, Plot.Left, Plot.Width - Plot.Right, 13)}
            <path class="chance" d="{PathData.Line([(x.Scale.From, y.Scale.From), (x.Scale.To, y.Scale.To)])}"/><text class="note" x="{x.Scale.Place(0.62)}" y="{y.Scale.Place(0.55)}">chance</text>
            <path class="wash" d="{PathData.Area(line, y.Scale.From)}"/><path class="curve" d="{PathData.Line(line)}"/>
            <text class="direct" x="{x.Scale.Place(0.97)}" y="{y.Scale.Place(0.2)}" text-anchor="end">area {Readable.Figure(area.Value)}</text>
            <text class="note" x="{x.Scale.Place(0.97)}" y="{y.Scale.Place(0.2) + 18}" text-anchor="end">{FigureText.Interval(area, Readable.Figure)}</text>
            {Threshold(result, x, y)}
            """);
        return ChartFigure.Create(
            "ROC curve",
            "The nearer to the upper left corner, the better. A model that guesses follows the diagonal.",
            Plot.Drawing(Plot.Width, Height, "ROC curve", $"area {Readable.Figure(area.Value)}", marks),
            Numbers(result),
            "roc");
    }

    public static Html Logarithmic(EvaluationResult result)
    {
        (Axis x, Axis y) = LogAxes(result.Flows - result.Malicious);
        Html Mark(string name, double rate)
        {
            Figure figure = result[name];
            double recall = figure.Value ?? 0;
            double at = x.Scale.Place(rate);
            return Html.Format($"""
                <path class="chance" d="M{at} {y.Scale.From}V{y.Scale.Place(recall)}"/><circle class="dot" cx="{at}" cy="{y.Scale.Place(recall)}" r="3.5"/>
                <text class="direct" x="{at - 6}" y="{y.Scale.Place(recall) - 6}" text-anchor="end">{Readable.Percent(figure.Value)}</text>
                """);
        }

        IEnumerable<(double, double)> line = result.Curve.Prepend(new CurvePoint(1, 0, 0, 1)).Select(
            point => (x.Scale.Place(point.FalsePositiveRate), y.Scale.Place(point.Recall)));
        Html marks = Html.Format($"""
            {Plot.HorizontalAxis(x, Height - Plot.Bottom, Plot.Top)}{Plot.VerticalAxis(y, Plot.Left, Plot.Width - Plot.Right, 13)}
            <path class="curve" d="{PathData.Steps(line)}"/>{Mark("recall_at_fpr_0.001", 0.001)}{Mark("recall_at_fpr_0.01", 0.01)}{Threshold(result, x, y)}
            """);
        return ChartFigure.Create(
            "Few false positives",
            "The same curve where it matters on a network: what is found when hardly any benign flow may be sent on. Labelled: 0.1 % and 1 "
                + "%.",
            Plot.Drawing(Plot.Width, Height, "ROC curve on a logarithmic axis", "recall "
                + $"{Readable.Percent(result["recall_at_fpr_0.001"].Value)} at 0.1 %, "
                + $"{Readable.Percent(result["recall_at_fpr_0.01"].Value)} at 1 % false positives", marks),
            css: "roc-log");
    }

    private static Html Threshold(EvaluationResult result, Axis x, Axis y)
    {
        double benign = result.Flows - result.Malicious;
        double rate = (result["false_positives"].Value ?? 0) / benign;
        double recall = result["recall"].Value ?? 0;
        (double left, double top) = (x.Scale.Place(rate), y.Scale.Place(recall));

        // The curve only rises, so that there is room at the lower right of a point, and at the upper left.
        bool isRight = left > x.Scale.From + (0.78 * (x.Scale.To - x.Scale.From));
        return Html.Format($"""
            <circle class="at-threshold" cx="{left}" cy="{top}" r="5"/>
            <text class="direct strong" x="{left + (isRight ? -9 : 9)}" y="{top + (isRight ? -7 : 17)}" text-anchor="{(isRight ? "end" : "start")}">threshold</text>
            """);
    }

    private static DataTable Numbers(EvaluationResult result)
    {
        DataTable table = new("Points of the curves: what a threshold gives", "Threshold", "False positives", "Recall", "Precision");
        foreach (CurvePoint point in result.Curve)
        {
            table.Add(
                DataTable.Cell(point.Threshold, Readable.Digits(point.Threshold, 4)),
                DataTable.Cell(point.FalsePositiveRate, Readable.Percent(point.FalsePositiveRate)),
                DataTable.Cell(point.Recall, Readable.Percent(point.Recall)),
                DataTable.Cell(point.Precision, Readable.Percent(point.Precision)));
        }

        return table;
    }
}
