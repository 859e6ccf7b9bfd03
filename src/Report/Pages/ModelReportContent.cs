using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;
using FlowMeter.Learning.Evaluation;

namespace FlowMeter.Report.Pages;

/// <summary>The content of the report of a model.</summary>
/// <param name="Model">The model.</param>
/// <param name="Data">The flows whose features are shown; it has all features of the model.</param>
/// <param name="Evaluation">The evaluation to show.</param>
/// <param name="Other">A second evaluation, whose figures are shown beside the first; null for none.</param>
/// <param name="IsTraining">Whether the model was trained with a part of these flows.</param>
/// <param name="Program">Name and version of the program, for the footer.</param>
public sealed record ModelReportContent(
    Model Model, DataSet Data, EvaluationResult Evaluation, EvaluationResult? Other, bool IsTraining, string Program);
