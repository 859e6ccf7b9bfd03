using System.CommandLine;
using FlowMeter.Cli.Help;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Evaluation;

namespace FlowMeter.Cli.Learn;

/// <summary><c>flowmeter evaluate</c>: what a model is worth on labelled flows.</summary>
internal sealed class EvaluateCommand : Command
{
    private readonly DataArguments _data;

    private readonly Option<string> _model = new("--model")
    {
        Description = "The model to judge: a FlowMeter JSON file or a Deepfence parameter folder; builtin: the one inside. Default: "
            + "builtin.",
        HelpName = "PATH",
        DefaultValueFactory = _ => DefaultModel.Name,
    };

    private readonly Option<double?> _recall = NumberOption.Share(
        "--target-recall", "R", 1,
        "Choose the threshold that finds this share of malicious flows, as 0.99 or 99%. Default: the model's own threshold.");

    private readonly Option<double?> _alarms = NumberOption.Share(
        "--target-fpr", "R", 1,
        "Choose the threshold that sends on this share of benign flows at most, as 0.01 or 1%. Default: the model's own threshold.");

    private readonly Option<bool> _best = new("--best-f1")
    {
        Description = "Choose the threshold of best F1. Default: the model's own threshold.",
    };

    private readonly Option<double?> _prevalence = NumberOption.Share(
        "--prevalence", "SHARE", 1,
        "Also give the share of malicious flows among those sent on where this share of all flows is malicious, as 0.005 or 0.5%.");

    private readonly Option<long?> _seed = NumberOption.Whole(
        "--seed", 0, long.MaxValue,
        "Names the draws of the intervals: same seed, same figures. Default: 1.");

    private readonly Option<string?> _json = new("--json")
    {
        Description = "Write the evaluation with its curves to this file, as JSON.",
        HelpName = "PATH",
    };

    private readonly Option<string?> _report = new("--report")
    {
        Description = "Write a report of the evaluation to this file: one HTML page with figures, curves and weights.",
        HelpName = "PATH",
    };

    private readonly Option<bool> _noSandbox = RunOptions.NoSandbox();

    private readonly Option<bool> _quiet = RunOptions.QuietNotes();

    public EvaluateCommand()
        : base("evaluate", "Say what a model is worth on labelled flows: every figure with its interval, overall and by capture.")
    {
        _model.Complete(() => [DefaultModel.Name]);
        FileArgument.RejectEmpty(_model, _json, _report);
        Options.Add(_model);
        _data = new DataArguments(this);
        foreach (Option option in new Option[] { _recall, _alarms, _best, _prevalence, _seed, _json, _report, _noSandbox, _quiet })
        {
            Options.Add(option);
        }

        Examples.Add(
            this,
            "flowmeter evaluate --model model.json --benign office.pcap --malicious attack.pcap",
            "flowmeter evaluate --model model.json capture.pcap --labels labels.tsv --prevalence 0.005",
            "flowmeter evaluate --model model.json flows.csv --label-column label --target-fpr 0.01 --json evaluation.json");
        SetAction(result => EvaluateRun.Execute(ChoicesOf(result)));
    }

    /// <summary>What was typed, checked for sense.</summary>
    /// <exception cref="UsageException">Two options exclude each other, or there are no flows.</exception>
    public EvaluateChoices ChoicesOf(ParseResult result) => new()
    {
        ModelPath = result.GetValue(_model)!,
        Threshold = Rule(result.GetValue(_recall), result.GetValue(_alarms), result.GetValue(_best)),
        Data = _data.ChoicesOf(result),
        Prevalence = result.GetValue(_prevalence),
        Seed = (ulong)(result.GetValue(_seed) ?? 1),
        Json = result.GetValue(_json),
        Report = result.GetValue(_report),
        IsSandboxed = !result.GetValue(_noSandbox),
        Quiet = result.GetValue(_quiet),
    };

    private static ThresholdRule? Rule(double? recall, double? alarms, bool isBest) =>
        new[] { recall != null, alarms != null, isBest }.Count(given => given) switch
        {
            0 => null,
            1 => new ThresholdRule(recall, alarms),
            _ => throw new UsageException("--target-recall, --target-fpr and --best-f1 each choose the threshold; give one of them."),
        };
}
