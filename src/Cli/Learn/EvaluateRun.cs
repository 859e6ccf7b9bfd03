using System.Text.Json;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;
using FlowMeter.Learning.Evaluation;
using FlowMeter.Report.Pages;

namespace FlowMeter.Cli.Learn;

/// <summary>One run of <c>flowmeter evaluate</c>, from the checks before the first byte to the figures.</summary>
internal static class EvaluateRun
{
    public static int Execute(EvaluateChoices choices)
    {
        EvaluatePlan? plan = EvaluatePlan.From(choices);
        using StopSignal stop = new();
        return stop.Run(() => Run(choices, plan, new Notes(choices.Quiet), stop.Token));
    }

    private static int Run(EvaluateChoices choices, EvaluatePlan? plan, Notes notes, CancellationToken stop)
    {
        RunSandbox.Enter(choices.IsSandboxed, [.. choices.Data.Inputs, choices.ModelPath], choices.Json, choices.Report);
        (Model model, DataSet data) = plan == null
            ? ReadTables(choices.Data, choices.ModelPath, notes, stop)
            : (plan.Model, choices.Data.ReadCaptures(plan.Metering, null, notes, stop));
        using OutputFile? file = choices.Json == null ? null : OutputFile.Open(choices.Json);
        using OutputFile? page = choices.Report == null ? null : OutputFile.Open(choices.Report);
        int positives = data.Positives;
        if (data.Count == 0)
        {
            throw new DataException($"{choices.Data.Sources[0]}: no labelled flows; check the inputs and their labels.");
        }

        if (positives == 0 || positives == data.Count)
        {
            Notes.Tell($"all flows are {(positives == 0 ? "benign" : "malicious")}: figures that compare the classes have no value");
        }

        double[] scores = ScoredFlows.Score(model, data);
        double threshold = choices.Threshold?.Choose(scores, data.Positive) ?? model.Threshold;
        double benignBelow = choices.Threshold == null ? model.BenignBelow : threshold;
        EvaluationResult result;
        double drawn = 0;
        using (notes.Show("flows", () => (drawn * data.Count, drawn)))
        {
            result = Evaluator.Evaluate(
                model.Name,
                new ScoredFlows(data, scores, model.MinPackets),
                threshold,
                choices.Threshold?.ToString() ?? "the model's own",
                choices.Prevalence,
                choices.Seed,
                EvaluationResult.UnknownProtocol,
                share => Volatile.Write(ref drawn, share),
                benignBelow,
                stop);
        }

        EvaluationText.Write(Terminal.Out, result);
        EvaluationText.Conclude(Terminal.Out, result, notes);
        if (file != null)
        {
            file.Write(JsonSerializer.SerializeToUtf8Bytes(result, EvaluationJson.Default.EvaluationResult));
            file.Write("\n"u8);
            file.Complete();
        }

        if (page != null)
        {
            page.Write(ModelReport.Make(new ModelReportContent(model, data, result, null, IsTraining: false, ProgramVersion.Full)));
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
                return model.Columns;
            },
            null,
            notes,
            stop);
        return (model!, data);
    }
}
