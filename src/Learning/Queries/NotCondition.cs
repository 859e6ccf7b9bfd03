using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Queries;

/// <summary>Whether a row does not meet a condition.</summary>
/// <param name="condition">The condition.</param>
internal sealed class NotCondition(Condition condition) : Condition
{
    /// <inheritdoc/>
    public override bool Matches(FlowTableReader row) => !condition.Matches(row);
}
