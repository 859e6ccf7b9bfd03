namespace FlowMeter.Learning.Evaluation;

/// <summary>The figures of one capture or table.</summary>
/// <param name="Capture">Its name.</param>
/// <param name="Flows">Its flows.</param>
/// <param name="Malicious">Malicious ones among them.</param>
/// <param name="Figures">The figures of <see cref="FigureNames"/>, in that order.</param>
public sealed record CaptureResult(string Capture, int Flows, int Malicious, IReadOnlyList<Figure> Figures);
