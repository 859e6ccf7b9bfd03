using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Training;

/// <summary>The choice of a grid point by cross-validation.</summary>
/// <param name="Grid">Each point with its cross-validation.</param>
/// <param name="Best">The chosen one.</param>
/// <param name="By">What stayed together in the folds.</param>
internal sealed record GridChoice(IReadOnlyList<GridScore> Grid, GridScore Best, SplitBy By)
{
    private const double Rounding = 1e-6;

    /// <summary>
    /// Compares all points by folds of whole units. Where these leave no fold with both classes, smaller units are divided: captures, then
    /// flows.
    /// </summary>
    /// <param name="data">The flows, all of which may be seen.</param>
    /// <param name="features">Numbers of the features that may be used.</param>
    /// <param name="by">What stays together in folds, as far as it goes.</param>
    /// <param name="folds">Number of folds.</param>
    /// <param name="seed">The seed of the folds.</param>
    /// <param name="options">The grid.</param>
    /// <param name="done">Receives the share of the search that is done, from 0 to 1, from any thread.</param>
    /// <param name="stop">Cancels the search.</param>
    /// <exception cref="DataException">The flows are too few of a class to be divided.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public static GridChoice Make(
        DataSet data, int[] features, SplitBy by, int folds, ulong seed, TrainingOptions options, Action<double> done,
        CancellationToken stop)
    {
        int[] rows = data.AllRows();
        foreach (SplitBy way in new[] { by, SplitBy.Capture, SplitBy.Flow }.Distinct().Where(way => Folds.CanDivide(data, rows, way)))
        {
            int[] foldOf = Folds.Assign(data, rows, Folds.Equal(folds), way, seed);
            IReadOnlyList<GridScore> grid = new GridSearch(data, features, rows, foldOf, options, stop).Run(done);
            if (Choose(grid) is { } chosen)
            {
                return new GridChoice(grid, chosen, way);
            }
        }

        throw new DataException(
            "no fold has both classes, so nothing can be compared; give more flows and captures of each class, or fewer --folds.");
    }

    /// <summary>
    /// The first point, and so the simplest, whose mean is within one standard error of the best: what differs by less is chance, and who
    /// takes the highest of many takes the luckiest (Breiman et al., Classification and Regression Trees, 1984, §3.4.3). Null where no fold
    /// of any point had both classes.
    /// </summary>
    internal static GridScore? Choose(IReadOnlyList<GridScore> grid)
    {
        GridScore best = grid.MaxBy(score => double.IsNaN(score.Mean) ? double.NegativeInfinity : score.Mean)!;
        return grid.FirstOrDefault(score => score.Mean >= best.Mean - Math.Max(best.StandardError, Rounding));
    }
}
