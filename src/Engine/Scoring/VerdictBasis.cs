namespace FlowMeter.Engine.Scoring;

/// <summary>What a verdict on a flow rests on.</summary>
public enum VerdictBasis
{
    /// <summary>Nothing: the flow has too few packets, and nothing is known against its source.</summary>
    None,

    /// <summary>The score of the flow.</summary>
    Flow,

    /// <summary>What its source did: the flow has too few packets for a score that counts.</summary>
    Host,
}
