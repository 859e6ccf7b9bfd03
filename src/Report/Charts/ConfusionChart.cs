using FlowMeter.Learning.Evaluation;
using FlowMeter.Report.Drawing;


namespace FlowMeter.Report.Charts;

/// <summary>The confusion matrix as two bars, one for each class, divided into inspected and bypassed flows.</summary>
internal static class ConfusionChart
{
    private const double Height = 236;

    public static Html Draw(EvaluationResult result)
    {
        DataTable table = new("Confusion matrix: flows", "Truth", "Judged malicious", "Undecided", "Judged benign");
        double At(string name) => result[name].Value ?? 0;
        (double tp, double fn, double fp, double tn) = (
            At("true_positives"), At("false_negatives"), At("false_positives"), At("true_negatives"));
        (double open, double openBenign) = (At("undecided_malicious"), At("undecided_benign"));
        Numbers(table, "malicious", tp - open, open, fn);
        Numbers(table, "benign", fp - openBenign, openBenign, tn);
        Html marks = Html.Format($"""
            <text class="label" x="2" y="16">share of each class: sent on</text><text class="label" x="{Plot.Width - 2}" y="16" text-anchor="end">not sent on</text>
            {Row("malicious", tp, fn, 36, Found(open), "missed", "malicious", "malicious pale")}{Row("benign", fp, tn, 132, FalsePositives(openBenign), "spared", "benign pale", "benign")}
            """);
        return ChartFigure.Create(
            "Right and wrong",
            result.BenignBelow < result.Threshold
                ? $"Malicious from {Readable.Digits(result.Threshold, 4)} on, benign below {Readable.Digits(result.BenignBelow, 4)}, "
                    + $"undecided between ({result.ThresholdRule})."
                : $"At the threshold {Readable.Digits(result.Threshold, 4)} ({result.ThresholdRule}).",
            Plot.Drawing(Plot.Width, Height, "Confusion matrix", $"{Readable.Count(tp)} malicious flows found, {Readable.Count(fn)} "
                + $"missed, {Readable.Count(fp)} benign flows sent on, {Readable.Count(tn)} not", marks),
            table,
            "confusion");
    }

    private static string Found(double undecided) => undecided > 0 ? $"found ({Readable.Count(undecided)} undecided)" : "found";

    private static string FalsePositives(double undecided) =>
        undecided > 0 ? $"false positives ({Readable.Count(undecided)} undecided)" : "false positives";

    private static void Numbers(DataTable table, string truth, double malicious, double undecided, double benign) => table.Add(
        DataTable.Head(truth), DataTable.Cell(malicious, Readable.Count(malicious)), DataTable.Cell(undecided, Readable.Count(undecided)),
        DataTable.Cell(benign, Readable.Count(benign)));

    private static Html Row(
        string name,
        double inspected,
        double bypassed,
        double top,
        string inspectedName,
        string bypassedName,
        string inspectedClass,
        string bypassedClass)
    {
        double all = inspected + bypassed;
        if (all == 0)
        {
            return Html.Format($"""<text class="note" x="2" y="{top + 14}">no {name} flows</text>""");
        }

        double split = 2 + ((Plot.Width - 4) * inspected / all);
        Html left = inspected == 0
            ? Html.Empty
            : Html.Format($"""<path class="fill {inspectedClass}" d="{PathData.Box(2, top + 22, Math.Max(split - 3, 1.5), 34)}"/>""");
        Html right = bypassed == 0 ? Html.Empty : Html.Format($"""<path class="fill {bypassedClass}" """
            + $"""d="{PathData.Box(Math.Min(split + 1, Plot.Width - 3.5), top + 22, Math.Max(Plot.Width - 3 - split, 1.5), 34)}"/>""");
        return Html.Format($"""
            <text class="direct strong" x="2" y="{top + 14}">{Readable.Count(all, name + " flow")}</text>{left}{right}
            <text class="direct" x="2" y="{top + 74}">{Readable.Count(inspected)} {inspectedName}, {Readable.Percent(inspected / all)}</text>
            <text class="direct" x="{Plot.Width - 2}" y="{top + 74}" text-anchor="end">{Readable.Count(bypassed)} {bypassedName}</text>
            """);
    }
}
