using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Queries;

/// <summary>What a row of a table is asked. A condition is for one thread at a time.</summary>
public abstract class Condition
{
    /// <summary>Whether a row meets it.</summary>
    public abstract bool Matches(FlowTableReader row);
}
