namespace FlowMeter.Engine.Flow;

/// <summary>What a model says of a flow: the column `verdict`.</summary>
public enum Verdict : byte
{
    /// <summary>The probability is below what the model calls benign.</summary>
    Benign,

    /// <summary>The probability is at least the model's threshold.</summary>
    Malicious,

    /// <summary>The probability is between the two thresholds of the model, or the flow has fewer packets than it asks for.</summary>
    Undecided,
}
