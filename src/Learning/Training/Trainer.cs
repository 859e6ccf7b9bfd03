using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;
using FlowMeter.Learning.Evaluation;

namespace FlowMeter.Learning.Training;

/// <summary>
/// Makes a model of labelled flows, in this order: holds flows out, searches the grid by cross-validation, chooses the threshold on the
/// scores of flows that the scoring model was not trained with, fits the final model to all flows that were not held out, and evaluates it.
/// The same data, options and seed give the same model on every machine.
/// </summary>
public static class Trainer
{
    /// <summary>Trains a model.</summary>
    /// <param name="data">The labelled flows.</param>
    /// <param name="sources">The files they are from, for the record inside the model.</param>
    /// <param name="options">What to try and how to compare it.</param>
    /// <param name="tell">Receives one line for each kind of column that is left out or limited.</param>
    /// <param name="done">Receives the share of the search that is done, from 0 to 1, from any thread.</param>
    /// <param name="stop">Cancels the training.</param>
    /// <exception cref="DataException">The flows have one class only, or no features to train with.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public static TrainingResult Train(
        DataSet data,
        IReadOnlyList<string> sources,
        TrainingOptions options,
        Action<string> tell,
        Action<double> done,
        CancellationToken stop = default)
    {
        RequireBothClasses(data, data.AllRows(), "the flows");
        SplitBy by = options.SplitBy ?? (data.ByCapture(data.AllRows()).Count() >= 2 * options.Folds ? SplitBy.Capture : SplitBy.Flow);
        if (by == SplitBy.Time && !data.HasTimes)
        {
            tell("no start times: flows are taken to be in order of time");
        }

        (int[] train, int[] test) = HoldOut(data, options, by);
        RequireBothClasses(data, train, "the flows to train with");
        int[] features = FeatureSelection.Choose(data, train, tell);
        int[] foldOf = Folds.Assign(data, train, Folds.Equal(options.Folds), by, options.Seed + 1);
        if (foldOf.Distinct().Count() < 2)
        {
            throw new DataException(
                "all flows are in one fold: there is one capture, or one flow; give more of them, or use --split flow.");
        }

        GridSearch search = new(data, features, train, foldOf, options, stop);
        IReadOnlyList<GridScore> grid = search.Run(done);
        GridScore best = grid.MaxBy(score => double.IsNaN(score.Mean) ? double.NegativeInfinity : Math.Round(score.Mean, 6))!;
        if (double.IsNaN(best.Mean))
        {
            throw new DataException("no fold has both classes, so nothing can be compared; give more captures of each class, fewer "
                + "--folds, or use --split flow.");
        }

        double[] scores = search.OutOfFold(best.Point);
        int[] scored = [.. Enumerable.Range(0, train.Length).Where(i => !double.IsNaN(scores[i]))];
        ScoredFlows outOfFold = new(
            data.WithRows(Array.ConvertAll(scored, i => train[i])), Array.ConvertAll(scored, i => scores[i]), options.MinPackets);
        BenignScores benign = VerdictThresholds.BenignOf(outOfFold);
        VerdictThresholds thresholds = VerdictThresholds.Choose(options, outOfFold, benign);
        (Model fitted, Fit fit) = Learner.Learn(data, features, train, best.Point, options, stop);
        Model model = fitted.WithThresholds(thresholds.Malicious, thresholds.BenignBelow) with
        {
            Benign = benign.Flows > 0 ? benign : null,
            Malicious = options.KeepsMalicious ? KeptMalicious.From(fitted, data, train) : null,
            Trained = TrainingRecord.CreateJson(data, sources, train, test, by, options, grid, best, fit),
        };
        string rule = $"{thresholds.Rule} in cross-validation";
        EvaluationResult Judge(string name, ScoredFlows flows) => Evaluator.Evaluate(
            name, flows, thresholds.Malicious, rule, options.Prevalence, options.Seed, stop: stop, benignBelow: thresholds.BenignBelow);
        EvaluationResult crossValidation = Judge($"cross-validation, {options.Folds} folds by {Name(by)}", outOfFold);
        EvaluationResult? heldOut = test.Length == 0
            ? null
            : Judge(
                $"held out, by {Name(by)}", new ScoredFlows(data.WithRows(test), ScoredFlows.Score(model, data, test), options.MinPackets));
        return new TrainingResult(model, grid, best, by, fit.Iterations, fit.Converged, crossValidation, heldOut);
    }

    private static string Name(SplitBy by) => by.ToString().ToLowerInvariant();

    private static (int[] Train, int[] Test) HoldOut(DataSet data, TrainingOptions options, SplitBy by)
    {
        int[] rows = data.AllRows();
        if (options.HoldOut == 0)
        {
            return (rows, []);
        }

        int[] part = Folds.Assign(data, rows, [1 - options.HoldOut, options.HoldOut], by, options.Seed);
        return ([.. rows.Where(row => part[row] == 0)], [.. rows.Where(row => part[row] == 1)]);
    }

    private static void RequireBothClasses(DataSet data, int[] rows, string what)
    {
        int malicious = rows.Count(row => data.Positive[row]);
        if (rows.Length == 0)
        {
            throw new DataException("no flows: there is nothing to train with; check the inputs and their labels.");
        }

        if (malicious == 0 || malicious == rows.Length)
        {
            throw new DataException($"{what} are all {(malicious == 0 ? "benign" : "malicious")}: there is nothing to tell apart; give "
                + "flows of both classes, or check --positive and --split.");
        }
    }
}
