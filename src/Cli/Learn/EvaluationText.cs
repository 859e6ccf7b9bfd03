using System.Globalization;
using FlowMeter.Cli.Shell;
using FlowMeter.Learning.Evaluation;
using FlowMeter.Report.Pages;

namespace FlowMeter.Cli.Learn;

/// <summary>An evaluation for people: aligned text.</summary>
internal static class EvaluationText
{
    private const int MaxParts = 10;

    private static readonly (string Name, string Text)[] Lines =
    [
        ("pair_roc_area", "ROC area, pairs of one capture"), ("pooled_roc_area", "ROC area, these captures pooled"),
        ("accuracy", "accuracy"), ("precision", "precision"), ("recall", "recall"),
        ("false_positive_rate", "false positives"), ("f1", "F1"), ("roc_area", "ROC area"),
        ("average_precision", "average precision"), ("recall_at_fpr_0.001", "recall at 0.1 % false positives"),
        ("recall_at_fpr_0.01", "recall at 1 % false positives"), ("benign_cleared_at_recall_0.98", "benign cleared at recall 0.98"),
        ("brier", "Brier score"), ("calibration_error", "calibration error"),
        ("flows_spared", "flows not sent on"), ("packets_spared", "packets not sent on"), ("bytes_spared", "bytes not sent on"),
        ("benign_called_malicious", "benign judged malicious"), ("malicious_share_sent", "malicious among flows sent on"),
        ("malicious_share_sent_at_prevalence", "  the same at the prevalence"),
    ];

    public static void Write(TextWriter to, EvaluationResult result)
    {
        to.WriteLine($"{result.Name}: {Count(result.Flows)} flows, {Count(result.Malicious)} malicious");
        to.WriteLine($"protocol: {result.Protocol}");
        if (result.Captures.Count > 1)
        {
            to.WriteLine($"{Count(result.Captures.Count)} captures, {Count(result.Groups)} group{(result.Groups == 1 ? "" : "s")}"
                + (result.Sources.Count > 0 ? $", {Count(result.Sources.Count)} source{(result.Sources.Count == 1 ? "" : "s")}" : "")
                + (result.Within.Captures == 0 ? "; none holds both classes"
                    : $"; {Count(result.Within.Captures)} hold{(result.Within.Captures == 1 ? "s" : "")} both classes: "
                        + $"{Count(result.Within.Benign)} benign and {Count(result.Within.Malicious)} malicious flows"));
        }

        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"threshold {result.Threshold:0.######}{Below(result)} "
            + $"({result.ThresholdRule}); 95 % "
                + $"intervals from {result.Replicates} draws of {result.Resampled}"));
        to.WriteLine();
        to.WriteLine($"{"",-34}{"judged malicious",18}{"undecided",18}{"judged benign",18}");
        WriteTruth(to, result, "malicious", "true_positives", "false_negatives");
        WriteTruth(to, result, "benign", "false_positives", "true_negatives");
        to.WriteLine();
        foreach ((string name, string text) in Lines)
        {
            Figure figure = result[name];
            bool isWithin = name is "pair_roc_area" or "pooled_roc_area";
            if (isWithin ? figure.Value != null && result.Captures.Count > 1
                : figure.Value != null || name != "malicious_share_sent_at_prevalence")
            {
                to.WriteLine($"{text,-34}{Number(figure.Value),10}{Interval(figure),24}".TrimEnd());
            }
        }

        to.WriteLine();
        to.WriteLine($"{"calibration: mean score",-34}{"malicious",10}{"",24}{"flows",10}");
        foreach (CalibrationBin bin in result.Calibration)
        {
            to.WriteLine($"{Number(bin.MeanScore),-34}{Number(bin.MaliciousShare),10}{Interval(new Figure("", 0, bin.Low, bin.High)),24}"
                + $"{Count(bin.Flows),10}");
        }

        to.WriteLine();
        if (result.Captures.Count > 1)
        {
            WriteParts(
                to, "capture", [.. result.Captures.Select(part => (part.Capture, part.Flows, part.Malicious, part.Figures))]);
        }

        if (result.Sources.Count > 0)
        {
            WriteParts(to, "source", [.. result.Sources.Select(part => (part.Source, part.Flows, part.Malicious, part.Figures))]);
        }
    }

    /// <summary>The sentence that matters, and the warnings: about the flows, and where the threshold is of no use.</summary>
    public static void Conclude(TextWriter to, EvaluationResult result, Notes notes)
    {
        to.WriteLine(ModelVerdict.Lead(result));
        IEnumerable<string> warnings = ModelVerdict.ThresholdWarning(result) is { } useless
            ? [.. result.Warnings, useless]
            : result.Warnings;
        foreach (string warning in warnings)
        {
            Notes.Warn(warning);
        }
    }

    /// <summary>Figures part by part, those with the fewest right verdicts first.</summary>
    private static void WriteParts(
        TextWriter to, string what, (string Name, int Flows, int Malicious, IReadOnlyList<Figure> Figures)[] parts)
    {
        int width = Math.Min(60, parts.Max(part => part.Name.Length));
        to.WriteLine($"{what.PadRight(width)}{"flows",8}{"malicious",11}{"recall",24}{"false positives",24}{"ROC area",10}");
        foreach (var part in parts.OrderBy(part => part.Figures[FigureNames.IndexOf("accuracy")].Value).Take(MaxParts))
        {
            string name = part.Name.Length > width ? "…" + part.Name[^(width - 1)..] : part.Name;
            Figure Find(string figure) => part.Figures[FigureNames.IndexOf(figure)];
            to.WriteLine($"{name.PadRight(width)}{Count(part.Flows),8}{Count(part.Malicious),11}{Short(Find("recall")),24}"
                + $"{Short(Find("false_positive_rate")),24}{Number(Find("roc_area").Value),10}");
        }

        if (parts.Length > MaxParts)
        {
            to.WriteLine($"… and {Count(parts.Length - MaxParts)} more {what}s, less often wrong; --json has all.");
        }

        to.WriteLine();
    }

    private static string Below(EvaluationResult result) => result.BenignBelow < result.Threshold
        ? string.Create(CultureInfo.InvariantCulture, $", benign below {result.BenignBelow:0.######}")
        : "";

    private static void WriteTruth(TextWriter to, EvaluationResult result, string truth, string sentOn, string benign)
    {
        long undecided = (long)(result[$"undecided_{truth}"].Value ?? 0);
        long malicious = (long)(result[sentOn].Value ?? 0) - undecided;
        to.WriteLine($"{truth,-34}{Count(malicious),18}{Count(undecided),18}{Cell(result[benign]),18}");
    }

    private static string Cell(Figure figure) => Count((long)(figure.Value ?? 0));

    private static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Number(double? value) => value?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "-";

    private static string Interval(Figure figure) =>
        figure.Value == null || figure.Low == null
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"{figure.Low:0.0000} to {figure.High:0.0000}");

    private static string Short(Figure figure) => figure.Value == null
        ? "-"
        : string.Create(CultureInfo.InvariantCulture, $"{figure.Value:0.00} ({figure.Low:0.00} to {figure.High:0.00})");
}
