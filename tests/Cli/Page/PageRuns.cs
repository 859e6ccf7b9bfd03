using FlowMeter.Cli.Watch;
using FlowMeter.Tests.Cli.Watch;
using FlowMeter.Tests.Support;
using FlowMeter.Tests.Watch;
using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Cli.Page;

/// <summary>Runs behind a page.</summary>
internal static class PageRuns
{
    private const long Second = 1_000_000_000;

    /// <summary>Its counters, no two of them the same.</summary>
    public static RunSample Sample { get; } = new(
        Time: 1000, Packets: 2, Bytes: 3, Dropped: 4, Flows: 5, Live: 6, NotWritten: 7, Benign: 8, Malicious: 9, Undecided: 10, Memory: 11);

    /// <summary>A capture that loses packets, of three suspicious flows; the newest has the most bytes.</summary>
    /// <param name="problems">What is wrong with it.</param>
    public static RunWatch Capture(params string[] problems) => new(
        "capturing eth0",
        WatchedRuns.Run([.. Talk("192.0.2.50", 5000, 4), .. Talk("192.0.2.51", 5001, 40), .. Talk("192.0.2.52", 5002, 4000)]),
        () => Sample, () => problems, new SecondsByHand());

    /// <summary>A question and an answer.</summary>
    /// <param name="host">Who asks.</param>
    /// <param name="port">Its port, and the second at which it asks.</param>
    /// <param name="bytes">What it asks.</param>
    public static Frame[] Talk(string host, int port, int bytes) =>
    [
        Frame.Whole(LinkRaw, port * Second, IPv4(host, "192.0.2.1", UdpProtocol, Udp(port, 53, Payload(bytes)))),
        Frame.Whole(LinkRaw, (port * Second) + 1, IPv4("192.0.2.1", host, UdpProtocol, Udp(53, port, Payload(4)))),
    ];
}
