namespace FlowMeter.Learning.Evaluation;

/// <summary>The figures of one source: a laboratory or network that somebody named.</summary>
/// <param name="Source">Its name.</param>
/// <param name="Flows">Its flows.</param>
/// <param name="Malicious">Malicious ones among them.</param>
/// <param name="Figures">The figures of <see cref="FigureNames"/>, in that order.</param>
public sealed record SourceResult(string Source, int Flows, int Malicious, IReadOnlyList<Figure> Figures);
