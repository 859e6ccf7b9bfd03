using System.Text.Json.Serialization;

namespace FlowMeter.Learning.Evaluation;

/// <summary>One figure with its 95 % interval; null where it has no meaning.</summary>
/// <param name="Name">Its name, as <see cref="FigureNames"/> has it.</param>
/// <param name="Value">Its value.</param>
/// <param name="Low">The interval's lower end.</param>
/// <param name="High">The interval's upper end.</param>
public sealed record Figure(string Name, double? Value, double? Low, double? High);

/// <summary>A point of the ROC and of the precision-recall curve: what a threshold of this score gives.</summary>
/// <param name="Threshold">The score.</param>
/// <param name="FalsePositiveRate">Share of benign flows at or above it.</param>
/// <param name="Recall">Share of malicious flows at or above it.</param>
/// <param name="Precision">Share of malicious among the flows at or above it.</param>
public sealed record CurvePoint(double Threshold, double FalsePositiveRate, double Recall, double Precision);

/// <summary>Flows of like scores: a model is calibrated where the share of malicious ones equals the mean score.</summary>
/// <param name="Flows">Number of flows.</param>
/// <param name="MeanScore">Their mean score.</param>
/// <param name="MaliciousShare">The share of malicious ones.</param>
/// <param name="Low">The lower end of that share's 95 % interval.</param>
/// <param name="High">The upper end.</param>
public sealed record CalibrationBin(int Flows, double MeanScore, double MaliciousShare, double Low, double High);

/// <summary>The figures of one capture or table.</summary>
/// <param name="Capture">Its name.</param>
/// <param name="Flows">Its flows.</param>
/// <param name="Malicious">Malicious ones among them.</param>
/// <param name="Figures">The same figures as overall.</param>
public sealed record CaptureResult(string Capture, int Flows, int Malicious, IReadOnlyList<Figure> Figures);

/// <summary>What a model is worth on some flows: all figures, curves and calibration, overall and by capture.</summary>
public sealed record EvaluationResult
{
    /// <summary>Which flows these are.</summary>
    public required string Name { get; init; }

    /// <summary>Number of flows.</summary>
    public required int Flows { get; init; }

    /// <summary>Malicious ones among them.</summary>
    public required int Malicious { get; init; }

    /// <summary>Malicious from this score on.</summary>
    public required double Threshold { get; init; }

    /// <summary>How the threshold was chosen.</summary>
    public required string ThresholdRule { get; init; }

    /// <summary>The assumed share of malicious flows; null if none was given.</summary>
    public required double? Prevalence { get; init; }

    /// <summary>Replicates of the bootstrap.</summary>
    public required int Replicates { get; init; }

    /// <summary>What was drawn with replacement: <c>captures</c> or <c>flows</c>.</summary>
    public required string Resampled { get; init; }

    /// <summary>The figures.</summary>
    public required IReadOnlyList<Figure> Figures { get; init; }

    /// <summary>Points of the ROC and precision-recall curves, highest threshold first.</summary>
    public required IReadOnlyList<CurvePoint> Curve { get; init; }

    /// <summary>Calibration, ten bins of equal width.</summary>
    public required IReadOnlyList<CalibrationBin> Calibration { get; init; }

    /// <summary>Figures by capture, in the order in which captures were given.</summary>
    public required IReadOnlyList<CaptureResult> Captures { get; init; }

    /// <summary>A figure by its name.</summary>
    public Figure this[string name] => Figures[FigureNames.IndexOf(name)];
}

/// <summary>Serialisers made at compile time: there is no reflection in the native binary.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(EvaluationResult))]
public sealed partial class EvaluationJson : JsonSerializerContext;
