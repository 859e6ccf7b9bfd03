namespace FlowMeter.Tests.Oracle;

/// <summary>One expected row.</summary>
internal sealed record ReferenceRow(string[] Identity, double[] Numbers);
