using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Metering;

/// <summary>Alone, since the runtime counts the allocations of all threads together.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests
{
    private const int Packets = 300_000;
    private const int PacketsPerFlow = 5;

    // The blocks that go between a worker and its exporter are made as they are needed, eight at most: that is all that may differ.
    private const long Tolerance = 12_000;

    [Theory]
    [InlineData("flowmeter", 1)]
    [InlineData("flowmeter", 2)]
    [InlineData("deepfence", 1)]
    [InlineData("extended", 1)]
    [InlineData("full", 1)]
    [InlineData("full", 3)]
    [InlineData("cic", 1)]
    [InlineData("appflow", 1)]
    [InlineData("flowmeter", 1, true)]
    [InlineData("full", 3, true)]
    public void Twice_the_packets_and_flows_allocate_no_more(string profile, int workers, bool hasNames = false)
    {
        // Flows leave a small table all the time, so rows are written all the time.
        EngineMeter meter = new() { Profile = profile, Workers = workers, MinPackets = 1, MaxFlows = 2000, HasNames = hasNames };
        Allocated(meter, Packets);
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 3; attempt++)
        {
            long once = Allocated(meter, Packets);
            least = Math.Min(least, Math.Abs(Allocated(meter, 2 * Packets) - once));
        }

        Assert.InRange(least, 0, Tolerance);
    }

    private static long Allocated(EngineMeter meter, int packets)
    {
        using ManyFlowsSource source = new(packets, PacketsPerFlow);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        meter.RunUnread(source);
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }
}
