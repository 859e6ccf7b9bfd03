using FlowMeter.Learning.Data;
using FlowMeter.Learning.Evaluation;

namespace FlowMeter.Learning.Training;

/// <summary>
/// Nested cross-validation: for each fold, what is searched over (features, bins, penalty, C) is chosen by a cross-validation of its own
/// inside the other folds, and a model of that choice scores the fold. The figures of these scores do not flatter, since nothing that made
/// them has seen the flows. Each fold works on a data set without its flows, so that it can not.
/// </summary>
/// <param name="data">The flows.</param>
/// <param name="foldOf">The fold of each of them.</param>
/// <param name="by">What stays together in the folds inside, as far as that leaves both classes.</param>
/// <param name="options">The grid.</param>
/// <param name="stop">Cancels the validation.</param>
internal sealed class NestedValidation(DataSet data, int[] foldOf, SplitBy by, TrainingOptions options, CancellationToken stop)
{
    /// <summary>Folds of the choice inside: fewer than outside, since there is a search for each fold.</summary>
    public const int InnerFolds = 3;

    /// <summary>The models of the folds; one whose other folds have only one class has none.</summary>
    public IReadOnlyList<FoldModel> Models { get; private set; } = [];

    /// <summary>
    /// The score of each row by a model that has seen nothing of its fold; NaN where the other folds have only one class.
    /// </summary>
    /// <param name="done">Receives the share of the work that is done, from 0 to 1, from any thread.</param>
    /// <exception cref="OperationCanceledException">The validation was cancelled.</exception>
    public double[] Run(Action<double> done)
    {
        int[] folds = [.. foldOf.Distinct().Order()];
        List<FoldModel> models = [];
        double[] scores = new double[data.Count];
        Array.Fill(scores, double.NaN);
        foreach ((int number, int fold) in folds.Index())
        {
            int[] places = [.. data.AllRows().Where(row => foldOf[row] == fold)];
            DataSet seen = data.WithRows([.. data.AllRows().Where(row => foldOf[row] != fold)]);
            if (seen.Positives is var positives && positives > 0 && positives < seen.Count)
            {
                FoldModel model = Learn(seen, fold, share => done((number + share) / folds.Length));
                double[] part = ScoredFlows.Score(model.Model, data, places);
                for (int i = 0; i < places.Length; i++)
                {
                    scores[places[i]] = part[i];
                }

                models.Add(model);
            }

            done((number + 1.0) / folds.Length);
        }

        Models = models;
        return scores;
    }

    private FoldModel Learn(DataSet seen, int fold, Action<double> done)
    {
        int[] all = seen.AllRows();
        int[] features = FeatureSelection.Choose(seen, all, _ => { });
        IReadOnlyList<GridPoint> grid = options.Grid();
        GridPoint point = grid.Count == 1
            ? grid[0]
            : GridChoice.Make(seen, features, by, InnerFolds, options.Seed + 2, options, done, stop).Best.Point;
        return new FoldModel(fold, point, Learner.Learn(seen, features, all, point, options, stop).Model);
    }
}
