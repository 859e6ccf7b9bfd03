using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Queries;

/// <summary>Whether a row meets all of some conditions.</summary>
/// <param name="conditions">The conditions, asked in this order until one is not met.</param>
internal sealed class AllCondition(Condition[] conditions) : Condition
{
    /// <inheritdoc/>
    public override bool Matches(FlowTableReader row)
    {
        foreach (Condition condition in conditions)
        {
            if (!condition.Matches(row))
            {
                return false;
            }
        }

        return true;
    }
}
