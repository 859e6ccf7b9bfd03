namespace FlowMeter.Learning.Evaluation;

/// <summary>
/// The figures of an evaluation, in the order in which they are computed and shown. The names are those of the JSON form.
/// </summary>
public static class FigureNames
{
    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "true_positives", "false_positives", "true_negatives", "false_negatives", "accuracy", "precision", "recall", "f1",
        "roc_area", "average_precision", "recall_at_fpr_0.001", "recall_at_fpr_0.01",
        "benign_cleared_at_recall_0.98", "pair_roc_area", "pooled_roc_area", "brier", "calibration_error",
        "flows_spared", "packets_spared", "bytes_spared", "malicious_share_sent", "malicious_share_sent_at_prevalence",
        "undecided_malicious", "undecided_benign", "benign_called_malicious", "false_positive_rate",
    ];

    /// <summary>The index of a figure in <see cref="All"/>.</summary>
    public static int IndexOf(string name) => All.Index().First(figure => figure.Item == name).Index;
}
