using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Support;
using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Metering;

/// <summary>A SYN that two capture queues brought behind the close of its own connection (SPEC §2, rule 1).</summary>
public sealed class LateSynTests
{
    [Theory]
    [InlineData("flowmeter", 1)]
    [InlineData("flowmeter", 3)]
    [InlineData("extended", 1)]
    [InlineData("full", 1)]
    public void A_SYN_older_than_its_flows_newest_packet_starts_nothing(string profile, int workers)
    {
        EngineResult result = Run(profile, workers, lateSynAt: 0);
        Assert.Equal(["5"], result.Table.Texts("packets"));
        Assert.Equal(1, result.Totals!.OutOfOrder);
    }

    [Fact]
    public void A_SYN_at_the_time_of_the_newest_packet_is_a_new_connection() =>
        Assert.Equal(["1", "4"], Run("flowmeter", 1, lateSynAt: 0.3).Table.Texts("packets").Order());

    private static EngineResult Run(string profile, int workers, double lateSynAt) =>
        new EngineMeter { Profile = profile, Workers = workers }.Run(CaptureWriter.Pcap(
        [
            Segment(0.1, isClients: false, Syn | Ack),
            Segment(0.2, isClients: true, Fin | Ack),
            Segment(0.3, isClients: false, Fin | Ack),
            Segment(0.3, isClients: true, Ack),
            Segment(lateSynAt, isClients: true, Syn),
        ]));

    private static Frame Segment(double second, bool isClients, byte flags)
    {
        (string from, string to) = isClients ? ("10.0.0.1", "10.0.0.2") : ("10.0.0.2", "10.0.0.1");
        return Samples.Ethernet(second, IPv4(from, to, TcpProtocol, isClients ? Tcp(40_000, 443, flags) : Tcp(443, 40_000, flags)));
    }
}
