using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Queries;

/// <summary>Whether a row meets any of some conditions.</summary>
/// <param name="conditions">The conditions, asked in this order until one is met.</param>
internal sealed class AnyCondition(Condition[] conditions) : Condition
{
    /// <inheritdoc/>
    public override bool Matches(FlowTableReader row)
    {
        foreach (Condition condition in conditions)
        {
            if (condition.Matches(row))
            {
                return true;
            }
        }

        return false;
    }
}
