using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Training;

/// <summary>
/// Trains one model at one grid point: fits the transforms to the rows, solves the problem, and puts the weights into a
/// <see cref="Model"/>.
/// </summary>
internal static class Learner
{
    /// <summary>The features of a grid point with their transforms, fitted to some rows.</summary>
    public static FittedInput[] Prepare(
        DataSet data, int[] features, int[] rows, GridPoint point, TrainingOptions options, CancellationToken stop = default)
    {
        int[] chosen = [.. features.Where(feature => FeatureGroup.Contains(point.Features, data.Features[feature]))];
        FittedInput[] inputs = FittedInput.Fit(
            data, chosen, rows, name => options.TransformOf.TryGetValue(name, out TransformChoice choice) ? choice : point.Transform);
        if (options.HashesSizes && FeatureGroup.Contains(point.Features, HashedSizes.Columns[0]))
        {
            inputs = [.. inputs, HashedSizes.Fit(data, rows)];
        }

        return point.Pairs == 0 ? inputs : [.. inputs, .. PairSelection.Choose(data, rows, inputs, chosen, point.Pairs, stop)];
    }

    /// <summary>Solves the problem of a grid point with the solver of its penalty.</summary>
    /// <param name="design">The inputs of the rows.</param>
    /// <param name="positive">Which rows are malicious.</param>
    /// <param name="point">The grid point.</param>
    /// <param name="start">Parameters to start from, the intercept last; null for zeros.</param>
    /// <param name="stop">Cancels the solver.</param>
    public static Fit Solve(Design design, bool[] positive, GridPoint point, double[]? start, CancellationToken stop)
    {
        LogisticProblem problem = new(
            design, positive, point.ClassWeight.For(positive.Length, positive.Count(each => each)), point.C, point.Penalty)
        {
            Stop = stop,
        };
        return point.Penalty == Penalty.L2 ? LbfgsSolver.Solve(problem, start) : ProximalNewtonSolver.Solve(problem, start);
    }

    /// <summary>Trains on some rows, without choosing a threshold.</summary>
    /// <exception cref="DataException">No feature is left at this grid point.</exception>
    public static (Model Model, Fit Fit) Learn(
        DataSet data, int[] features, int[] rows, GridPoint point, TrainingOptions options, CancellationToken stop = default)
    {
        FittedInput[] inputs = Prepare(data, features, rows, point, options, stop);
        if (inputs.Length == 0)
        {
            throw new DataException($"{point}: no feature is left to train with; choose other feature groups or a transform of bins.");
        }

        Design design = Design.Create(data, rows, inputs);
        Fit fit = Solve(design, Array.ConvertAll(rows, row => data.Positive[row]), point, null, stop);
        double[] shares = design.Shares();
        double[] Part(double[] all, int i) => all[design.FirstParameters[i]..][..inputs[i].Parameters];
        Model model = new()
        {
            Name = options.Name,
            Profile = data.Profile,
            Features = [.. inputs.Select((input, i) => input.ToModelFeature(Part(fit.Parameters, i), Part(shares, i), data))],
            Intercept = fit.Parameters[^1],
            MinPackets = options.MinPackets,
            DecideAfter = options.DecideAfter,
        };
        return (model, fit);
    }
}
