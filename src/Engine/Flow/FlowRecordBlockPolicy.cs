using Microsoft.Extensions.ObjectPool;

namespace FlowMeter.Engine.Flow;

/// <summary>Makes blocks of one layout for a pool.</summary>
internal sealed class FlowRecordBlockPolicy(FlowLayout layout) : PooledObjectPolicy<FlowRecordBlock>
{
    public override FlowRecordBlock Create() => new(layout);

    public override bool Return(FlowRecordBlock obj) => true;
}
