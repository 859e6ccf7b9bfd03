using System.Text;
using FlowMeter.Report.Statistics;

namespace FlowMeter.Tests.Report.Statistics;

/// <summary>Peers and ports of sources, in bounded memory.</summary>
public sealed class FanOutTests
{
    [Fact]
    public void A_scan_is_told_from_a_busy_client()
    {
        FanOut fanOut = new();
        for (int i = 0; i < 300; i++)
        {
            Add(fanOut, "scanner", $"10.0.{i / 30}.1", i % 30);
            Add(fanOut, "client", "10.0.0.53", 53);
        }

        Assert.Equal([("scanner", 10), ("client", 1)], fanOut.ByPeers(9));
        Assert.Equal([("scanner", 30), ("client", 1)], fanOut.ByPorts(9));
        Assert.False(fanOut.IsCut);
    }

    [Fact]
    public void Beyond_its_memory_the_smallest_sources_leave()
    {
        FanOut fanOut = new();
        for (int i = 0; i < 40; i++)
        {
            Add(fanOut, "scanner", $"10.0.0.{i}", 80);
        }

        for (int i = 0; i < 100_000; i++)
        {
            Add(fanOut, $"source {i}", "10.0.0.1", 80);
        }

        Assert.True(fanOut.IsCut);
        Assert.Equal("scanner", fanOut.ByPeers(1)[0].Key);
        Assert.InRange(fanOut.ByPeers(1)[0].Sum, 32, 48);
    }

    private static void Add(FanOut fanOut, string source, string destination, int port) =>
        fanOut.Add(source, Encoding.ASCII.GetBytes(destination), Encoding.ASCII.GetBytes($"{port}"));
}
