using System.Globalization;
using System.Text.Json;
using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;
using FlowMeter.Learning.Evaluation;

namespace FlowMeter.Learning.Training;

/// <summary>
/// Fits a model to the benign traffic of another network: its weights against the malicious flows that it carries, its thresholds by a
/// budget. Both are chosen on scores of flows that the scoring model was not fitted to, and what to expect is told by thresholds chosen
/// without the flow's fold, too. The same data and seed give the same model on every machine.
/// </summary>
public static class Tuner
{
    /// <summary>Benign flows that it takes at least: fewer say nothing about a share of 5 %.</summary>
    public const int MinBenign = 100;

    private const int MinMalicious = 50;

    /// <summary>Tunes a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="user">The user's flows, benign and perhaps malicious ones, with all features of the model.</param>
    /// <param name="sources">The files they are from, for the record inside the model.</param>
    /// <param name="options">What to make.</param>
    /// <param name="tell">Receives one line if the weights can not be fitted.</param>
    /// <param name="done">Receives the share of the fits that is done, from 0 to 1, from any thread.</param>
    /// <param name="stop">Cancels the tuning.</param>
    /// <exception cref="DataException">There are too few benign flows, or what the budget counts is not known of them.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public static TuningResult Tune(
        Model model, DataSet user, IReadOnlyList<string> sources, TuningOptions options, Action<string> tell, Action<double> done,
        CancellationToken stop = default)
    {
        int benignFlows = user.Count - user.Positives;
        if (benignFlows < MinBenign)
        {
            throw new DataException(
                $"{benignFlows} benign flows of {model.MinPackets} packets and more are too few to tune to; give captures with at least "
                    + $"{MinBenign}, better of a whole day.");
        }

        TuningData data = TuningData.Join(user, model, options.Seed);
        bool isRefitted = data.Flows.Positives >= MinMalicious;
        if (!isRefitted)
        {
            tell($"model {model.Name} carries {(model.Malicious == null ? "no" : "few")} malicious flows (train --keep-malicious keeps "
                + "them): its weights stay, only the thresholds move");
        }

        double[] before = ScoredFlows.Score(model, data.Flows);
        (Model fitted, double[] scores, TuningRecord record) = isRefitted
            ? Refit(model, data, sources, options, done, stop)
            : (model, before, Record(model, data, sources, options, null, null, null));
        ScoredFlows unseen = new(data.Flows, scores, model.MinPackets);
        BenignScores benign = VerdictThresholds.BenignOf(unseen) with { FlowsADay = user.BenignFlowsADay };
        (double malicious, double below) = Thresholds(options, model, unseen, benign);
        Model tuned = fitted.WithThresholds(malicious, below) with
        {
            Name = options.Name,
            IsUntuned = false,
            Benign = benign,
            Trained = JsonSerializer.SerializeToElement(record, TrainingJson.Default.TuningRecord),
        };
        EvaluationResult Judge(string name, double[] judged, double threshold, double benignBelow, string rule) => Evaluator.Evaluate(
            name, new ScoredFlows(data.Flows, judged, model.MinPackets), threshold, rule, null, options.Seed, benignBelow: benignBelow,
            stop: stop);
        string by = data.SplitBy.ToString().ToLowerInvariant();
        return new TuningResult(
            tuned, isRefitted, data.SplitBy, benignFlows, data.Flows.Positives,
            Judge($"cross-validation, {TuningOptions.Folds} folds by {by}", scores, tuned.Threshold, tuned.BenignBelow, record.Threshold),
            Judge("thresholds of other folds", Expect(options, model, unseen, data, user.BenignFlowsADay), 1, 0.5, record.Threshold),
            Judge("before", before, model.Threshold, model.BenignBelow, "the model's own"));
    }

    private static (Model Model, double[] Scores, TuningRecord Record) Refit(
        Model model, TuningData data, IReadOnlyList<string> sources, TuningOptions options, Action<double> done, CancellationToken stop)
    {
        TuningFit fits = new(data, model, stop);
        double[] cs = [.. options.Cs.Concat(COf(model) is double c ? [c] : Array.Empty<double>()).Distinct().Order()];
        (double best, double area, double[] scores) = fits.CrossFit(cs, done);
        (Model fitted, Fit fit) = fits.FitAll(best);
        return (fitted, scores, Record(model, data, sources, options, best, area, fit));
    }

    /// <summary>The C that the model was trained with, if its record says so.</summary>
    private static double? COf(Model model) =>
        model.Trained is { ValueKind: JsonValueKind.Object } record && record.TryGetProperty("c", out JsonElement c)
            && c.ValueKind == JsonValueKind.Number && c.TryGetDouble(out double value) && value is > 0 and < 1e12
            ? value
            : null;

    private static (double Malicious, double BenignBelow) Thresholds(
        TuningOptions options, Model model, ScoredFlows flows, BenignScores benign)
    {
        double malicious = VerdictThresholds.OfBudget(options.Budget, benign);
        double below = flows.Data.Positives < MinMalicious
            ? model.BenignBelow
            : new ThresholdRule(1 - TuningOptions.MissedShare, null).Choose(flows.Scores, flows.Data.Positive);
        return (malicious, Math.Min(below, malicious));
    }

    /// <summary>The verdict on each flow by thresholds that were chosen on the other folds, as scores of 1, 0.5 and 0.</summary>
    private static double[] Expect(TuningOptions options, Model model, ScoredFlows flows, TuningData data, double? flowsADay)
    {
        double[] judged = new double[flows.Scores.Length];
        for (int fold = 0; fold < TuningOptions.Folds; fold++)
        {
            ScoredFlows others = flows.WithRows([.. data.Flows.AllRows().Where(row => data.FoldOf[row] != fold)]);
            BenignScores benign = VerdictThresholds.BenignOf(others) with { FlowsADay = flowsADay };
            (double malicious, double below) = Thresholds(options, model, others, benign);
            foreach (int row in data.Flows.AllRows().Where(row => data.FoldOf[row] == fold))
            {
                judged[row] = flows.Scores[row] >= malicious ? 1 : flows.Scores[row] < below ? 0 : 0.5;
            }
        }

        return judged;
    }

    private static TuningRecord Record(
        Model model, TuningData data, IReadOnlyList<string> sources, TuningOptions options, double? c, double? area, Fit? fit) => new()
    {
        By = "flowmeter tune",
        Base = model.Name,
        Sources = sources,
        Flows = data.Flows.Count,
        Malicious = data.Flows.Positives,
        MaliciousOfBase = data.Flows.Count - data.OfUser,
        Refitted = fit != null,
        SplitBy = data.SplitBy.ToString().ToLowerInvariant(),
        Folds = TuningOptions.Folds,
        Seed = options.Seed,
        Threshold = string.Create(
            CultureInfo.InvariantCulture,
            $"{options.Budget}, benign where {TuningOptions.MissedShare} or less of the malicious are, in cross-validation"),
        Penalty = "l2",
        ClassWeight = Training.ClassWeight.Balanced.ToString(),
        C = c,
        RocArea = area,
        Converged = fit?.Converged ?? true,
    };
}
