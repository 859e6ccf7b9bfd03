using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Training;

/// <summary>Trains one model at one grid point: transforms measured on the rows, problem solved, weights put into a <see cref="Model"/>.</summary>
internal static class Learner
{
    /// <summary>Features of a grid point and their transforms, measured on some rows.</summary>
    public static FittedInput[] Prepare(DataSet data, int[] features, int[] rows, GridPoint point, TrainingOptions options)
    {
        int[] chosen = [.. features.Where(feature => FeatureGroup.Contains(point.Features, data.Features[feature]))];
        return FittedInput.Fit(data, chosen, rows, name => options.TransformOf.TryGetValue(name, out TransformChoice choice) ? choice : point.Transform);
    }

    /// <summary>Solves the problem of a grid point.</summary>
    public static Fit Solve(Design design, bool[] positive, GridPoint point, double[]? start, CancellationToken stop)
    {
        LogisticProblem problem = new(design, positive, point.ClassWeight.For(positive.Length, positive.Count(each => each)), point.C, point.Penalty) { Stop = stop };
        return point.Penalty == Penalty.L2 ? LbfgsSolver.Solve(problem, start) : ProximalNewtonSolver.Solve(problem, start);
    }

    /// <summary>The whole of it, on some rows.</summary>
    public static (Model Model, Fit Fit) Learn(DataSet data, int[] features, int[] rows, GridPoint point, TrainingOptions options, CancellationToken stop = default)
    {
        FittedInput[] inputs = Prepare(data, features, rows, point, options);
        if (inputs.Length == 0)
        {
            throw new DataException($"{point}: no feature is left to train with; choose other feature groups or a transform of bins.");
        }

        Design design = Design.Of(data, rows, inputs);
        Fit fit = Solve(design, Array.ConvertAll(rows, row => data.Positive[row]), point, null, stop);
        Model model = new()
        {
            Name = options.Name,
            Profile = data.Profile,
            Features = [.. inputs.Select((input, i) => input.ToModelFeature(fit.Parameters.AsSpan(design.FirstParameters[i], input.Parameters)))],
            Intercept = fit.Parameters[^1],
            LeastPackets = options.LeastPackets,
            DecideAfter = options.DecideAfter,
        };
        return (model, fit);
    }

    /// <summary>The scores that a model gives to rows, through the scorer that judges live flows.</summary>
    public static double[] Score(Model model, DataSet data, int[] rows)
    {
        Dictionary<string, int> columnOf = data.Features.Index().ToDictionary(feature => feature.Item, feature => feature.Index);
        double[][] columns = [.. model.Features.Select(feature => Array.ConvertAll(rows, row => data.Columns[columnOf[feature.Name]][row]))];
        return RowScorer.Score(model, columns, rows.Length);
    }
}
