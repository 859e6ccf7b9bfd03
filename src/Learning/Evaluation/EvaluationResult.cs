namespace FlowMeter.Learning.Evaluation;

/// <summary>
/// The result of an evaluation: figures, curves and calibration of a model on some flows, overall and by capture. It is what <c>--json</c>
/// writes.
/// </summary>
public sealed record EvaluationResult
{
    /// <summary>A name for the flows, as "held out, by capture".</summary>
    public required string Name { get; init; }

    /// <summary>Number of flows.</summary>
    public required int Flows { get; init; }

    /// <summary>Malicious ones among them.</summary>
    public required int Malicious { get; init; }

    /// <summary>Flows of this score or more are judged malicious; from 0 to 1.</summary>
    public required double Threshold { get; init; }

    /// <summary>Flows below this score are judged benign; from it to the threshold they are undecided.</summary>
    public required double BenignBelow { get; init; }

    /// <summary>How the threshold was chosen.</summary>
    public required string ThresholdRule { get; init; }

    /// <summary>The assumed share of malicious flows; null if none was given.</summary>
    public required double? Prevalence { get; init; }

    /// <summary>Number of replicates of the bootstrap.</summary>
    public required int Replicates { get; init; }

    /// <summary>What the bootstrap draws with replacement: <c>captures</c> or <c>flows</c>.</summary>
    public required string Resampled { get; init; }

    /// <summary>The figures of <see cref="FigureNames"/>, in that order.</summary>
    public required IReadOnlyList<Figure> Figures { get; init; }

    /// <summary>
    /// Points of the ROC and precision-recall curves, highest threshold first, at most 500; none where one class is missing.
    /// </summary>
    public required IReadOnlyList<CurvePoint> Curve { get; init; }

    /// <summary>The bins of the calibration that have flows, of ten of equal width, lowest scores first.</summary>
    public required IReadOnlyList<CalibrationBin> Calibration { get; init; }

    /// <summary>Figures by capture, in the order in which captures were given.</summary>
    public required IReadOnlyList<CaptureResult> Captures { get; init; }

    /// <summary>The figure of a name of <see cref="FigureNames"/>.</summary>
    public Figure this[string name] => Figures[FigureNames.IndexOf(name)];
}
