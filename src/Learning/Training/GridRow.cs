namespace FlowMeter.Learning.Training;

/// <summary>A grid point in a <see cref="TrainingRecord"/>. The area is null where no fold has both classes.</summary>
internal sealed record GridRow(string Features, string Transform, string Penalty, string ClassWeight, double C, int Pairs, double? RocArea);
