using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Export.Ipfix;

/// <summary>A record for each direction says of it what a biflow says of both.</summary>
public sealed class UniflowTests
{
    private const long Second = 1_000_000_000;

    private static readonly byte[] s_capture = CaptureWriter.Pcap(Traffic.Random(37, new TrafficShape { Conversations = 150 }));

    public static TheoryData<string> Profiles => [.. Profile.All.Select(profile => profile.Name)];

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Both_directions_are_the_biflow_and_rows_are_flows(string profile)
    {
        EngineMeter meter = new() { Profile = profile, MinPackets = 1, HasCommunityId = true };
        IReadOnlyList<Dictionary<string, string>> biflows = Read(meter, out long flows);
        IReadOnlyList<Dictionary<string, string>> uniflows = Read(meter with { HasUniflows = true }, out long rows);
        Assert.Equal((flows, biflows.Count), (rows, (int)rows));
        int at = 0;
        foreach (Dictionary<string, string> biflow in biflows)
        {
            Dictionary<string, string> there = uniflows[at++];
            Assert.All(
                biflow.Where(field => field.Key != "biflowDirection" && !field.Key.StartsWith("reverse", StringComparison.Ordinal)
                    && !field.Key.StartsWith("flowStart", StringComparison.Ordinal)
                    && !field.Key.StartsWith("flowEnd", StringComparison.Ordinal)),
                field => Assert.Equal(field.Value, there[field.Key]));
            List<Dictionary<string, string>> directions = biflow["packetDeltaCount"] == "0" ? [] : [there];
            if (biflow["reverse packetDeltaCount"] != "0")
            {
                Dictionary<string, string> back = uniflows[at++];
                directions.Add(back);
                Assert.Equal(12, back.Count);
                Assert.Equal(
                    [
                        there["destinationAddress"], there["sourceAddress"], there["destinationTransportPort"],
                        there["sourceTransportPort"], there["protocolIdentifier"], there["flowEndReason"],
                        biflow["reverse packetDeltaCount"], biflow["reverse octetDeltaCount"],
                    ],
                    [
                        back["sourceAddress"], back["destinationAddress"], back["sourceTransportPort"],
                        back["destinationTransportPort"], back["protocolIdentifier"], back["flowEndReason"],
                        back["packetDeltaCount"], back["octetDeltaCount"],
                    ]);
            }

            Assert.Equal(biflow["flowEnd"], directions.Max(record => record["flowEnd"]));
            Assert.All(directions, record => Assert.True(
                string.CompareOrdinal(record["flowStart"], record["flowEnd"]) <= 0, $"{record["flowStart"]} to {record["flowEnd"]}"));
        }

        Assert.Equal(at, uniflows.Count);
        bool hasIPv6 = biflows.Any(biflow => biflow["sourceAddress"].Contains(':', StringComparison.Ordinal));
        Assert.Equal(
            hasIPv6, uniflows.Any(record => record.Count == 12 && record["sourceAddress"].Contains(':', StringComparison.Ordinal)));
        Assert.DoesNotContain(uniflows, record => record.Keys.Any(name => name.StartsWith("reverse", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Each_direction_has_its_own_times(string profile)
    {
        byte[] capture = CaptureWriter.Pcap(
        [
            Packet(1, isBack: false), Packet(2, isBack: false), Packet(3, isBack: true), Packet(5, isBack: true), Packet(8, isBack: false),
        ]);
        EngineMeter meter = new() { Profile = profile, MinPackets = 1, HasUniflows = true };
        Assert.Equal(
            [("10.0.0.1", "1000", "8000", "3"), ("10.0.0.2", "3000", "5000", "2")],
            IpfixReader.Flows(meter.Encoded(capture, new TableEncoding(TableFormat.Ipfix)).Bytes).Select(record => (
                record["sourceAddress"], record["flowStartMilliseconds"], record["flowEndMilliseconds"], record["packetDeltaCount"])));
    }

    [Fact]
    public void A_direction_that_sent_nothing_has_no_record_unless_it_is_the_first_one()
    {
        byte[] capture = CaptureWriter.Pcap([Packet(1, isBack: false), Packet(4, isBack: false)]);
        EngineMeter meter = new() { MinPackets = 1, HasUniflows = true };
        Assert.Equal(["10.0.0.1 2"], Sources(meter, capture));
        Assert.Equal(["10.0.0.2 0", "10.0.0.1 2"], Sources(meter with { LocalNets = ["10.0.0.2/32"] }, capture));
    }

    [Fact]
    public void Both_records_of_a_flow_are_in_one_message()
    {
        EngineMeter meter = new() { HasUniflows = true };
        byte[] bytes = meter.Encoded(s_capture, new TableEncoding(TableFormat.Ipfix), maxMessage: 1400).Bytes;
        (bool endsInside, int messages, int at) = (false, 0, 0);
        while (IpfixMessage.Measure(bytes.AsSpan(at)) is { } message)
        {
            // A record of the way back is never the first one.
            int set = (bytes[at + IpfixMessage.Header] << 8) | bytes[at + IpfixMessage.Header + 1];
            endsInside |= set is IpfixMessage.BackV4 or IpfixMessage.BackV6;
            messages += message.Flows > 0 ? 1 : 0;
            at += message.Length;
        }

        Assert.InRange(messages, 10, int.MaxValue);
        Assert.False(endsInside);
    }

    private static string[] Sources(EngineMeter meter, byte[] capture) =>
    [
        .. IpfixReader.Flows(meter.Encoded(capture, new TableEncoding(TableFormat.Ipfix)).Bytes).Select(
            record => $"{record["sourceAddress"]} {record["packetDeltaCount"]}"),
    ];

    private static IReadOnlyList<Dictionary<string, string>> Read(EngineMeter meter, out long rows)
    {
        (byte[] bytes, rows) = meter.Encoded(s_capture, new TableEncoding(TableFormat.Ipfix));
        return IpfixReader.Flows(bytes);
    }

    private static Frame Packet(int seconds, bool isBack)
    {
        byte[] segment = PacketBuilder.Tcp(isBack ? 80 : 1000, isBack ? 1000 : 80, PacketBuilder.Ack, PacketBuilder.Payload(10));
        return Frame.Whole(PacketBuilder.LinkRaw, seconds * Second, isBack
            ? PacketBuilder.IPv4("10.0.0.2", "10.0.0.1", PacketBuilder.TcpProtocol, segment)
            : PacketBuilder.IPv4("10.0.0.1", "10.0.0.2", PacketBuilder.TcpProtocol, segment));
    }
}
