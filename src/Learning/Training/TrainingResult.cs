using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Evaluation;

namespace FlowMeter.Learning.Training;

/// <summary>The result of training.</summary>
/// <param name="Model">The model, with the record of its training.</param>
/// <param name="Grid">Each grid point with its cross-validation.</param>
/// <param name="Best">The grid point that was chosen.</param>
/// <param name="Choices">
/// The grid point that was chosen for each fold of the nested cross-validation, without the flows of the fold.
/// </param>
/// <param name="SplitBy">What stays together in folds.</param>
/// <param name="Iterations">Iterations of the final fit.</param>
/// <param name="Converged">Whether the final fit converged.</param>
/// <param name="CrossValidation">The evaluation of each flow by a model that was trained, and chosen, without the fold of the flow.</param>
/// <param name="HeldOut">The evaluation of the final model on flows that were held out from all of the training; null if there are
/// none.</param>
public sealed record TrainingResult(
    Model Model,
    IReadOnlyList<GridScore> Grid,
    GridScore Best,
    IReadOnlyList<GridPoint> Choices,
    SplitBy SplitBy,
    int Iterations,
    bool Converged,
    EvaluationResult CrossValidation,
    EvaluationResult? HeldOut);
