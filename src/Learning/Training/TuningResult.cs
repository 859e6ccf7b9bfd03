using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Evaluation;

namespace FlowMeter.Learning.Training;

/// <summary>The result of tuning.</summary>
/// <param name="Model">The model, with the record of its tuning.</param>
/// <param name="IsRefitted">Whether its weights are new; else only its thresholds are.</param>
/// <param name="SplitBy">What stays together in folds of the user's flows.</param>
/// <param name="Benign">The user's benign flows.</param>
/// <param name="Malicious">Malicious flows of the model and of the user.</param>
/// <param name="Unseen">Every flow judged at the model's thresholds, with the score of a model that was fitted without its fold.</param>
/// <param name="Expected">
/// The same at thresholds that were chosen without its fold, too: what to expect. Scores are 1 for malicious, 0.5 for undecided, 0 for
/// benign.
/// </param>
/// <param name="Before">The same flows judged by the model as it was.</param>
public sealed record TuningResult(
    Model Model,
    bool IsRefitted,
    SplitBy SplitBy,
    int Benign,
    int Malicious,
    EvaluationResult Unseen,
    EvaluationResult Expected,
    EvaluationResult Before);
