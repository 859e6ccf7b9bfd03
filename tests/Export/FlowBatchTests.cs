using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;

namespace FlowMeter.Tests.Export;

/// <summary>How many flows a batch takes.</summary>
public sealed class FlowBatchTests
{
    [Theory]
    [InlineData("flowmeter", 256 << 10)]
    [InlineData("full", 256 << 10)]
    [InlineData("full", 1)]
    public void A_batch_for_a_message_is_as_small_as_it_is_asked_for_and_takes_a_block(string profile, int bytes)
    {
        Profile made = Profile.Find(profile)!;
        TableSchema schema = new() { Profile = made, Model = null, Columns = made.Columns, MaxBatchBytes = bytes };
        using FeatureBlock features = new(made.Features.Count);
        using FlowBatch batch = new(schema, features);
        Assert.Equal(0, batch.Capacity % FlowRecordBlock.Capacity);
        Assert.InRange(batch.Capacity, FlowRecordBlock.Capacity, Math.Max(FlowRecordBlock.Capacity, bytes / made.Columns.Count / 8));
    }
}
