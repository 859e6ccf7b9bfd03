namespace FlowMeter.Learning.Data;

/// <summary>A capture to train with or to evaluate with.</summary>
/// <param name="Path">The capture file.</param>
/// <param name="Positive">True: all flows are malicious. False: all are benign. Null: <see cref="FlowLabels"/> has a label for each
/// flow.</param>
public sealed record LabelledCapture(string Path, bool? Positive);
