using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FlowMeter.Engine.Evaluation;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Report;
using FlowMeter.Engine.Scoring;
using FlowMeter.Engine.Training;

namespace FlowMeter.Cli;

/// <summary>One run of <c>flowmeter train</c>, from the checks before the first byte to the figures after the last fit.</summary>
internal static class TrainRun
{
    public static int Execute(TrainChoices choices)
    {
        DataChoices inputs = choices.Data;
        if (inputs.HasTables && choices.Options.DecideAfter != null)
        {
            throw new UsageException("--decide-after: a table's features are what they are; give captures, or leave it out.");
        }

        if (!inputs.HasTables && choices.Forced.Length > 0)
        {
            throw new UsageException("--force-feature: captures give the features of their profile; give a table, or leave it out.");
        }

        using StopSignal stop = new();
        MeteringPlan plan = MeteringPlan.Of(inputs.Metering, workers: 1, isTimely: false);
        using OutputFile output = OutputFile.Open(choices.Output);
        using OutputFile? json = choices.Json == null ? null : OutputFile.Open(choices.Json);
        using OutputFile? report = choices.Report == null ? null : OutputFile.Open(choices.Report);
        DataSet data = inputs.HasTables ? inputs.ReadTables(choices.Forced, null) : inputs.ReadCaptures(plan, choices.Options.DecideAfter, stop.Token);
        if (stop.ExitCode is int code)
        {
            return code;
        }

        TrainingOptions options = choices.Options with
        {
            LeastPackets = inputs.HasTables ? 1 : (int)Math.Min(plan.Options.LeastPackets, int.MaxValue),
            Groups = [.. choices.Options.Groups.SelectMany(group => FeatureGroup.Candidates(group, data.Features)).Distinct()],
        };
        foreach (string feature in options.TransformOf.Keys.Where(feature => !data.Features.Contains(feature)))
        {
            throw new UsageException($"--transform {feature}=…: there is no such feature.");
        }

        Note(choices, string.Create(
            CultureInfo.InvariantCulture,
            $"{data.Count} flows, {data.Positives} malicious, {data.Features.Count} features of profile {data.Profile}; {options.Grid().Count} grid points, {options.Folds} folds"));
        Stopwatch clock = Stopwatch.StartNew();
        TrainingResult result = Trainer.Train(data, inputs.Sources, options, DataChoices.Tell, Progress(choices, stop));
        Show(choices, result, clock.Elapsed);
        using (Stream stream = output.AsStream())
        {
            ModelJson.Write(result.Model, stream);
        }

        output.Complete();
        if (json != null)
        {
            json.Write(JsonSerializer.SerializeToUtf8Bytes(result.HeldOut ?? result.CrossValidation, EvaluationJson.Default.EvaluationResult));
            json.Write("\n"u8);
            json.Complete();
        }

        if (report != null)
        {
            EvaluationResult? other = result.HeldOut == null ? null : result.CrossValidation;
            report.Write(ModelReport.Make(new ModelReportContent(result.Model, data, result.HeldOut ?? result.CrossValidation, other, IsTraining: true, $"flowmeter {VersionText.Number}")));
            report.Complete();
        }

        return ExitCode.Done;
    }

    private static void Show(TrainChoices choices, TrainingResult result, TimeSpan elapsed)
    {
        int unconverged = result.Grid.Sum(score => score.Unconverged);
        if (unconverged > 0)
        {
            DataChoices.Tell($"warning: {unconverged} fits of the search did not converge; a smaller --C converges sooner");
        }

        if (!result.Converged)
        {
            DataChoices.Tell($"warning: the final fit did not converge in {result.Iterations} steps; its weights are not the optimum");
        }

        Note(choices, string.Create(CultureInfo.InvariantCulture, $"searched in {elapsed.TotalSeconds:0.0} s; folds by {result.SplitBy.ToString().ToLowerInvariant()}"));
        Console.Out.WriteLine("ROC area in cross-validation, best first:");
        foreach (GridScore score in result.Grid.OrderByDescending(score => double.IsNaN(score.Mean) ? -1 : score.Mean).Take(10))
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{score.Mean,8:0.0000} ± {score.Deviation:0.0000}   {score.Point}"));
        }

        Console.Out.WriteLine();
        EvaluationText.Write(Console.Out, result.CrossValidation);
        if (result.HeldOut != null)
        {
            EvaluationText.Write(Console.Out, result.HeldOut);
        }
    }

    private static Action<double> Progress(TrainChoices choices, StopSignal stop)
    {
        bool isShown = !choices.Quiet && !Console.IsErrorRedirected;
        Lock gate = new();
        int shown = -1;
        return share =>
        {
            // Nothing is lost by ending a search: there is no model before its end.
            if (stop.ExitCode is int code)
            {
                Environment.Exit(code);
            }

            if (!isShown)
            {
                return;
            }

            lock (gate)
            {
                int percent = (int)(share * 100);
                if (percent > shown)
                {
                    shown = percent;
                    Console.Error.Write(percent == 100 ? "\r          \r" : $"\rsearch {percent,3} %");
                }
            }
        };
    }

    private static void Note(TrainChoices choices, string line)
    {
        if (!choices.Quiet)
        {
            DataChoices.Tell(line);
        }
    }
}
