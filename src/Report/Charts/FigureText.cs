using FlowMeter.Learning.Evaluation;
using FlowMeter.Report.Drawing;


namespace FlowMeter.Report.Charts;

/// <summary>Texts for the figures of an evaluation: titles, meanings, values and intervals.</summary>
internal static class FigureText
{
    /// <summary>The titles and meanings of the figures between 0 and 1, in the order of the report.</summary>
    public static IReadOnlyList<(string Name, string Title, string Meaning, bool IsPercent)> All { get; } =
    [
        (
            "pair_roc_area", "ROC area within one capture", "chance that a malicious flow scores higher than a benign one of its capture",
            false),
        ("pooled_roc_area", "The same, pooled", "over all flows of the captures that hold both classes", false),
        ("recall", "Recall", "of the malicious flows, those found", true),
        ("false_positive_rate", "False positives", "of the benign flows, those sent on", true),
        ("precision", "Precision", "of the flows sent on, those that are malicious", true),
        ("accuracy", "Accuracy", "of all flows, those judged right", true),
        ("f1", "F1", "harmonic mean of precision and recall", false),
        ("roc_area", "ROC area", "chance that a malicious flow scores higher than a benign one", false),
        ("average_precision", "Average precision", "area under the precision-recall curve", false),
        ("recall_at_fpr_0.001", "Recall at 0.1 % false positives", "found when 1 of 1,000 benign flows may be sent on", true),
        ("recall_at_fpr_0.01", "Recall at 1 % false positives", "found when 1 of 100 benign flows may be sent on", true),
        ("benign_cleared_at_recall_0.98", "Benign cleared at recall 0.98", "not sent on where 98 of 100 malicious flows are found", true),
        ("brier", "Brier score", "mean squared error of the score; 0 is perfect", false),
        ("calibration_error", "Calibration error", "mean distance between score and truth; 0 is perfect", false),
        ("flows_spared", "Flows not sent on", "need no deeper look", true),
        ("packets_spared", "Packets not sent on", "need no deeper look", true),
        ("bytes_spared", "Bytes not sent on", "need no deeper look", true),
        ("benign_called_malicious", "Benign judged malicious", "of the benign flows, those judged malicious, undecided ones apart", true),
        ("malicious_share_sent", "Malicious among flows sent on", "at the balance of these data", true),
        (
            "malicious_share_sent_at_prevalence",
            "The same at the assumed prevalence",
            "at the share of malicious flows that was assumed",
            true),
    ];

    /// <summary>
    /// The share of bytes that bypass the deep inspector, of flows where bytes are unknown, and the name of what it is a share of.
    /// </summary>
    public static (string Volume, Figure Share) Bypassed(EvaluationResult result) =>
        result["bytes_spared"].Value == null ? ("flows", result["flows_spared"]) : ("bytes", result["bytes_spared"]);

    /// <summary>Whether a figure says something of its own: those within captures do where there are several captures.</summary>
    public static bool IsOfUse(string name, EvaluationResult result) =>
        name is not ("pair_roc_area" or "pooled_roc_area") || result.Captures.Count > 1;

    /// <summary>The text of a value.</summary>
    public static string Value(double? value, bool isPercent) => isPercent ? Readable.Percent(value) : Readable.Figure(value);

    /// <summary>The text of an interval; empty where there is none.</summary>
    public static string Interval(Figure figure, Func<double?, string> text) =>
        figure.Value == null || figure.Low == null || figure.High == null ? "" : $"{text(figure.Low)} to {text(figure.High)}";

    /// <summary>The false positive rate; without a value where no flow is benign.</summary>
    public static Figure FalsePositiveRate(IReadOnlyList<Figure> figures) => figures[FigureNames.IndexOf("false_positive_rate")];
}
