namespace FlowMeter.Engine.Flow;

/// <summary>How far a feature of a flow pushed its score.</summary>
/// <param name="Feature">The number of the feature in the model.</param>
/// <param name="Value">The value of the feature.</param>
/// <param name="Deviation">What it added to the log-odds, less what it adds on average; 0 where there is no such feature.</param>
internal readonly record struct ScorePush(long Feature, double Value, double Deviation);
