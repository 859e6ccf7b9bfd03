using System.Globalization;

namespace FlowMeter.Learning.Training;

/// <summary>A combination of training parameters that the search tries.</summary>
/// <param name="Features">A candidate of <see cref="FeatureGroup.Candidates"/>.</param>
/// <param name="Transform">The transform of all features that have none of their own.</param>
/// <param name="Penalty">The penalty on weights.</param>
/// <param name="ClassWeight">The weight of a flow of each class.</param>
/// <param name="C">The weight of the loss against the penalty, above 0.</param>
/// <param name="Pairs">Number of pairs of features with a table of their own.</param>
public sealed record GridPoint(
    string Features, TransformChoice Transform, Penalty Penalty, ClassWeight ClassWeight, double C, int Pairs = 0)
{
    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"features {Features}, {Transform}, {(Penalty == Penalty.L1 ? "l1" : "l2")}, class weight {ClassWeight}, C "
                + $"{C}{(Pairs > 0 ? $", {Pairs} pairs" : "")}");
}
