namespace FlowMeter.Engine.Flow;

/// <summary>What a model says of a flow: the column `verdict`.</summary>
public enum Verdict : byte
{
    /// <summary>The probability is below the model's threshold.</summary>
    Benign,

    /// <summary>The probability is at least the model's threshold.</summary>
    Malicious,

    /// <summary>The flow has fewer packets than the model asks for, or no probability.</summary>
    Undecided,
}
