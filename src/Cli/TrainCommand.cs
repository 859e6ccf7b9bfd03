using System.CommandLine;
using FlowMeter.Learning.Evaluation;
using FlowMeter.Learning.Training;

namespace FlowMeter.Cli;

/// <summary><c>flowmeter train</c>: from labelled flows to a model and its figures.</summary>
internal static class TrainCommand
{
    // A scan of a million flows is one thing to learn; beside it, a day in the office must not vanish.
    private const int FlowsOfOneCapture = 1000;

    public static Command Create()
    {
        Command command = new("train", "Train a model on labelled flows, choose how by cross-validation, and say what it is worth.");
        DataArguments data = new(command, FlowsOfOneCapture);
        Option<string> output = new("--output", "-o") { Description = "Where the model goes, as JSON.", HelpName = "PATH", Required = true };
        Option<string?> name = new("--name") { Description = "What the model is called. Default: the output's name.", HelpName = "TEXT" };
        Option<string[]> force = Many("--force-feature", "NAME", "Take this column of a table as a feature though it says who, where or when, or beside those of its profile.");
        Option<long?> decideAfter = NumberOption.Whole("--decide-after", 1, int.MaxValue, "Take the features of the first N packets of each flow, for a model that judges there. Default: the whole flow.");
        Option<string[]> transforms = Many("--transform", "T", "What is done to features: identity, log1p, bins:N (N quantile bins with a weight each), or auto, which tries these; several are a grid. NAME=T sets that of one feature. Default: auto.");
        Option<string[]> groups = Many("--feature-groups", "G", "Features to use: all, groups joined by + (sizes, gaps, counts, rates, payload, flags), or auto, which tries each group, all, and all without one; several are a grid. Default: all.");
        Option<string[]> penalties = Many("--penalty", "P", "How weights are held small: l1, l2, or both as a grid. Default: l2.");
        Option<string[]> weights = Many("--class-weight", "W", "What flows count: none, balanced, or BENIGN:MALICIOUS as 1:5; several are a grid. Default: balanced.");
        Option<string[]> cs = Many("--C", "C", "Weight of the loss against the penalty, as scikit-learn has it; several are a grid. Default: 0.01 0.1 1 10.");
        Option<long?> folds = NumberOption.Whole("--folds", 2, 1000, "Folds of the cross-validation. Default: 5.");
        Option<string?> split = new("--split") { Description = "What stays together in folds and in what is held out: capture (whole captures), time (consecutive pieces of each capture) or flow. Default: capture where there are enough of them, else flow.", HelpName = "BY" };
        split.AcceptOnly("capture", "time", "flow");
        Option<double?> holdOut = NumberOption.Share("--hold-out", "SHARE", 0.9m, "Share of the flows that training never sees and the model is judged by at the end, as 0.2 or 20%; 0 for none. Default: 0.2.");
        Option<double?> recall = NumberOption.Share("--target-recall", "R", 1, "Choose the threshold that finds this share of malicious flows, as 0.99 or 99%. Default: the threshold of best F1.");
        Option<double?> alarms = NumberOption.Share("--target-fpr", "R", 1, "Choose the threshold that sends on this share of benign flows at most, as 0.01 or 1%. Default: the threshold of best F1.");
        Option<double?> prevalence = NumberOption.Share("--prevalence", "SHARE", 1, "Also give the share of malicious flows among those sent on where this share of all flows is malicious, as 0.005 or 0.5%.");
        Option<long?> seed = NumberOption.Whole("--seed", 0, long.MaxValue, "Names folds and draws: same seed, same model. Default: 1.");
        Option<string?> json = new("--json") { Description = "Write the final evaluation with its curves to this file, as JSON.", HelpName = "PATH" };
        Option<string?> report = new("--report") { Description = "Write a report of the model to this file: one HTML page with figures, curves and weights.", HelpName = "PATH" };
        Option<bool> quiet = new("--quiet", "-q") { Description = "No progress and no notes on stderr; errors and warnings only." };
        penalties.Complete(() => ["l1", "l2"]);
        transforms.Complete(() => ["auto", "identity", "log1p", "bins:"]);
        groups.Complete(() => ["auto", FeatureGroup.All, .. FeatureGroup.Names]);
        weights.Complete(() => ["none", "balanced"]);
        FileArgument.RejectEmpty(output, json, report);
        foreach (Option option in new Option[]
        {
            output, name, force, decideAfter, transforms, groups, penalties, weights, cs, folds, split, holdOut, recall, alarms, prevalence, seed, json, report, quiet,
        })
        {
            command.Options.Add(option);
        }

        Examples.Of(
            command,
            "flowmeter train --benign office/*.pcap --malicious attacks/*.pcap -o model.json",
            "flowmeter train captures/*.pcap --labels labels.tsv --transform bins:32 --target-fpr 0.01 -o model.json",
            "flowmeter train flows.csv --label-column Label --positive '!BENIGN' --penalty l1 l2 --C 0.1 1 10 -o model.json");
        command.SetAction(result => TrainRun.Execute(new TrainChoices(
            data.Read(result),
            result.GetValue(output)!,
            result.GetValue(json),
            result.GetValue(report),
            result.GetValue(force) ?? [],
            result.GetValue(quiet),
            Options(
                result.GetValue(output)!,
                result.GetValue(name),
                result.GetValue(transforms) ?? [],
                result.GetValue(groups) ?? [],
                Parse(result.GetValue(penalties), "--penalty", "l1 or l2", text => text switch { "l1" => Penalty.L1, "l2" => (Penalty?)Penalty.L2, _ => null }),
                Parse(result.GetValue(cs), "--C", "a number above 0", NumberOf)) with
            {
                ClassWeights = Default([.. Classes(result.GetValue(weights) ?? [])], [ClassWeight.Balanced]),
                Folds = (int)(result.GetValue(folds) ?? 5),
                SplitBy = result.GetValue(split) is { } by ? Enum.Parse<SplitBy>(by, ignoreCase: true) : null,
                HoldOut = result.GetValue(holdOut) ?? 0.2,
                Threshold = Rule(result.GetValue(recall), result.GetValue(alarms)),
                Prevalence = result.GetValue(prevalence),
                Seed = (ulong)(result.GetValue(seed) ?? 1),
                DecideAfter = (int?)result.GetValue(decideAfter),
            })));
        return command;
    }

    private static Option<string[]> Many(string name, string unit, string description) => new(name) { Description = description, HelpName = unit, AllowMultipleArgumentsPerToken = true };

    private static ThresholdRule Rule(double? recall, double? alarms) => recall != null && alarms != null
        ? throw new UsageException("--target-recall and --target-fpr each choose the threshold; give one of them.")
        : new ThresholdRule(recall, alarms);

    private static TrainingOptions Options(string output, string? name, string[] transforms, string[] groups, Penalty[] penalties, double[] cs)
    {
        TrainingOptions defaults = new();
        (string? Feature, string Text)[] typed = [.. transforms.Select(text => text.LastIndexOf('=') is var at && at > 0 ? (text[..at], text[(at + 1)..]) : ((string?)null, text))];
        foreach (string group in groups)
        {
            if (group != "auto" && group != FeatureGroup.All && group.Split('+').Any(part => !FeatureGroup.Names.Contains(part)))
            {
                throw new UsageException($"--feature-groups {group}: is not all, auto, or of {string.Join(", ", FeatureGroup.Names)} joined by +.");
            }
        }

        return defaults with
        {
            Name = name ?? Path.GetFileNameWithoutExtension(output),
            Transforms = Default([.. typed.Where(choice => choice.Feature == null).SelectMany(choice => choice.Text == "auto" ? TransformChoice.Auto : [TransformOf(choice.Text)]).Distinct()], defaults.Transforms),
            TransformOf = typed.Where(choice => choice.Feature != null).GroupBy(choice => choice.Feature!).ToDictionary(choice => choice.Key, choice => TransformOf(choice.Last().Text)),
            Groups = groups.Length == 0 ? defaults.Groups : [.. groups.Distinct()],
            Penalties = Default(penalties, defaults.Penalties),
            Cs = Default(cs, defaults.Cs),
        };
    }

    private static TransformChoice TransformOf(string text) =>
        TransformChoice.Parse(text) ?? throw new UsageException($"--transform {text}: is not identity, log1p, auto, or bins:N with N from 2 to {QuantileBins.MaxBins}.");

    private static IEnumerable<ClassWeight> Classes(string[] weights) =>
        weights.Select(text => ClassWeight.Parse(text) ?? throw new UsageException($"--class-weight {text}: is not none, balanced, or two numbers above 0 as in 1:5.")).Distinct();

    private static IReadOnlyList<T> Default<T>(T[] typed, IReadOnlyList<T> otherwise) => typed.Length == 0 ? otherwise : [.. typed.Distinct()];

    /// <summary>A value of --C; null for what is none.</summary>
    internal static double? NumberOf(string text) =>
        double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out double c) && c > 0 && c <= 1e12 ? c : null;

    private static T[] Parse<T>(string[]? texts, string option, string expected, Func<string, T?> parse)
        where T : struct =>
        [.. (texts ?? []).Select(text => parse(text) ?? throw new UsageException($"{option} {text}: is not {expected}."))];
}

/// <summary>What was typed behind <c>flowmeter train</c>.</summary>
internal sealed record TrainChoices(DataChoices Data, string Output, string? Json, string? Report, string[] Forced, bool Quiet, TrainingOptions Options);
