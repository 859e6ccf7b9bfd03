using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;
using FlowMeter.Learning.Evaluation;

namespace FlowMeter.Learning.Training;

/// <summary>
/// Makes a model of labelled flows, in this order: holds flows out, searches the grid by cross-validation, chooses the threshold on the
/// scores of a nested cross-validation, in which no model has seen the flows that it scores, fits the final model to all flows that were
/// not held out, and evaluates it. The same data, options and seed give the same model on every machine.
/// </summary>
public static class Trainer
{
    private const int MaxSourcesOneByOne = 20;

    // A search is done once with all folds, and once with fewer in each of them.
    private const double ShareOfSearch = 1.0 / 3;

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
        RequireBothClasses(data, "the flows");
        SplitBy by = options.SplitBy ?? DefaultSplit(data, options);
        RequireUnits(data, by);
        if (by == SplitBy.Time && !data.HasTimes)
        {
            tell("no start times: flows are taken to be in order of time");
        }

        (int[] train, int[] test) = HoldOut(data, options, by);
        DataSet known = test.Length == 0 ? data : data.WithRows(train);
        RequireBothClasses(known, "the flows to train with");
        int[] all = known.AllRows();
        int[] features = FeatureSelection.Choose(known, all, tell);
        int folds = options.Folds ?? TrainingOptions.DefaultFolds;
        int[] foldOf = options.Folds == null && by == SplitBy.Source && known.BySource(all).Count() is > 1 and <= MaxSourcesOneByOne
            ? Folds.OneForEachSource(known, all)
            : Folds.Assign(known, all, Folds.Equal(folds), by, options.Seed + 1);
        int outer = foldOf.Distinct().Count();
        if (outer < 2)
        {
            throw new DataException(
                "all flows are in one fold: there is one capture, or one flow; give more of them, or use --split flow.");
        }

        GridChoice choice = GridChoice.Make(
            known, features, by, folds, options.Seed + 1, options, share => done(share * ShareOfSearch), stop);
        NestedValidation nested = new(known, foldOf, by, options, stop);
        double[] scores = nested.Run(share => done(ShareOfSearch + (share * (1 - ShareOfSearch))));
        int[] scored = [.. all.Where(row => !double.IsNaN(scores[row]))];
        if (scored.Length < all.Length)
        {
            tell($"{all.Length - scored.Length} flows are not in the figures: all others are of one class, so no model could score them");
        }

        ScoredFlows outOfFold = new(known.WithRows(scored), Array.ConvertAll(scored, row => scores[row]), options.MinPackets)
        {
            Thresholds = ThresholdsOutside(known, scores, foldOf, scored, options),
        };
        RequireBothClasses(outOfFold.Data, "the flows that could be scored");
        BenignScores benign = VerdictThresholds.BenignOf(outOfFold);
        VerdictThresholds thresholds = VerdictThresholds.Choose(options, outOfFold, benign);
        (Model fitted, Fit fit) = Learner.Learn(known, features, all, choice.Best.Point, options, stop);
        Model model = fitted.WithThresholds(thresholds.Malicious, thresholds.BenignBelow) with
        {
            Benign = benign.Flows > 0 ? benign : null,
            Malicious = options.KeepsMalicious ? KeptMalicious.From(fitted, known, all) : null,
            Trained = TrainingRecord.CreateJson(data, sources, train, test, by, outer, options, choice, nested.Models, fit),
        };
        string rule = $"{thresholds.Rule} in cross-validation";
        EvaluationResult Judge(string name, string protocol, ScoredFlows flows) => Evaluator.Evaluate(
            name, flows, thresholds.Malicious, rule, options.Prevalence, options.Seed, protocol, benignBelow: thresholds.BenignBelow,
            stop: stop);
        EvaluationResult crossValidation = Judge(
            $"cross-validation, {outer} folds by {Name(by)}",
            choice.Grid.Count == 1
                ? "each fold is scored by a model that has seen nothing of it, its verdicts are by a threshold chosen on the others; there "
                    + "was nothing else to choose"
                : "nested: each fold is scored by a model that has seen nothing of it, and whose features, bins and C were chosen by folds "
                    + "inside the others; its verdicts are by a threshold chosen on them",
            outOfFold);
        EvaluationResult? heldOut = test.Length == 0
            ? null
            : Judge(
                $"held out, by {Name(by)}",
                "the final model on flows that it was neither trained, nor chosen, nor given its threshold with",
                new ScoredFlows(data.WithRows(test), ScoredFlows.Score(model, data, test), options.MinPackets));
        return new TrainingResult(
            model, choice.Grid, choice.Best, [.. nested.Models.Select(each => each.Point)], by, fit.Iterations, fit.Converged,
            crossValidation, heldOut);
    }

    /// <summary>
    /// For each of some rows the thresholds that the rules choose on the scores of the other folds, so that no verdict of the figures rests
    /// on the flow itself.
    /// </summary>
    private static (double Malicious, double BenignBelow)[] ThresholdsOutside(
        DataSet data, double[] scores, int[] foldOf, int[] scored, TrainingOptions options)
    {
        Dictionary<int, (double, double)> ofFold = [];
        foreach (int fold in scored.Select(row => foldOf[row]).Distinct())
        {
            int[] rows = [.. scored.Where(row => foldOf[row] != fold)];
            ScoredFlows outside = new(data.WithRows(rows), Array.ConvertAll(rows, row => scores[row]), options.MinPackets);
            VerdictThresholds chosen = VerdictThresholds.Choose(options, outside, VerdictThresholds.BenignOf(outside));
            ofFold[fold] = (chosen.Malicious, chosen.BenignBelow);
        }

        return Array.ConvertAll(scored, row => ofFold[foldOf[row]]);
    }

    /// <summary>Sources where they are named, captures where there are enough of them, else flows.</summary>
    private static SplitBy DefaultSplit(DataSet data, TrainingOptions options)
    {
        int[] rows = data.AllRows();
        return Folds.CanDivide(data, rows, SplitBy.Source) ? SplitBy.Source
            : Folds.Units(data, rows, SplitBy.Capture).Length >= 2 * (options.Folds ?? TrainingOptions.DefaultFolds)
                && Folds.CanDivide(data, rows, SplitBy.Capture) ? SplitBy.Capture
            : SplitBy.Flow;
    }

    private static void RequireUnits(DataSet data, SplitBy by)
    {
        int[] rows = data.AllRows();
        if (by == SplitBy.Source && data.Sources.Count == 0)
        {
            throw new DataException("--split source: nobody named the sources; do so with --groups or --group-column.");
        }

        if (by is not (SplitBy.Capture or SplitBy.Source) || Folds.CanDivide(data, rows, by))
        {
            return;
        }

        int[][] units = Folds.Units(data, rows, by);
        string what = by == SplitBy.Source ? "sources" : "groups of captures that share flows";
        throw new DataException($"of {units.Length} {what}, {units.Count(unit => unit.Any(row => data.Positive[row]))} have malicious "
            + $"flows and {units.Count(unit => unit.Any(row => !data.Positive[row]))} benign ones; to leave whole ones out takes two of "
            + "each; give more, or use --split flow, whose figures flatter.");
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

    private static void RequireBothClasses(DataSet data, string what)
    {
        int malicious = data.Positives;
        if (data.Count == 0)
        {
            throw new DataException("no flows: there is nothing to train with; check the inputs and their labels.");
        }

        if (malicious == 0 || malicious == data.Count)
        {
            throw new DataException($"{what} are all {(malicious == 0 ? "benign" : "malicious")}: there is nothing to tell apart; give "
                + "flows of both classes, or check --positive and --split.");
        }
    }
}
