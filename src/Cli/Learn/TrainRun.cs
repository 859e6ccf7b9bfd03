using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;
using FlowMeter.Learning.Evaluation;
using FlowMeter.Learning.Training;
using FlowMeter.Report.Pages;

namespace FlowMeter.Cli.Learn;

/// <summary>One run of <c>flowmeter train</c>, from the checks before the first byte to the figures after the last fit.</summary>
internal static class TrainRun
{
    public static int Execute(TrainChoices choices)
    {
        TrainPlan plan = TrainPlan.From(choices);
        using StopSignal stop = new();
        return stop.Run(() => Train(choices, plan, new Notes(choices.Quiet), stop.Token));
    }

    private static int Train(TrainChoices choices, TrainPlan plan, Notes notes, CancellationToken stop)
    {
        DataChoices inputs = choices.Data;
        RunSandbox.Enter(choices.IsSandboxed, [.. inputs.Inputs, choices.Groups], choices.Output, choices.Json, choices.Report);
        using OutputFile output = OutputFile.Open(choices.Output);
        using OutputFile? json = choices.Json == null ? null : OutputFile.Open(choices.Json);
        using OutputFile? report = choices.Report == null ? null : OutputFile.Open(choices.Report);
        SourceNames? sources = choices.Groups != null ? SourceNames.Load(choices.Groups)
            : choices.GroupColumn != null ? SourceNames.FromColumn(choices.GroupColumn)
            : null;
        DataSet data = inputs.HasTables
            ? inputs.ReadTables(choices.Forced, null, sources, notes, stop)
            : inputs.ReadCaptures(plan.Metering, sources, notes, stop);
        TrainingOptions options = plan.Options with
        {
            Groups = [.. plan.Options.Groups.SelectMany(group => FeatureGroup.Candidates(group, data.Features)).Distinct()],
        };
        if (options.HashesSizes && !HashedSizes.IsIn(data))
        {
            throw new UsageException($"--hash: there are no columns {HashedSizes.Columns[0]} to {HashedSizes.Columns[^1]}; meter with "
                + "--profile extended or full, or leave it out.");
        }

        foreach (string feature in options.TransformOf.Keys.Where(feature => !data.Features.Contains(feature)))
        {
            throw new UsageException($"--transform {feature}=…: there is no such feature.");
        }

        notes.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"{data.Count} flows, {data.Positives} malicious, {data.Features.Count} features of profile {data.Profile}; "
                + $"{options.Grid().Count} grid points"));
        Stopwatch clock = Stopwatch.StartNew();
        TrainingResult result;
        double done = 0;
        double points = options.Grid().Count;
        using (notes.Show("grid points", () => (done * points, done)))
        {
            result = Trainer.Train(data, inputs.Sources, options, Notes.Tell, share => Volatile.Write(ref done, share), stop);
        }

        Show(notes, result, clock.Elapsed);
        using (Stream stream = output.AsStream())
        {
            ModelJson.Write(result.Model, stream);
        }

        output.Complete();
        if (json != null)
        {
            json.Write(
                JsonSerializer.SerializeToUtf8Bytes(result.HeldOut ?? result.CrossValidation, EvaluationJson.Default.EvaluationResult));
            json.Write("\n"u8);
            json.Complete();
        }

        if (report != null)
        {
            EvaluationResult? other = result.HeldOut == null ? null : result.CrossValidation;
            report.Write(ModelReport.Make(new ModelReportContent(
                result.Model, data, result.HeldOut ?? result.CrossValidation, other, IsTraining: true, ProgramVersion.Full)));
            report.Complete();
        }

        EvaluationText.Conclude(Terminal.Out, result.HeldOut ?? result.CrossValidation, notes);
        Terminal.Out.WriteLine(string.Join(", ", Written(choices)) + ".");
        return ExitCode.Done;
    }

    private static IEnumerable<string> Written(TrainChoices choices)
    {
        yield return $"The model is {choices.Output}";
        if (choices.Report != null)
        {
            yield return $"its report {choices.Report}";
        }

        if (choices.Json != null)
        {
            yield return $"its figures {choices.Json}";
        }
    }

    private static void Show(Notes notes, TrainingResult result, TimeSpan elapsed)
    {
        int unconverged = result.Grid.Sum(score => score.Unconverged);
        if (unconverged > 0)
        {
            Notes.Warn($"{unconverged} fits of the search did not converge; a smaller --C converges sooner");
        }

        if (!result.Converged)
        {
            Notes.Warn($"the final fit did not converge in {result.Iterations} steps; its weights are not the optimum");
        }

        notes.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"searched in {elapsed.TotalSeconds:0.0} s; folds by {result.SplitBy.ToString().ToLowerInvariant()}"));
        Terminal.Out.WriteLine("ROC area of the search for the final model, best first; the figures below do not rest on it:");
        foreach (GridScore score in result.Grid.OrderByDescending(score => double.IsNaN(score.Mean) ? -1 : score.Mean).Take(10))
        {
            Terminal.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{(double.IsNaN(score.Mean) ? $"{"-",17}" : $"{score.Mean,8:0.0000} ± {score.Deviation:0.0000}")}   {score.Point}"));
        }

        if (result.Grid.Count > 1)
        {
            Terminal.Out.WriteLine($"chosen, as the first within a standard error of the best: {result.Best.Point}");
        }

        foreach (var choice in result.Choices.GroupBy(point => point).OrderByDescending(choice => choice.Count()))
        {
            if (result.Grid.Count > 1)
            {
                Terminal.Out.WriteLine($"chosen inside {choice.Count()} of {result.Choices.Count} folds: {choice.Key}");
            }
        }

        Terminal.Out.WriteLine();
        EvaluationText.Write(Terminal.Out, result.CrossValidation);
        if (result.HeldOut != null)
        {
            EvaluationText.Write(Terminal.Out, result.HeldOut);
        }
    }
}
