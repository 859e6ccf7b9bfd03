using FlowMeter.Engine.Scoring;

namespace FlowMeter.Learning.Training;

/// <summary>The model that scored a fold of the nested cross-validation.</summary>
/// <param name="Fold">The fold.</param>
/// <param name="Point">The grid point that was chosen without the flows of the fold.</param>
/// <param name="Model">The model, trained without them.</param>
internal sealed record FoldModel(int Fold, GridPoint Point, Model Model);
