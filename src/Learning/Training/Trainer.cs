using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;
using FlowMeter.Learning.Evaluation;

namespace FlowMeter.Learning.Training;

/// <summary>What training came to.</summary>
/// <param name="Model">The model, with how it was trained.</param>
/// <param name="Grid">Every grid point with its cross-validation.</param>
/// <param name="Best">The one that was chosen.</param>
/// <param name="SplitBy">What stayed together in folds.</param>
/// <param name="Iterations">Steps of the final fit.</param>
/// <param name="Converged">Whether the final fit is a solution.</param>
/// <param name="CrossValidation">Figures of scores from models that had not seen the flow's fold.</param>
/// <param name="HeldOut">Figures of the final model on flows that no part of the training has seen; null if none were held out.</param>
public sealed record TrainingResult(
    Model Model,
    IReadOnlyList<GridScore> Grid,
    GridScore Best,
    SplitBy SplitBy,
    int Iterations,
    bool Converged,
    EvaluationResult CrossValidation,
    EvaluationResult? HeldOut);

/// <summary>From labelled flows to a judged model: hold out, search by cross-validation, choose the threshold on unseen flows, fit on all the rest, evaluate.</summary>
public static class Trainer
{
    /// <summary>Trains.</summary>
    /// <param name="data">The labelled flows.</param>
    /// <param name="sources">What they are from, for the model's own record.</param>
    /// <param name="options">What to try.</param>
    /// <param name="tell">Told lines about columns and choices.</param>
    /// <param name="done">Told how much of the search is done, from 0 to 1.</param>
    /// <param name="stop">Ends the training; there is no model then.</param>
    /// <exception cref="DataException">There is nothing to learn from.</exception>
    /// <exception cref="OperationCanceledException">Told to stop.</exception>
    public static TrainingResult Train(DataSet data, IReadOnlyList<string> sources, TrainingOptions options, Action<string> tell, Action<double> done, CancellationToken stop = default)
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
            throw new DataException("all flows are in one fold: there is one capture, or one flow; give more of them, or use --split flow.");
        }

        GridSearch search = new(data, features, train, foldOf, options, stop);
        IReadOnlyList<GridScore> grid = search.Run(done);
        GridScore best = grid.MaxBy(score => double.IsNaN(score.Mean) ? double.NegativeInfinity : Math.Round(score.Mean, 6))!;
        if (double.IsNaN(best.Mean))
        {
            throw new DataException("no fold has both classes, so nothing can be compared; give more captures of each class, fewer --folds, or use --split flow.");
        }

        double[] scores = search.OutOfFold(best.Point);
        int[] scored = [.. Enumerable.Range(0, train.Length).Where(i => !double.IsNaN(scores[i]))];
        ScoredFlows outOfFold = new(data.Of(Array.ConvertAll(scored, i => train[i])), Array.ConvertAll(scored, i => scores[i]), options.LeastPackets);
        double threshold = options.Threshold.Choose(outOfFold.Scores, outOfFold.Data.Positive);
        (Model fitted, Fit fit) = Learner.Learn(data, features, train, best.Point, options, stop);
        Model model = fitted.With(threshold, TrainingRecord.Of(data, sources, train, test, by, options, grid, best, fit));
        string rule = $"{options.Threshold} in cross-validation";
        EvaluationResult Judge(string name, ScoredFlows flows) => Evaluator.Evaluate(name, flows, threshold, rule, options.Prevalence, options.Seed, stop: stop);
        EvaluationResult crossValidation = Judge($"cross-validation, {options.Folds} folds by {Name(by)}", outOfFold);
        EvaluationResult? heldOut = test.Length == 0
            ? null
            : Judge($"held out, by {Name(by)}", new ScoredFlows(data.Of(test), Learner.Score(model, data, test), options.LeastPackets));
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
            throw new DataException($"{what} are all {(malicious == 0 ? "benign" : "malicious")}: there is nothing to tell apart; give flows of both classes, or check --positive and --split.");
        }
    }
}
