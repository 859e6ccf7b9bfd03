using System.CommandLine;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Cli.Options;

/// <summary>The options that say where a score becomes a verdict, and how many features explain it.</summary>
internal static class VerdictOptions
{
    /// <summary>The most features that explain a score.</summary>
    public const int MaxExplained = 20;

    /// <summary>The option <c>--budget</c>.</summary>
    public static Option<Budget?> Budget(string description) => new("--budget")
    {
        Description = description,
        HelpName = "B",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (Engine.Scoring.Budget.Parse(text) is { } budget)
            {
                return budget;
            }

            result.AddError($"--budget {text}: is not a share of flows as 5%, of bytes as bytes=5%, or alarms a day as 20/day.");
            return null;
        },
    };

    /// <summary>The option <c>--budget</c> of commands that judge by a model.</summary>
    public static Option<Budget?> BudgetOfModel() => Budget(
        "Move the threshold to what false alarms may cost at most, by the benign flows that the model was made with: 5% of flows, bytes=5% "
            + "of bytes, or 20/day. Default: the model's threshold.");

    /// <summary>The option <c>--threshold</c>.</summary>
    public static Option<ScoreBand?> Threshold() => new("--threshold")
    {
        Description = "Malicious from this score on and benign below it, as 0.5 or 50%; LOW,HIGH: undecided from LOW to HIGH. Default: the "
            + "model's thresholds.",
        HelpName = "P",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (ScoreBand.Parse(text) is { } band)
            {
                return band;
            }

            result.AddError($"--threshold {text}: is not a score from 0 to 1, as 0.5 or 50%, or two of them, the lower one first.");
            return null;
        },
    };

    /// <summary>The option <c>--explain</c>.</summary>
    public static Option<long?> Explain() => NumberOption.Whole(
        "--explain", 1, MaxExplained,
        "Add a column with the N features that pushed the score most, each with the range of its value and what it added to the log-odds "
            + "of an average flow. Default: no such column.");

    /// <summary>A model with the thresholds that were asked for.</summary>
    /// <exception cref="UsageException">Both options are given, or the model does not say what the budget asks for.</exception>
    public static Model Apply(Model model, ScoreBand? band, Budget? budget)
    {
        if (band != null && budget != null)
        {
            throw new UsageException("--threshold and --budget each move the threshold; give one of them.");
        }

        if (band is { } typed)
        {
            return model.WithThresholds(typed.High, typed.Low);
        }

        return budget is { } most
            ? model.WithThresholds(
                model.Benign?.ThresholdOf(most) ?? throw new UsageException($"--budget: model {model.Name} does not say {Lacking(most)}; "
                    + "flowmeter tune makes one that does, or give --threshold."),
                model.BenignBelow)
            : model;
    }

    private static string Lacking(Budget budget) => budget.Unit switch
    {
        BudgetUnit.Bytes => "how the bytes of benign flows score",
        BudgetUnit.AlarmsADay => "how many benign flows there are in a day and how they score",
        _ => "how benign flows score",
    };
}
