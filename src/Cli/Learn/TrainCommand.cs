using System.CommandLine;
using System.Globalization;
using FlowMeter.Cli.Help;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Evaluation;
using FlowMeter.Learning.Training;

namespace FlowMeter.Cli.Learn;

/// <summary><c>flowmeter train</c>: from labelled flows to a model and its figures.</summary>
internal sealed class TrainCommand : Command
{
    // A scan of a million flows is one thing to learn; beside it, a day in the office must not vanish.
    private const int FlowsOfOneCapture = 1000;

    // Beyond this the tables of a model are larger than its data.
    private const int MaxPairs = 1000;

    private readonly DataArguments _data;

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Where the model goes, as JSON.",
        HelpName = "PATH",
        Required = true,
    };

    private readonly Option<string?> _name = new("--name")
    {
        Description = "What the model is called. Default: the output's name.",
        HelpName = "TEXT",
    };

    private readonly Option<string[]> _force = Many(
        "--force-feature", "NAME",
        "Take this column of a table as a feature though it says who, where or when, or beside those of its profile.");

    private readonly Option<long?> _decideAfter = NumberOption.Whole(
        "--decide-after", 1, int.MaxValue,
        "Take the features of the first N packets of each flow, for a model that judges there. Default: the whole flow.");

    private readonly Option<string[]> _transforms = Many(
        "--transform", "T", "What is done to features: identity, log1p, bins:N (N quantile bins with a weight each), or auto, which tries "
            + "these; several are a grid. NAME=T sets that of one feature. Default: auto.");

    private readonly Option<string[]> _pairs = Many(
        "--pairs", "N", "Give this many pairs of features a table of their own, at most 24 by 24 bins, chosen by what it gains over the "
            + "features alone; several are a grid. Default: 0.");

    private readonly Option<bool> _hash = new("--hash")
    {
        Description = "Also learn the n-grams of the first ten payload sizes, data_1 to data_10 of profiles extended and full, hashed to "
            + "16,384 weights.",
    };

    private readonly Option<string[]> _featureGroups =
        Many("--feature-groups", "G", "Features to use: all, groups joined by + (sizes, gaps, "
            + "counts, rates, payload, flags, hosts), or auto, which tries each group, all, and all without one; several are a grid. "
            + "Default: all.");

    private readonly Option<string[]> _penalties = Many(
        "--penalty", "P", "How weights are held small: l1, l2, or both as a grid. Default: l2.");

    private readonly Option<string[]> _weights = Many(
        "--class-weight", "W", "What flows count: none, balanced, or BENIGN:MALICIOUS as 1:5; several are a grid. Default: balanced.");

    private readonly Option<string[]> _cs = Many(
        "--C", "C", "Weight of the loss against the penalty, as scikit-learn has it; several are a grid. Default: 0.01 0.1 1 10.");

    private readonly Option<string?> _groups = new("--groups")
    {
        Description = "Which laboratory or network each file is from: lines of file and source, with a tab or a comma between.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _groupColumn = new("--group-column")
    {
        Description = "The column of the tables that names the laboratory or network of each row; it is no feature.",
        HelpName = "NAME",
    };

    private readonly Option<long?> _folds = NumberOption.Whole(
        "--folds", 2, 1000,
        "Folds of the cross-validation. Default: 5; with --split source each source is left out once, where there are 20 at most.");

    private readonly Option<string?> _split = new("--split")
    {
        Description = "What stays together in folds and in what is held out: source (all captures of a laboratory, as --groups or "
            + "--group-column say), capture (whole captures, those that share flows together), time (consecutive pieces of each capture) "
            + "or flow. Default: source where they are named, capture where there are enough of them, else flow.",
        HelpName = "BY",
    };

    private readonly Option<double?> _holdOut = NumberOption.Share(
        "--hold-out", "SHARE", 0.9m,
        "Share of the flows that training never sees and the model is judged by at the end, as 0.2 or 20%; 0 for none. Default: 0.2.");

    private readonly Option<double?> _recall = NumberOption.Share(
        "--target-recall", "R", 1,
        "Choose the threshold that finds this share of malicious flows, as 0.99 or 99%. Default: the threshold of best F1.");

    private readonly Option<double?> _alarms = NumberOption.Share(
        "--target-fpr", "R", 1,
        "Choose the threshold that sends on this share of benign flows at most, as 0.01 or 1%. Default: the threshold of best F1.");

    private readonly Option<Budget?> _budget = VerdictOptions.Budget(
        "Choose the threshold by what false alarms may cost at most: 5% of flows, bytes=5% of bytes, or 20/day. Default: the threshold of "
            + "best F1.");

    private readonly Option<double?> _missed = NumberOption.Share(
        "--target-fnr", "R", 1,
        "Judge benign only below the score that this share of malicious flows at most stays under, as 0.06 or 6%; from there to the "
            + "threshold flows are undecided. Default: no score is undecided.");

    private readonly Option<bool> _keep = new("--keep-malicious")
    {
        Description = "Keep the malicious flows in the model, as numbers of bins, so that flowmeter tune can fit it to another network. "
            + "Takes --transform bins:N.",
    };

    private readonly Option<double?> _prevalence = NumberOption.Share(
        "--prevalence", "SHARE", 1,
        "Also give the share of malicious flows among those sent on where this share of all flows is malicious, as 0.005 or 0.5%.");

    private readonly Option<long?> _seed = NumberOption.Whole(
        "--seed", 0, long.MaxValue, "Names folds and draws: same seed, same model. Default: 1.");

    private readonly Option<string?> _json = new("--json")
    {
        Description = "Write the final evaluation with its curves to this file, as JSON.",
        HelpName = "PATH",
    };

    private readonly Option<string?> _report = new("--report")
    {
        Description = "Write a report of the model to this file: one HTML page with figures, curves and weights.",
        HelpName = "PATH",
    };

    private readonly Option<bool> _noSandbox = RunOptions.NoSandbox();

    private readonly Option<bool> _quiet = RunOptions.QuietNotes();

    public TrainCommand()
        : base("train", "Train a model on labelled flows, choose how by cross-validation, and say what it is worth.")
    {
        _data = new DataArguments(this, FlowsOfOneCapture);
        _split.AcceptOnly("source", "capture", "time", "flow");
        _penalties.Complete(() => ["l1", "l2"]);
        _transforms.Complete(() => ["auto", "identity", "log1p", "bins:"]);
        _featureGroups.Complete(() => ["auto", FeatureGroup.All, .. FeatureGroup.Names]);
        _weights.Complete(() => ["none", "balanced"]);
        FileArgument.RejectEmpty(_output, _json, _report, _groups, _groupColumn);
        foreach (Option option in new Option[]
        {
            _output, _name, _groups, _groupColumn, _force, _decideAfter, _transforms, _pairs, _hash, _featureGroups,
            _penalties, _weights, _cs, _folds,
            _split, _holdOut, _recall, _alarms, _budget, _missed, _keep, _prevalence, _seed, _json, _report, _noSandbox, _quiet,
        })
        {
            Options.Add(option);
        }

        Examples.Add(
            this,
            "flowmeter train --benign office/*.pcap --malicious attacks/*.pcap -o model.json",
            "flowmeter train captures/*.pcap --labels labels.tsv --transform bins:32 --target-fpr 0.01 -o model.json",
            "flowmeter train captures/*.pcap --labels labels.tsv --groups laboratories.tsv --split source -o model.json",
            "flowmeter train flows.csv --label-column Label --positive '!BENIGN' --penalty l1 l2 --C 0.1 1 10 -o model.json");
        SetAction(result => TrainRun.Execute(ChoicesOf(result)));
    }

    /// <summary>What was typed, checked for sense.</summary>
    /// <exception cref="UsageException">A value of an option is none, or two options exclude each other.</exception>
    public TrainChoices ChoicesOf(ParseResult result) => new()
    {
        Data = _data.ChoicesOf(result),
        Output = result.GetValue(_output)!,
        Json = result.GetValue(_json),
        Report = result.GetValue(_report),
        Groups = result.GetValue(_groups),
        GroupColumn = result.GetValue(_groupColumn),
        Forced = result.GetValue(_force) ?? [],
        IsSandboxed = !result.GetValue(_noSandbox),
        Quiet = result.GetValue(_quiet),
        Options = OptionsOf(result),
    };

    private TrainingOptions OptionsOf(ParseResult result)
    {
        TrainingOptions defaults = new();
        (string? Feature, string Text)[] transforms = [.. (result.GetValue(_transforms) ?? []).Select(SplitTransform)];
        return defaults with
        {
            Name = result.GetValue(_name) ?? Path.GetFileNameWithoutExtension(result.GetValue(_output)!),
            Groups = Default(Groups(result.GetValue(_featureGroups)), defaults.Groups),
            Transforms = Default(
                transforms.Where(typed => typed.Feature == null)
                    .SelectMany(typed => typed.Text == "auto" ? TransformChoice.Auto : [TransformOf(typed.Text, typed.Text, "auto, ")]),
                defaults.Transforms),
            TransformOf = transforms.Where(typed => typed.Feature != null)
                .GroupBy(typed => typed.Feature!).ToDictionary(
                    typed => typed.Key, typed => TransformOf(typed.Last().Text, $"{typed.Key}={typed.Last().Text}", "")),
            Pairs = Default(Pairs(result.GetValue(_pairs)), defaults.Pairs),
            HashesSizes = result.GetValue(_hash),
            Penalties = Default(Penalties(result.GetValue(_penalties)), defaults.Penalties),
            ClassWeights = Default(Weights(result.GetValue(_weights)), defaults.ClassWeights),
            Cs = Default(Cs(result.GetValue(_cs)), defaults.Cs),
            Folds = (int?)result.GetValue(_folds),
            SplitBy = result.GetValue(_split) is { } by ? Enum.Parse<SplitBy>(by, ignoreCase: true) : null,
            HoldOut = result.GetValue(_holdOut) ?? defaults.HoldOut,
            Threshold = Rule(result.GetValue(_recall), result.GetValue(_alarms), result.GetValue(_budget)),
            Budget = result.GetValue(_budget),
            TargetFalseNegativeRate = result.GetValue(_missed),
            KeepsMalicious = result.GetValue(_keep),
            Prevalence = result.GetValue(_prevalence),
            Seed = (ulong?)result.GetValue(_seed) ?? defaults.Seed,
            DecideAfter = (int?)result.GetValue(_decideAfter),
        };
    }

    private static Option<string[]> Many(string name, string unit, string description) =>
        new(name) { Description = description, HelpName = unit, AllowMultipleArgumentsPerToken = true };

    private static IReadOnlyList<T> Default<T>(IEnumerable<T> typed, IReadOnlyList<T> otherwise) =>
        typed.Distinct().ToArray() is { Length: > 0 } given ? given : otherwise;

    private static ThresholdRule Rule(double? recall, double? alarms, Budget? budget) =>
        new[] { recall != null, alarms != null, budget != null }.Count(given => given) > 1
        ? throw new UsageException("--target-recall, --target-fpr and --budget each choose the threshold; give one of them.")
        : new ThresholdRule(recall, alarms);

    /// <summary>NAME=T in its two parts; without a name, the transform alone.</summary>
    private static (string? Feature, string Text) SplitTransform(string text) =>
        text.LastIndexOf('=') is var at && at > 0 ? (text[..at], text[(at + 1)..]) : (null, text);

    /// <summary>A transform. The grid of <c>auto</c> is for all features; that of one feature is a single transform.</summary>
    private static TransformChoice TransformOf(string text, string typed, string auto) => TransformChoice.Parse(text)
        ?? throw new UsageException(
            $"--transform {typed}: is not identity, log1p, {auto}or bins:N with N from 2 to {QuantileBins.MaxBins}.");

    private static IEnumerable<string> Groups(string[]? texts) => (texts ?? []).Select(text =>
        text is "auto" or FeatureGroup.All || text.Split('+').All(FeatureGroup.Names.Contains)
            ? text
            : throw new UsageException(
                $"--feature-groups {text}: is not all, auto, or of {string.Join(", ", FeatureGroup.Names)} joined by +."));

    private static IEnumerable<Penalty> Penalties(string[]? texts) => (texts ?? []).Select(text => text switch
    {
        "l1" => Penalty.L1,
        "l2" => Penalty.L2,
        _ => throw new UsageException($"--penalty {text}: is not l1 or l2."),
    });

    private static IEnumerable<ClassWeight> Weights(string[]? texts) => (texts ?? []).Select(text => ClassWeight.Parse(text)
        ?? throw new UsageException($"--class-weight {text}: is not none, balanced, or two numbers above 0 as in 1:5."));

    private static IEnumerable<int> Pairs(string[]? texts) => (texts ?? []).Select(text =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int pairs) && pairs <= MaxPairs
            ? pairs
            : throw new UsageException($"--pairs {text}: is not a whole number from 0 to {MaxPairs}."));

    private static IEnumerable<double> Cs(string[]? texts) => (texts ?? []).Select(text => NumberOf(text)
        ?? throw new UsageException($"--C {text}: is not a number above 0."));

    /// <summary>A value of --C; null for what is none.</summary>
    internal static double? NumberOf(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double c) && c is > 0 and <= 1e12 ? c : null;
}
