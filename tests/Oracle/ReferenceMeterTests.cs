using FlowMeter.Tests.Support;
using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Oracle;

public sealed class ReferenceMeterTests
{
    private const long Second = 1_000_000_000;

    private readonly List<Frame> _frames = [];

    [Fact]
    public void Idle_begins_one_nanosecond_after_the_timeout()
    {
        Send(0, Ack);
        Send(120 * Second, Ack);
        Send((240 * Second) + 1, Ack);

        AssertFlows((2, "idle"), (1, "forced"));
    }

    [Fact]
    public void Active_ends_the_flow_but_keeps_its_orientation()
    {
        for (long second = 0; second <= 1800; second += 100)
        {
            Send(second * Second, Ack);
        }
        Send((1800 * Second) + 1, Ack, fromClient: false);

        List<ReferenceRecord> records = AssertFlows((19, "active"), (1, "forced"));
        Assert.Equal(40000, records[1].SourcePort);
    }

    [Fact]
    public void Trailing_packets_stay_in_a_closed_flow_until_they_linger()
    {
        Send(0, Fin | Ack);
        Send(1, Fin | Ack, fromClient: false);
        Send(1 + (5 * Second), Ack);
        Send(2 + (10 * Second), Ack);

        AssertFlows((3, "end"), (1, "forced"));
    }

    [Fact]
    public void A_SYN_reopens_a_closed_flow_at_once_and_no_other()
    {
        Send(0, Syn);
        Send(0, Syn);
        Send(0, Rst, fromClient: false);
        Send(0, Syn | Ack, fromClient: false);
        Send(0, Syn);

        AssertFlows((4, "end"), (1, "forced"));
    }

    [Fact]
    public void One_FIN_does_not_close()
    {
        Send(0, Fin);
        Send(0, Fin);
        Send(0, Syn);

        AssertFlows((3, "forced"));
    }

    [Fact]
    public void A_SYN_ACK_comes_from_the_server()
    {
        Send(0, Syn | Ack, fromClient: false);

        Assert.Equal(40000, AssertFlows((1, "forced"))[0].SourcePort);
    }

    [Theory]
    [InlineData("10.0.0.2/32", 443)]
    [InlineData("10.0.0.1/32", 40000)]
    [InlineData("10.0.0.0/24", 40000)]
    [InlineData("0.0.0.0/0", 40000)]
    [InlineData("::/0", 40000)]
    public void The_one_local_end_is_the_source(string localNet, int sourcePort)
    {
        Send(0, Syn);

        ReferenceMeterOptions options = new() { LocalNets = [ReferenceNetwork.Parse(localNet)] };
        Assert.Equal(sourcePort, Assert.Single(ReferenceMeter.Run(_frames, options).Records).SourcePort);
    }

    [Fact]
    public void Time_that_runs_backwards_makes_no_gap_and_is_counted()
    {
        Send(10_000, Ack);
        Send(4_000, Ack);
        Send(13_000, Ack);

        ReferenceResult result = ReferenceMeter.Run(_frames);
        ReferenceRecord record = Assert.Single(result.Records);
        Assert.Equal(1, result.OutOfOrder);
        Assert.Equal((10_000, 13_000), (record.StartNs, record.EndNs));
        Assert.Equal(3, Feature(record, "duration_us"));
        Assert.Equal(1.5, Feature(record, "iat_mean_us"));
        Assert.Equal(0, Feature(record, "iat_min_us"));
        Assert.Equal(3, Feature(record, "fwd_iat_total_us"));
    }

    [Fact]
    public void A_flow_left_behind_by_the_others_is_idle_at_the_end()
    {
        Send(0, Ack);
        Send(1, Fin);
        Ping((120 * Second) + 2);
        Assert.Equal(["forced", "forced"], ReferenceMeter.Run(_frames).Records.Select(record => record.EndReason));

        Ping((120 * Second) + 3);
        Ping((120 * Second) + 4);
        Assert.Equal(["forced", "idle"], ReferenceMeter.Run(_frames).Records.Select(record => record.EndReason).Order());
    }

    private void Ping(long time) =>
        _frames.Add(Frame.Whole(LinkEthernet, time, EthernetIP(IPv4("10.0.0.1", "10.0.0.2", IcmpProtocol, Icmp(8)))));

    [Fact]
    public void Both_ends_the_same_means_forward_only()
    {
        byte[] packet = EthernetIP(IPv4("10.0.0.1", "10.0.0.1", UdpProtocol, Udp(7, 7)));
        _frames.AddRange([Frame.Whole(LinkEthernet, 0, packet), Frame.Whole(LinkEthernet, 1, packet)]);

        Assert.Equal(2, Feature(Assert.Single(ReferenceMeter.Run(_frames).Records), "fwd_packets"));
    }

    [Fact]
    public void Minimum_packets_hides_shorter_flows()
    {
        Send(0, Ack);
        Send(200 * Second, Ack);
        Send(201 * Second, Ack);

        Assert.Single(ReferenceMeter.Run(_frames, new ReferenceMeterOptions { MinPackets = 2 }).Records);
    }

    private static double Feature(ReferenceRecord record, string name)
    {
        return record.Features[Array.IndexOf(ReferenceFeatures.Columns, name)];
    }

    private void Send(long timestampNs, byte flags, bool fromClient = true)
    {
        byte[] packet = fromClient
            ? IPv4("10.0.0.1", "10.0.0.2", TcpProtocol, Tcp(40000, 443, flags))
            : IPv4("10.0.0.2", "10.0.0.1", TcpProtocol, Tcp(443, 40000, flags));
        _frames.Add(Frame.Whole(LinkEthernet, timestampNs, EthernetIP(packet)));
    }

    private List<ReferenceRecord> AssertFlows(params (double Packets, string EndReason)[] expected)
    {
        List<ReferenceRecord> records = ReferenceMeter.Run(_frames).Records;
        Assert.Equal(expected, records.Select(record => (Feature(record, "packets"), record.EndReason)));
        return records;
    }
}
