namespace FlowMeter.Learning.Queries;

/// <summary>How two values are compared. Unequal is not among them: it is the opposite of equal.</summary>
internal enum Comparison
{
    /// <summary>Equal; of a range, within it.</summary>
    Equal,

    /// <summary>Less.</summary>
    Less,

    /// <summary>Less or equal.</summary>
    AtMost,

    /// <summary>Greater.</summary>
    Greater,

    /// <summary>Greater or equal.</summary>
    AtLeast,
}
