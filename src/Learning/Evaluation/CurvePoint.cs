namespace FlowMeter.Learning.Evaluation;

/// <summary>A point of the ROC curve and of the precision-recall curve: the rates at one threshold, each from 0 to 1.</summary>
/// <param name="Threshold">The threshold: flows of this score or more are judged malicious.</param>
/// <param name="FalsePositiveRate">Share of benign flows at or above it.</param>
/// <param name="Recall">Share of malicious flows at or above it.</param>
/// <param name="Precision">Share of malicious among the flows at or above it.</param>
public sealed record CurvePoint(double Threshold, double FalsePositiveRate, double Recall, double Precision);
