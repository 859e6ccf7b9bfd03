using System.Runtime.CompilerServices;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Tests.Flow;

/// <summary>Sizes that the table's speed and memory are made of: cache lines of 64 bytes.</summary>
public sealed unsafe class FlowLayoutTests
{
    [Fact]
    public void What_a_packet_touches_fills_cache_lines()
    {
        Assert.Equal(64, Unsafe.SizeOf<FlowHeader>());
        Assert.Equal(64, Unsafe.SizeOf<EndpointSums>());
        Assert.Equal(64, Unsafe.SizeOf<HashIndex.Bucket>());
        Assert.Equal(32, Unsafe.SizeOf<GapSums>());
        Assert.Equal(16, Unsafe.SizeOf<FlowColdFields>());
        Assert.Equal(40, Unsafe.SizeOf<FlowKey>());
    }

    /// <summary>The contract is 256 bytes a flow; what is left of them is for the index.</summary>
    [Fact]
    public void A_flow_takes_240_bytes() => Assert.Equal(240, FlowColumns.BytesPerFlow);

    [Fact]
    public void A_keys_tail_leaves_room_for_the_state()
    {
        FlowHeader identity = new() { Key = new FlowKey(1, 2, 3, 4, FlowKey.TailMask) };
        Assert.Equal(FlowState.None, identity.State);
        Assert.Equal(255, identity.Version);

        identity.State = (FlowState)255;
        FlowKey same = new(1, 2, 3, 4, FlowKey.TailMask);
        FlowKey other = new(1, 2, 3, 4, FlowKey.TailMask >> 1);
        Assert.True(FlowHeader.Is(&identity, &same));
        Assert.False(FlowHeader.Is(&identity, &other));
    }
}
