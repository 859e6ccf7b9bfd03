using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Metering;

/// <summary><c>--decapsulate</c> against the reference on random traffic inside tunnels, and at any number of workers.</summary>
public sealed class TunnelTrafficTests
{
    private const int Seeds = 25;

    [Fact]
    public void Flows_are_the_references() => Parallel.For(0, Seeds, seed =>
    {
        List<Frame> frames = TunnelTraffic.Random(seed);
        EngineResult actual = new EngineMeter { Decapsulate = true }.Run(CaptureWriter.Pcap(frames));
        string? difference = ReferenceAgreement.FirstDifference(
            actual, ReferenceMeter.Run(frames, new ReferenceMeterOptions { Decapsulate = true }));
        Assert.True(difference is null, $"seed {seed}: {difference}");
    });

    /// <summary>The payloads are those of the packets inside, each once.</summary>
    [Theory]
    [InlineData("extended")]
    [InlineData("full")]
    [InlineData("cic")]
    public void Payloads_are_the_references(string profile) => Parallel.For(0, Seeds, seed =>
    {
        List<Frame> frames = TunnelTraffic.Random(seed);
        EngineResult actual = new EngineMeter { Profile = profile, Decapsulate = true }.Run(CaptureWriter.Pcap(frames));
        string? difference = ReferenceTables.FirstDifference(actual.Table, profile, frames, decapsulate: true);
        Assert.True(difference is null, $"seed {seed}: {difference}");
    });

    [Theory]
    [InlineData("flowmeter", 2, 20_000)]
    [InlineData("flowmeter", 7, 3_000)]
    [InlineData("extended", 3, 20_000)]
    [InlineData("full", 3, 20_000)]
    public void Any_number_of_workers_gives_the_same_rows(string profile, int workers, int bytesPerRead)
    {
        for (int seed = 0; seed < 6; seed++)
        {
            byte[] capture = CaptureWriter.Pcap(TunnelTraffic.Random(seed, conversations: 200));
            EngineMeter one = new() { Profile = profile, Decapsulate = true, SweepFrom = long.MaxValue };
            Assert.Equal(
                one.Run(capture).SortedRows, (one with { Workers = workers, BytesPerRead = bytesPerRead }).Run(capture).SortedRows);
        }
    }
}
