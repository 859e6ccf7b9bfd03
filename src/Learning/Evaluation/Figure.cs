namespace FlowMeter.Learning.Evaluation;

/// <summary>
/// A figure of an evaluation with its 95 % bootstrap interval. A value is null where it is undefined, as precision is where nothing is
/// judged malicious.
/// </summary>
/// <param name="Name">One of <see cref="FigureNames"/>.</param>
/// <param name="Value">A number of flows, or a share from 0 to 1.</param>
/// <param name="Low">The interval's endpoint A.</param>
/// <param name="High">The interval's upper end.</param>
public sealed record Figure(string Name, double? Value, double? Low, double? High);
