using Microsoft.Extensions.ObjectPool;

namespace FlowMeter.Engine.Flow;

/// <summary>Makes blocks of one layout for a pool.</summary>
internal sealed class FlowRecordBlockPolicy(FlowLayout layout) : PooledObjectPolicy<FlowRecordBlock>
{
    private int _made;

    /// <summary>Blocks that were made, since none was in the pool: as many as were ever in use at a time.</summary>
    public int Made => _made;

    public override FlowRecordBlock Create()
    {
        Interlocked.Increment(ref _made);
        return new(layout);
    }

    public override bool Return(FlowRecordBlock obj) => true;
}
