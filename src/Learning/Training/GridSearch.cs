using FlowMeter.Learning.Data;
using FlowMeter.Learning.Evaluation;


namespace FlowMeter.Learning.Training;

/// <summary>
/// Cross-validation of every grid point, on all cores. The designs of a fold are created once for all penalties, class weights and C that
/// share them, and each C starts from the solution of the one before. No result depends on the work of another core, so they are the same
/// for any number of cores.
/// </summary>
internal sealed class GridSearch
{
    private readonly DataSet _data;
    private readonly int[] _features;
    private readonly int[] _rows;
    private readonly int[] _foldOf;
    private readonly TrainingOptions _options;
    private readonly CancellationToken _stop;

    /// <summary>Sets up a search.</summary>
    /// <param name="data">The flows.</param>
    /// <param name="features">Numbers of the features that may be used.</param>
    /// <param name="rows">The rows to train with.</param>
    /// <param name="foldOf">The fold of each of these rows.</param>
    /// <param name="options">The grid.</param>
    /// <param name="stop">Cancels the search.</param>
    public GridSearch(DataSet data, int[] features, int[] rows, int[] foldOf, TrainingOptions options, CancellationToken stop)
    {
        _data = data;
        _features = features;
        _rows = rows;
        _foldOf = foldOf;
        _options = options;
        _stop = stop;
    }

    /// <summary>Scores all grid points, in the order of the grid.</summary>
    /// <param name="done">Receives the share of the work that is done, from 0 to 1, from any thread.</param>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public IReadOnlyList<GridScore> Run(Action<double> done)
    {
        IReadOnlyList<GridPoint> grid = _options.Grid();
        int[] folds = [.. _foldOf.Distinct().Order()];

        // A path is a row of the grid along C. Paths of one design are neighbours, so that few designs are in memory at a time.
        GridPoint[][] paths =
            [.. grid.GroupBy(point => point with { C = 0 }).Select(path => path.ToArray())];
        var designs =
            folds.SelectMany(fold => paths.GroupBy(path => (path[0].Features, path[0].Transform, path[0].Pairs)).Select(group => new
            {
                Fold = fold,
                Paths = group.ToArray(),
                Designs = new Lazy<FoldDesigns>(() => CreateDesigns(fold, group.First()[0])),
            })).ToArray();
        var work = designs.SelectMany(design => design.Paths.Select(path => (Design: design, Path: path))).ToArray();
        Dictionary<GridPoint, int> place = grid.Index().ToDictionary(point => point.Item, point => point.Index);
        (double Area, bool Converged)[,] results = new (double, bool)[grid.Count, folds.Length];
        int finished = 0;
        int next = -1;
        Parallel.For(0, Math.Min(Environment.ProcessorCount, work.Length), new ParallelOptions { CancellationToken = _stop }, _ =>
        {
            for (int i = Interlocked.Increment(ref next); i < work.Length; i = Interlocked.Increment(ref next))
            {
                (double, bool)[] path = SolvePath(work[i].Design.Designs.Value, work[i].Path);
                for (int c = 0; c < path.Length; c++)
                {
                    results[place[work[i].Path[c]], Array.IndexOf(folds, work[i].Design.Fold)] = path[c];
                }

                done((double)Interlocked.Increment(ref finished) / work.Length);
            }
        });

        return [.. grid.Select((point, p) => new GridScore(
            point,
            [.. folds.Select((_, fold) => results[p, fold].Area).Where(area => !double.IsNaN(area))],
            folds.Select((_, fold) => results[p, fold].Converged).Count(converged => !converged)))];
    }

    private FoldDesigns CreateDesigns(int fold, GridPoint point)
    {
        int[] train = [.. _rows.Where((_, i) => _foldOf[i] != fold)];
        int[] test = [.. _rows.Where((_, i) => _foldOf[i] == fold)];
        FittedInput[] inputs = HasBothClasses(train) && HasBothClasses(test)
            ? Learner.Prepare(_data, _features, train, point, _options, _stop)
            : [];
        return inputs.Length == 0
            ? new FoldDesigns(null, [], null, [])
            : new FoldDesigns(
                Design.Create(_data, train, inputs),
                Array.ConvertAll(train, row => _data.Positive[row]),
                Design.Create(_data, test, inputs),
                Array.ConvertAll(test, row => _data.Positive[row]));
    }

    private bool HasBothClasses(int[] rows) => rows.Any(row => _data.Positive[row]) && rows.Any(row => !_data.Positive[row]);

    private (double Area, bool Converged)[] SolvePath(FoldDesigns designs, GridPoint[] path)
    {
        (double, bool)[] results = new (double, bool)[path.Length];
        double[]? start = null;
        for (int i = 0; i < path.Length; i++)
        {
            if (designs.Train == null || designs.Test == null)
            {
                results[i] = (double.NaN, true);
                continue;
            }

            Fit fit = Learner.Solve(designs.Train, designs.TrainPositive, path[i], start, _stop);
            start = fit.Parameters;
            double[] margins = new double[designs.Test.Length];
            designs.Test.Margins(fit.Parameters, margins);
            results[i] = (Ranking.Area(margins[..designs.Test.Rows], designs.TestPositive), fit.Converged);
        }

        return results;
    }

    private sealed record FoldDesigns(Design? Train, bool[] TrainPositive, Design? Test, bool[] TestPositive);
}
