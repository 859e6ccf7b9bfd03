using FlowMeter.Learning.Evaluation;
using FlowMeter.Report.Charts;
using FlowMeter.Report.Drawing;


namespace FlowMeter.Report.Pages;

/// <summary>The summary of an evaluation in words, and its caveats.</summary>
public static class ModelVerdict
{
    /// <summary>What is to be said of a model that was made for no network in particular.</summary>
    public const string UntunedCaution = "Untuned: not a detector for this network; see flowmeter tune.";

    /// <summary>The summary: two or three sentences.</summary>
    public static string Lead(EvaluationResult result)
    {
        if (result.Malicious == 0 || result.Malicious == result.Flows)
        {
            bool isBenign = result.Malicious == 0;
            return isBenign
                ? "All flows here are benign. The model sends on "
                    + $"{Readable.Percent(FigureText.FalsePositiveRate(result.Figures).Value)} of them by mistake."
                : $"All flows here are malicious. The model finds {Readable.Percent(result["recall"].Value)} of them.";
        }

        Figure rate = FigureText.FalsePositiveRate(result.Figures);
        (string volume, Figure spared) = FigureText.Bypassed(result);
        return $"Finds {Readable.Percent(result["recall"].Value)} of the malicious flows and sends on {Readable.Percent(rate.Value)} of "
            + "the benign ones. "
            + $"{Readable.Percent(spared.Value)} of all {volume} need no deeper look. {Ranking(result["roc_area"].Value ?? 0.5)}";
    }

    /// <summary>The warning about a threshold at which more than half of the benign flows are inspected; null for any other.</summary>
    /// <param name="inspected">The share of benign flows that are inspected, from 0 to 1; null if unknown.</param>
    public static string? ThresholdWarning(double? inspected) => inspected is > 0.5
        ? $"{Readable.Percent(inspected)} of the benign flows are sent on, judged malicious or undecided: at this threshold the model "
            + "spares little. Choose another one with train --target-fpr, or give it flows that differ more."
        : null;

    /// <summary>The same for the threshold of an evaluation.</summary>
    public static string? ThresholdWarning(EvaluationResult result) =>
        ThresholdWarning(FigureText.FalsePositiveRate(result.Figures).Value);

    /// <summary>The caveats, the most important first.</summary>
    /// <param name="result">The evaluation.</param>
    /// <param name="splitBy">What stayed together when flows were held out; null if it is unknown how the flows relate to those of the
    /// training.</param>
    public static IEnumerable<string> Cautions(EvaluationResult result, string? splitBy)
    {
        foreach (string warning in result.Warnings)
        {
            yield return char.ToUpperInvariant(warning[0]) + warning[1..] + ".";
        }

        if (ThresholdWarning(result) is { } useless)
        {
            yield return useless;
        }

        if (splitBy is "flow" or "time")
        {
            yield return $"Held out by {splitBy}: the model has seen other flows of the same captures. On another network expect less; "
                + "--split capture and --split source tell how much.";
        }
        else if (splitBy == null)
        {
            yield return "These figures count only if none of these flows, nor others of the same captures, were trained with.";
        }

        if (result.Malicious > 0 && result.Malicious < result.Flows && result["recall"] is { Low: double low, High: double high }
            && high - low > 0.1)
        {
            yield return $"The data leave much open: recall may as well be {Readable.Percent(low)} or {Readable.Percent(high)}.";
        }

        if (result.Captures.Count is > 1 and < 10)
        {
            yield return $"{result.Captures.Count} captures are few: the intervals can not say what the next one brings.";
        }

        if (result.Flows < 500)
        {
            yield return $"{Readable.Count(result.Flows, "flow")} are few to judge a model by.";
        }

        if (result["calibration_error"].Value > 0.1)
        {
            yield return "Read the score as a rank, not as a probability: it is off by "
                + Readable.Percent(result["calibration_error"].Value) + " on average.";
        }

        if (result.Malicious > result.Flows / 20)
        {
            yield return $"{Readable.Percent(result.Malicious / (double)result.Flows)} of these flows are malicious. Where there are "
                + "fewer, fewer of those sent on are, too"
                + (result["malicious_share_sent_at_prevalence"].Value is double share
                    ? $": {Readable.Percent(share)} at {Readable.Percent(result.Prevalence)}."
                    : "; --prevalence tells how many.");
        }
    }

    private static string Ranking(double area) => area switch
    {
        >= 0.99 => "The score separates the two almost perfectly.",
        >= 0.95 => "The score separates the two well.",
        >= 0.85 => "The score separates the two, with a good deal of overlap.",
        >= 0.7 => "The score separates the two only weakly.",
        _ => "The score hardly separates the two.",
    };
}
