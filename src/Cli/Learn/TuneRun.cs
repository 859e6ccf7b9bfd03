using System.Globalization;
using System.Text.Json;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;
using FlowMeter.Learning.Evaluation;
using FlowMeter.Learning.Training;

namespace FlowMeter.Cli.Learn;

/// <summary>One run of <c>flowmeter tune</c>, from the checks before the first byte to what to expect of the model.</summary>
internal static class TuneRun
{
    public static int Execute(TuneChoices choices)
    {
        TunePlan plan = TunePlan.From(choices);
        using StopSignal stop = new();
        return stop.Run(() => Tune(choices, plan, new Notes(choices.Quiet), stop.Token));
    }

    private static int Tune(TuneChoices choices, TunePlan plan, Notes notes, CancellationToken stop)
    {
        RunSandbox.Enter(choices.IsSandboxed, choices.Data.Inputs, choices.Output, choices.Json);
        using OutputFile output = OutputFile.Open(choices.Output);
        using OutputFile? json = choices.Json == null ? null : OutputFile.Open(choices.Json);
        DataSet data = choices.Data.ReadCaptures(plan.Metering, null, notes, stop);
        TuningResult result;
        double done = 0;
        using (notes.Show("percent of the fits", () => (100 * done, done)))
        {
            result = Tuner.Tune(
                plan.Model, data, choices.Data.Sources, plan.Options, Notes.Tell, share => Volatile.Write(ref done, share), stop);
        }

        using (Stream stream = output.AsStream())
        {
            ModelJson.Write(result.Model, stream);
        }

        output.Complete();
        if (json != null)
        {
            json.Write(JsonSerializer.SerializeToUtf8Bytes(result.Expected, EvaluationJson.Default.EvaluationResult));
            json.Write("\n"u8);
            json.Complete();
        }

        Write(Terminal.Out, plan, result);
        Terminal.Out.WriteLine($"The model is {choices.Output}.");
        return ExitCode.Done;
    }

    private static void Write(TextWriter to, TunePlan plan, TuningResult result)
    {
        Model model = result.Model;
        string folds = result.SplitBy == SplitBy.Capture ? "captures" : "time";
        to.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{plan.Model.Name}, {(result.IsRefitted ? "fitted again" : "thresholds only")}: {result.Benign:#,0} benign flows, "
                + $"{result.Malicious:#,0} malicious, {TuningOptions.Folds} folds by {folds}"));
        to.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"malicious from {model.Threshold:0.####} on, benign below {model.BenignBelow:0.####}; budget {plan.Options.Budget}"));
        to.WriteLine();
        to.WriteLine($"{"expect of flows that were not seen",-36}{"tuned",10}{"95 % interval",24}{"before",10}");
        Row(to, "benign judged malicious", result, "benign_called_malicious");
        if (model.Benign!.FlowsADay is double rate && result.Expected["benign_called_malicious"] is { Value: double alarms } share)
        {
            to.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{"  false alarms a day",-36}{alarms * rate,10:#,0.0}{$"{share.Low * rate:#,0.0} to {share.High * rate:#,0.0}",24}"
                    + $"{result.Before["benign_called_malicious"].Value * rate,10:#,0.0}"));
        }

        Row(to, "benign undecided", result, "undecided_benign", result.Benign);
        if (result.Malicious > 0)
        {
            Row(to, "malicious judged malicious", result, "true_positives", result.Malicious, "undecided_malicious");
            Row(to, "malicious undecided", result, "undecided_malicious", result.Malicious);
            Row(to, "malicious judged benign", result, "false_negatives", result.Malicious);
            Figure area = result.Unseen["roc_area"];
            to.WriteLine(Line("ROC area", area.Value, area.Low, area.High, result.Before["roc_area"].Value));
            to.WriteLine();
            to.WriteLine("The malicious flows are from other networks, and part of what tells them apart may be the network: in yours, "
                + "expect to "
                    + "find fewer.");
        }

        to.WriteLine();
    }

    /// <summary>A share: of a figure that is one, or of counts of flows, less those of another figure.</summary>
    private static void Row(TextWriter to, string name, TuningResult result, string figure, int flows = 1, string? less = null)
    {
        double? Value(EvaluationResult of) => (of[figure].Value - (less == null ? 0 : of[less].Value)) / flows;
        Figure expected = result.Expected[figure];
        bool hasInterval = less == null;
        to.WriteLine(Line(
            name, Value(result.Expected), hasInterval ? expected.Low / flows : null, hasInterval ? expected.High / flows : null,
            Value(result.Before)));
    }

    private static string Line(string name, double? value, double? low, double? high, double? before) => string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-36}{value,10:0.0000}{(low == null ? "" : $"{low:0.0000} to {high:0.0000}"),24}{before,10:0.0000}");
}
