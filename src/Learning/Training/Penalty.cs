namespace FlowMeter.Learning.Training;

/// <summary>The penalty on weights, which keeps them small.</summary>
public enum Penalty
{
    /// <summary>Half the sum of squared weights.</summary>
    L2,

    /// <summary>The sum of absolute weights; makes many of them 0.</summary>
    L1,
}
