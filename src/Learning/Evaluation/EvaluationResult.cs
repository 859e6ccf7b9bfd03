namespace FlowMeter.Learning.Evaluation;

/// <summary>
/// The result of an evaluation: figures, curves and calibration of a model on some flows, overall and by capture. It is what <c>--json</c>
/// writes.
/// </summary>
public sealed record EvaluationResult
{
    /// <summary>A name for the flows, as "held out, by capture".</summary>
    public required string Name { get; init; }

    /// <summary>What the protocol is called where a model is given and nobody says what it was trained with.</summary>
    public const string UnknownProtocol = "the model as given; whether it was trained with these flows is not known";

    /// <summary>What the models that gave the scores knew of the flows: the protocol of all figures.</summary>
    public required string Protocol { get; init; }

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

    /// <summary>
    /// Groups that the flows are from: captures that share a flow are one group, every other capture is one of its own.
    /// </summary>
    public required int Groups { get; init; }

    /// <summary>Figures by source, in the order in which sources were named; none where nobody did.</summary>
    public required IReadOnlyList<SourceResult> Sources { get; init; }

    /// <summary>The captures that hold both classes; <c>pair_roc_area</c> and <c>pooled_roc_area</c> are those of their flows.</summary>
    public required MixedCaptures Within { get; init; }

    /// <summary>What is wrong with the flows as a base for a judgement, in words; empty where nothing is.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>
    /// What the bootstrap draws with replacement: <c>captures</c>, <c>groups of captures</c> where some share flows, <c>sources</c> where a
    /// column names that of each row, or <c>flows</c>.
    /// </summary>
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
