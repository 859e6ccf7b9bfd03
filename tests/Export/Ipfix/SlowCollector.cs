using FlowMeter.Engine.Export;
using FlowMeter.Engine.Output;
using FlowMeter.Tests.Output;

namespace FlowMeter.Tests.Export.Ipfix;

/// <summary>A collector that reads nothing until rows were lost, and everything then.</summary>
internal static class SlowCollector
{
    /// <summary>Sends until rows are lost and on until none are; what came is whole, and all rows are accounted for.</summary>
    /// <param name="peer">The collector, which is connected to once.</param>
    /// <param name="messages">What is sent.</param>
    /// <param name="read">Has the collector read on, and gives all that has come when the connection ends.</param>
    public static async Task AssertNothingTorn(CollectorPeer peer, RepeatedMessages messages, Func<Task<byte[]>> read)
    {
        const int MaxTries = 1000;
        SetClock clock = new("2026-03-29T00:00:00");
        CollectorTarget target = new(peer, clock, TimeSpan.FromMilliseconds(20));
        ResilientOutput output = new("collector", target, TableFormat.Ipfix.Framing, clock, static _ => { });
        output.Begin(messages.Header);
        long offered = 0;
        output.KeepOnce();
        Assert.False(output.IsFailing);
        while (output.LostRows == 0)
        {
            output.Write(messages.Next());
            offered += messages.Flows;
        }

        Task<byte[]> received = read();
        clock.Advance(TimeSpan.FromSeconds(2));
        for (int tries = 0; output.IsFailing; tries++)
        {
            Assert.InRange(tries, 0, MaxTries);
            output.Write(messages.Next());
            offered += messages.Flows;
            clock.Advance(TimeSpan.FromSeconds(2));
        }

        output.Complete();
        output.Dispose();
        byte[] taken = await received;
        (long whole, int end) = TableFormat.Ipfix.Framing.Whole(taken);
        Assert.Equal((output.Rows, taken.Length), (whole, end));
        Assert.Equal(offered, output.Rows + output.LostRows);
    }
}
