using System.Globalization;

namespace FlowMeter.Learning.Training;

/// <summary>One way to train.</summary>
/// <param name="Features">The candidate of <see cref="FeatureGroup"/>.</param>
/// <param name="Transform">The transform of all features for which none was given by name.</param>
/// <param name="Penalty">How weights are held small.</param>
/// <param name="ClassWeight">What a flow of each class counts.</param>
/// <param name="C">The weight of the loss against the penalty.</param>
public sealed record GridPoint(string Features, TransformChoice Transform, Penalty Penalty, ClassWeight ClassWeight, double C)
{
    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"features {Features}, {Transform}, {(Penalty == Penalty.L1 ? "l1" : "l2")}, class weight {ClassWeight}, C {C}");
}

/// <summary>How a grid point did in cross-validation.</summary>
/// <param name="Point">The point.</param>
/// <param name="Areas">The ROC area of each fold that has both classes.</param>
/// <param name="Unconverged">Fits that did not converge.</param>
public sealed record GridScore(GridPoint Point, IReadOnlyList<double> Areas, int Unconverged)
{
    /// <summary>The mean of the folds' ROC areas; NaN where no fold has both classes.</summary>
    public double Mean { get; } = Areas.Count == 0 ? double.NaN : Areas.Average();

    /// <summary>Their standard deviation.</summary>
    public double Deviation { get; } = Areas.Count == 0 ? double.NaN : Math.Sqrt(Areas.Average(area => (area - Areas.Average()) * (area - Areas.Average())));
}
