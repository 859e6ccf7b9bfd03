using System.Text.Json;
using FlowMeter.Engine.HostVerdicts;
using FlowMeter.Engine.Watch;
using FlowMeter.Tests.Support;
using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Watch;

public sealed class FlowWatchTests
{
    private const long Second = 1_000_000_000;

    [Theory]
    [InlineData("flowmeter", 1)]
    [InlineData("extended", 1)]
    [InlineData("full", 2)]
    public void A_suspicious_flow_is_kept_with_every_column_and_why_it_is(string profile, int workers)
    {
        FlowWatch watch = WatchedRuns.Run(Talk("192.0.2.50", 5000), profile, workers);
        WatchedFlow flow = Assert.Single(watch.Find(new FlowQuery()).Flows);
        Assert.Equal(("192.0.2.50", "5000", "192.0.2.1", "53"), (
            flow[FlowTextField.Source], flow[FlowTextField.SourcePort], flow[FlowTextField.Destination],
            flow[FlowTextField.DestinationPort]));
        Assert.Equal(("udp", "malicious"), (flow[FlowTextField.Protocol], flow[FlowTextField.Verdict]));
        Assert.Equal((2, 64, 1), (flow.Packets, flow.Bytes, flow.Last - flow.First));

        // The table has no explanation; who watches has.
        Assert.Matches(@"^\S+ \S+ [+-]\d+\.\d\d", flow[FlowTextField.Explanation]);
        using JsonDocument row = JsonDocument.Parse(watch.Detail(flow.Number)!.Row);
        Assert.Equal(watch.Columns.Select(column => column.Name), row.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal(flow.Score, row.RootElement.GetProperty("score").GetDouble());
        Assert.Equal(flow[FlowTextField.Explanation], row.RootElement.GetProperty("explanation").GetString());
    }

    [Fact]
    public void Undecided_flows_of_enough_packets_are_suspicious_and_shorter_ones_are_not()
    {
        Assert.Equal(0, WatchedRuns.Run(Talk("192.0.2.50", 5000), minPackets: 3).Newest);
        FlowWatch undecided = WatchedRuns.Run(Talk("192.0.2.50", 5000), minPackets: 2, threshold: 1);
        Assert.Equal("undecided", Assert.Single(undecided.Find(new FlowQuery()).Flows)[FlowTextField.Verdict]);
    }

    [Fact]
    public void A_flood_of_suspicious_flows_is_kept_in_part_and_the_rest_counted()
    {
        FlowWatch watch = WatchedRuns.Run(Enumerable.Range(1, 5000).SelectMany(port => Talk("192.0.2.50", port)));
        Assert.Equal((FlowWatch.FlowsPerSecond, 5000 - FlowWatch.FlowsPerSecond), (watch.Newest, watch.Passed));
        Assert.Equal(10_000, watch.Talkers(1)[0].Packets);
    }

    [Fact]
    public void Both_hosts_of_a_flow_are_talkers()
    {
        FlowWatch watch = WatchedRuns.Run([.. Talk("192.0.2.50", 5000), .. Talk("192.0.2.51", 5000), .. Talk("192.0.2.51", 5001)]);
        Assert.Equal(
            [new("192.0.2.1", 3, 6, 192, 3), new("192.0.2.51", 2, 4, 128, 2), new Talker("192.0.2.50", 1, 2, 64, 1)], watch.Talkers(10));
    }

    [Fact]
    public void Talkers_are_forgotten_after_ten_minutes()
    {
        FlowWatch watch = WatchedRuns.Run(Talk("192.0.2.50", 5000));
        Tick(watch, 599);
        Assert.Equal(2, watch.Talkers(10).Count);
        Tick(watch, 1);
        Assert.Empty(watch.Talkers(10));
    }

    [Fact]
    public void A_source_that_scans_comes_first_and_is_named()
    {
        FlowWatch watch = WatchedRuns.Run([
            .. Talk("192.0.2.50", 5000), .. Talk("192.0.2.50", 5001),
            .. Enumerable.Range(1, 30).Select(port => Frame.Whole(
                LinkRaw, (4900 + port) * Second, IPv4("203.0.113.9", "192.0.2.1", TcpProtocol, Tcp(40_000, port, Syn)))),
        ]);
        HostSummary scanner = watch.Hosts(10)[0];
        Assert.Equal(
            ("203.0.113.9", "malicious", "port_scan 192.0.2.1 (30 flows)"), (scanner.Source, scanner.Verdict, scanner.Reasons));
        Assert.Equal((30, 30, 1, 30), (scanner.Flows, scanner.Failed, scanner.Peers, scanner.Ports));
        Assert.Equal("192.0.2.50", Assert.Single(watch.Hosts(10).Skip(1)).Source);
    }

    [Fact]
    public void Names_are_there_where_they_are_asked_for()
    {
        FlowWatch watch = WatchedRuns.Run(Talk("192.0.2.50", 5000), hasNames: true);
        WatchedFlow flow = Assert.Single(watch.Find(new FlowQuery()).Flows);
        Assert.Equal("SF", flow[FlowTextField.State]);
        Assert.NotEqual("", flow[FlowTextField.Application]);
        Assert.Equal("", Assert.Single(WatchedRuns.Run(Talk("192.0.2.50", 5000)).Find(new FlowQuery()).Flows)[FlowTextField.State]);
    }

    /// <summary>A question and its answer: 64 bytes of IP in two packets.</summary>
    private static Frame[] Talk(string host, int port) =>
    [
        Frame.Whole(LinkRaw, port * Second, IPv4(host, "192.0.2.1", UdpProtocol, Udp(port, 53, Payload(4)))),
        Frame.Whole(LinkRaw, (port * Second) + 1, IPv4("192.0.2.1", host, UdpProtocol, Udp(53, port, Payload(4)))),
    ];

    private static void Tick(FlowWatch watch, int seconds)
    {
        for (int i = 0; i < seconds; i++)
        {
            watch.Tick();
        }
    }
}
