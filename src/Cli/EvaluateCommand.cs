using System.CommandLine;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;
using FlowMeter.Learning.Evaluation;
using FlowMeter.Report.Pages;

namespace FlowMeter.Cli;

/// <summary><c>flowmeter evaluate</c>: what a model is worth on labelled flows.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        Option<string> model = new("--model") { Description = "The model to judge: a FlowMeter JSON file or a Deepfence parameter folder; builtin: the one inside. Default: builtin.", HelpName = "PATH", DefaultValueFactory = _ => DefaultModel.Name };
        Command command = new("evaluate", "Say what a model is worth on labelled flows: every figure with its interval, overall and by capture.") { model };
        DataArguments data = new(command);
        Option<double?> recall = NumberOption.Share("--target-recall", "R", 1, "Choose the threshold that finds this share of malicious flows, as 0.99 or 99%. Default: the model's own threshold.");
        Option<double?> alarms = NumberOption.Share("--target-fpr", "R", 1, "Choose the threshold that sends on this share of benign flows at most, as 0.01 or 1%. Default: the model's own threshold.");
        Option<bool> best = new("--best-f1") { Description = "Choose the threshold of best F1. Default: the model's own threshold." };
        Option<double?> prevalence = NumberOption.Share("--prevalence", "SHARE", 1, "Also give the share of malicious flows among those sent on where this share of all flows is malicious, as 0.005 or 0.5%.");
        Option<long?> seed = NumberOption.Whole("--seed", 0, long.MaxValue, "Names the draws of the intervals: same seed, same figures. Default: 1.");
        Option<string?> json = new("--json") { Description = "Write the evaluation with its curves to this file, as JSON.", HelpName = "PATH" };
        Option<string?> report = new("--report") { Description = "Write a report of the evaluation to this file: one HTML page with figures, curves and weights.", HelpName = "PATH" };
        Option<bool> quiet = new("--quiet", "-q") { Description = "No progress and no notes on stderr; errors and warnings only." };
        model.Complete(() => [DefaultModel.Name]);
        FileArgument.RejectEmpty(model, json, report);
        foreach (Option option in new Option[] { recall, alarms, best, prevalence, seed, json, report, quiet })
        {
            command.Options.Add(option);
        }

        Examples.Of(
            command,
            "flowmeter evaluate --model model.json --benign office.pcap --malicious attack.pcap",
            "flowmeter evaluate --model model.json capture.pcap --labels labels.tsv --prevalence 0.005",
            "flowmeter evaluate --model model.json flows.csv --label-column label --target-fpr 0.01 --json evaluation.json");
        command.SetAction(result =>
        {
            double? targetRecall = result.GetValue(recall);
            double? targetRate = result.GetValue(alarms);
            bool isBest = result.GetValue(best);
            if ((targetRecall != null ? 1 : 0) + (targetRate != null ? 1 : 0) + (isBest ? 1 : 0) > 1)
            {
                throw new UsageException("--target-recall, --target-fpr and --best-f1 each choose the threshold; give one of them.");
            }

            ThresholdRule? rule = targetRecall != null || targetRate != null || isBest ? new ThresholdRule(targetRecall, targetRate) : null;
            DataChoices choices = data.Read(result);
            using StopSignal stop = new();
            return stop.Run(() => Run(result.GetValue(model)!, choices, rule, result.GetValue(prevalence), (ulong)(result.GetValue(seed) ?? 1), result.GetValue(json), result.GetValue(report), new Notes(result.GetValue(quiet)), stop.Token));
        });
        return command;
    }

    private static int Run(string modelPath, DataChoices choices, ThresholdRule? rule, double? prevalence, ulong seed, string? json, string? report, Notes notes, CancellationToken stop)
    {
        (Model model, DataSet data) = choices.HasTables ? ReadTables(choices, modelPath, notes, stop) : ReadCaptures(choices, modelPath, notes, stop);
        using OutputFile? file = json == null ? null : OutputFile.Open(json);
        using OutputFile? page = report == null ? null : OutputFile.Open(report);
        int positives = data.Positives;
        if (data.Count == 0)
        {
            throw new DataException($"{choices.Sources[0]}: no labelled flows; check the inputs and their labels.");
        }

        if (positives == 0 || positives == data.Count)
        {
            notes.Tell($"all flows are {(positives == 0 ? "benign" : "malicious")}: figures that compare the classes have no value");
        }

        double[] scores = ScoredFlows.Score(model, data);
        double threshold = rule?.Choose(scores, data.Positive) ?? model.Threshold;
        EvaluationResult result;
        double drawn = 0;
        using (notes.Show("flows", () => (drawn * data.Count, drawn)))
        {
            result = Evaluator.Evaluate(
                model.Name, new ScoredFlows(data, scores, model.LeastPackets), threshold, rule?.ToString() ?? "the model's own", prevalence, seed, share => Volatile.Write(ref drawn, share), stop);
        }

        EvaluationText.Write(Terminal.Out, result);
        EvaluationText.Conclude(Terminal.Out, result, notes);
        if (file != null)
        {
            file.Write(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(result, EvaluationJson.Default.EvaluationResult));
            file.Write("\n"u8);
            file.Complete();
        }

        if (page != null)
        {
            page.Write(ModelReport.Make(new ModelReportContent(model, data, result, null, IsTraining: false, $"flowmeter {VersionText.Number}")));
            page.Complete();
        }

        return ExitCode.Done;
    }

    private static (Model Model, DataSet Data) ReadTables(DataChoices choices, string modelPath, Notes notes, CancellationToken stop)
    {
        Model? model = null;
        DataSet data = choices.ReadTables(
            [],
            columns =>
            {
                model = TableModel.Load(modelPath, columns, choices.Files[0]);
                return [.. model.Features.Select(feature => feature.Name)];
            },
            notes,
            stop);
        return (model!, data);
    }

    private static (Model Model, DataSet Data) ReadCaptures(DataChoices choices, string modelPath, Notes notes, CancellationToken stop)
    {
        MeteringPlan plan = MeteringPlan.Of(choices.Metering with { ModelPath = modelPath }, workers: 1, isTimely: false);
        Model model = plan.Model ?? throw new UsageException($"--model {modelPath}: there is nothing to judge then; name a model.");
        return (model, choices.ReadCaptures(plan, model.DecideAfter, notes, stop));
    }
}
