namespace FlowMeter.Learning.Evaluation;

/// <summary>The captures that hold flows of both classes, whose figures can not be had by telling networks apart.</summary>
/// <param name="Captures">Number of them.</param>
/// <param name="Benign">Their benign flows.</param>
/// <param name="Malicious">Their malicious flows.</param>
public sealed record MixedCaptures(int Captures, int Benign, int Malicious);
