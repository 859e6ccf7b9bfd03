namespace FlowMeter.Learning.Evaluation;

/// <summary>
/// The flows of one tenth of the range of scores. A model is calibrated where the share of malicious flows equals the mean score.
/// </summary>
/// <param name="Flows">Number of flows.</param>
/// <param name="MeanScore">Their mean score.</param>
/// <param name="MaliciousShare">The share of malicious ones.</param>
/// <param name="Low">endpoint A of that share's 95 % interval.</param>
/// <param name="High">The upper end.</param>
public sealed record CalibrationBin(int Flows, double MeanScore, double MaliciousShare, double Low, double High);
