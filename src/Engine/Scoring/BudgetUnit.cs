namespace FlowMeter.Engine.Scoring;

/// <summary>What a <see cref="Budget"/> counts.</summary>
public enum BudgetUnit
{
    /// <summary>The share of benign flows that are judged malicious.</summary>
    Flows,

    /// <summary>The share of the bytes of benign flows that is in those judged malicious.</summary>
    Bytes,

    /// <summary>Benign flows judged malicious in a day.</summary>
    AlarmsADay,
}
