namespace FlowMeter.Learning.Training;

/// <summary>The cross-validation of a grid point.</summary>
/// <param name="Point">The point.</param>
/// <param name="Areas">The ROC area of each fold that has both classes.</param>
/// <param name="Unconverged">Number of fits that did not converge.</param>
public sealed record GridScore(GridPoint Point, IReadOnlyList<double> Areas, int Unconverged)
{
    /// <summary>The mean of the folds' ROC areas; NaN where no fold has both classes.</summary>
    public double Mean { get; } = Areas.Count == 0 ? double.NaN : Areas.Average();

    /// <summary>The standard error of the mean, from how the folds differ; 0 where there is one.</summary>
    public double StandardError => Areas.Count < 2 ? 0 : Deviation / Math.Sqrt(Areas.Count - 1);

    /// <summary>Their standard deviation.</summary>
    public double Deviation { get; } = Areas.Count == 0
        ? double.NaN
        : Math.Sqrt(Areas.Average(area => (area - Areas.Average()) * (area - Areas.Average())));
}
