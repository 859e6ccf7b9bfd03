using Microsoft.Extensions.ObjectPool;

namespace FlowMeter.Engine.Flow;

/// <summary>Makes blocks of one layout for a pool.</summary>
internal sealed class FlowRecordsPolicy(FlowLayout layout) : PooledObjectPolicy<FlowRecords>
{
    public override FlowRecords Create() => new(layout);

    public override bool Return(FlowRecords obj) => true;
}
