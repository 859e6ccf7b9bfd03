using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;
using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Metering;

/// <summary>
/// Profiles <c>extended</c>, <c>full</c>, <c>cic</c> and <c>appflow</c> against the reference meter, and the edges of what SPEC §6 to §8
/// say.
/// </summary>
public sealed class PayloadProfileTests
{
    private const int Seeds = 40;
    private const long Second = 1_000_000_000;

    public static TheoryData<string> Profiles => ["extended", "full", "cic", "appflow"];

    [Theory, MemberData(nameof(Profiles))]
    public void Payload_traffic_gives_the_references_rows(string profile) =>
        Parallel.For(0, Seeds, seed => AssertAgrees(profile, PayloadTraffic.Random(seed), $"seed {seed}"));

    [Theory, MemberData(nameof(Profiles))]
    public void Random_traffic_gives_the_references_rows(string profile) =>
        Parallel.For(0, Seeds, seed => AssertAgrees(
            profile, Traffic.Random(seed, new TrafficShape { MaxDisorderNs = seed % 2 == 0 ? 0 : 9 * Second }), $"seed {seed}"));

    [Theory, MemberData(nameof(Profiles))]
    public void The_header_is_specs(string profile) =>
        Assert.Equal(HeaderOf(profile), new EngineMeter { Profile = profile }.Run(CaptureWriter.Pcap([])).Table.Header);

    [Theory]
    [InlineData("extended", 2)]
    [InlineData("extended", 7)]
    [InlineData("full", 2)]
    [InlineData("full", 5)]
    [InlineData("cic", 3)]
    [InlineData("cic", 7)]
    [InlineData("appflow", 2)]
    [InlineData("appflow", 3)]
    [InlineData("appflow", 7)]
    public void Any_number_of_workers_gives_the_same_rows(string profile, int workers)
    {
        for (int seed = 0; seed < 8; seed++)
        {
            byte[] capture = CaptureWriter.Pcap([.. PayloadTraffic.Random(seed), .. Traffic.Random(seed)]);
            EngineResult one = new EngineMeter { Profile = profile, SweepFrom = long.MaxValue }.Run(capture);
            EngineResult several =
                new EngineMeter { Profile = profile, SweepFrom = long.MaxValue, Workers = workers, BytesPerRead = 20_000 }.Run(capture);
            Assert.Equal(one.SortedRows, several.SortedRows);
        }
    }

    [Theory]
    [InlineData(3, 1_000_000_000, 0, 0)]
    [InlineData(4, 1_000_000_000, 40, 4)]
    [InlineData(4, 1_000_000_001, 0, 0)]
    [InlineData(9, 500, 90, 9)]
    public void A_bulk_is_four_data_packets_without_a_long_gap(int packets, long gapNs, double bytes, double each)
    {
        List<Frame> frames = [.. Enumerable.Range(0, packets).Select(i => Data(i * gapNs, 10))];

        CsvTable table = new EngineMeter { Profile = "cic" }.Run(CaptureWriter.Pcap(frames)).Table;

        Assert.Equal(bytes, Number(table, "Fwd Bytes/Bulk Avg"));
        Assert.Equal(each, Number(table, "Fwd Packet/Bulk Avg"));
        Assert.Equal(0, Number(table, "Bwd Bytes/Bulk Avg"));
    }

    [Fact]
    public void Only_payload_of_the_other_direction_ends_a_bulk()
    {
        List<Frame> acknowledged = [Data(0, 10), Data(1, 10), Answer(2, 0), Data(3, 10), Data(4, 10)];
        List<Frame> answered = [Data(0, 10), Data(1, 10), Answer(2, 1), Data(3, 10), Data(4, 10)];

        Assert.Equal(40, Number(new EngineMeter { Profile = "cic" }.Run(CaptureWriter.Pcap(acknowledged)).Table, "Fwd Bytes/Bulk Avg"));
        Assert.Equal(0, Number(new EngineMeter { Profile = "cic" }.Run(CaptureWriter.Pcap(answered)).Table, "Fwd Bytes/Bulk Avg"));
    }

    [Fact]
    public void Gaps_of_exactly_one_and_five_seconds_cut_nothing()
    {
        List<Frame> frames = [Data(0, 1), Data(Second, 1), Data(6 * Second, 1), Data((11 * Second) + 1, 1)];

        CsvTable table = new EngineMeter { Profile = "cic" }.Run(CaptureWriter.Pcap(frames)).Table;

        Assert.Equal(4.0 / 3, Number(table, "Subflow Fwd Packets"));
        Assert.Equal(5_000_000.001, Number(table, "Idle Max"));
        Assert.Equal(6_000_000, Number(table, "Active Max"));
    }

    [Fact]
    public void Padding_offloading_and_later_fragments_have_their_payloads()
    {
        byte[] udp = Udp(7, 8, Payload(10));
        byte[] padded = [.. EthernetIP(IPv4("10.0.0.1", "10.0.0.2", UdpProtocol, udp)), .. new byte[8]];
        byte[] offloaded = EthernetIP(IPv4("10.0.0.1", "10.0.0.2", UdpProtocol, udp));
        offloaded.AsSpan(16, 2).Clear();
        byte[] first = EthernetIP(IPv4("10.0.0.1", "10.0.0.2", UdpProtocol, Udp(7, 8, Payload(16)), id: 5, moreFragments: true));
        byte[] later = EthernetIP(IPv4("10.0.0.1", "10.0.0.2", UdpProtocol, Payload(9), id: 5, fragmentOffset: 24));
        List<Frame> frames =
            [.. new[] { padded, offloaded, first, later }.Select((bytes, index) => Frame.Whole(LinkEthernet, index, bytes))];

        CsvTable table = new EngineMeter { Profile = "extended" }.Run(CaptureWriter.Pcap(frames)).Table;

        Assert.Equal([10, 10, 16, 9], new[] { "data_1", "data_2", "data_3", "data_4" }.Select(column => Number(table, column)));
        Assert.Equal(45, Number(table, "payload_bytes"));
    }

    [Theory]
    [InlineData("flowmeter", "label")]
    [InlineData("deepfence", "label")]
    [InlineData("cic", "Label")]
    [InlineData("appflow", "label")]
    public void A_label_is_in_every_row(string profile, string column)
    {
        EngineResult result = new EngineMeter { Profile = profile, MinPackets = 1, Label = "night, \"shift\"" }.Run(
            CaptureWriter.Pcap(Traffic.Random(1)));

        Assert.Equal(column, result.Table.Header[^1]);
        Assert.NotEmpty(result.Table.Rows);
        Assert.All(result.Table.Rows, row => Assert.Equal("night, \"shift\"", row[^1]));
    }

    [Fact]
    public void A_history_that_can_not_grow_ends_its_flow()
    {
        // Two flows that grow for ever in an arena of two dozen blocks.
        List<Frame> frames = [.. Enumerable.Range(0, 5000).Select(i => i % 2 == 0 ? Data(i, 10) : Data(i, 10, port: 2))];

        EngineResult result = new EngineMeter { Profile = "appflow", MaxHistory = 24 * 128 }.Run(CaptureWriter.Pcap(frames));

        Assert.Equal(5000, result.Sum("packets_numbers"));
        Assert.True(result.Totals!.HistoryOverflows > 0);
        Assert.Equal(result.Totals.HistoryOverflows, result.Totals.FlowsByReason(FlowEndReason.LackOfResources));
    }

    /// <summary>A million flows of thirteen packets, the last of which wants a block, in an arena of ten thousand.</summary>
    [Fact]
    public void Histories_of_a_million_flows_stay_in_their_memory()
    {
        const long Flows = 1_000_000;
        const int PacketsPerFlow = 13;
        using ManyFlowsSource source = new(Flows * PacketsPerFlow, PacketsPerFlow);

        MeteringTotals totals = new EngineMeter { Profile = "appflow", MaxHistory = 1 << 20, MaxFlows = 20_000 }.RunUnread(source);

        Assert.Equal(Flows * PacketsPerFlow, totals.Frames[DecodeResult.Metered]);
        Assert.Equal(Flows + totals.HistoryOverflows, totals.Flows);
        Assert.InRange(totals.HistoryOverflows, 1, Flows);
    }

    private static Frame Data(long timeNs, int length, int port = 1) =>
        Frame.Whole(LinkRaw, timeNs, IPv4("10.0.0.1", "192.0.2.1", TcpProtocol, Tcp(port, 9, Ack, Payload(length))));

    private static Frame Answer(long timeNs, int length) =>
        Frame.Whole(LinkRaw, timeNs, IPv4("192.0.2.1", "10.0.0.1", TcpProtocol, Tcp(9, 1, Ack, Payload(length))));

    private static double Number(CsvTable table, string column) =>
        double.Parse(Assert.Single(table.Rows)[table.Column(column)], System.Globalization.CultureInfo.InvariantCulture);

    private static string[] HeaderOf(string profile) => profile switch
    {
        "extended" => [.. ReferenceRecord.IdentityColumns, .. ReferenceExtended.NumberColumns],
        "full" => [.. ReferenceRecord.IdentityColumns, .. ReferenceFull.NumberColumns, "connection_state"],
        "cic" => ReferenceCic.Header,
        _ => [.. ReferenceAppFlow.IdentityColumns, .. ReferenceAppFlow.NumberColumns],
    };

    private static void AssertAgrees(string profile, List<Frame> frames, string name)
    {
        EngineResult actual = new EngineMeter { Profile = profile }.Run(CaptureWriter.Pcap(frames));
        string? difference = ReferenceTables.FirstDifference(actual.Table, profile, frames);
        Assert.True(difference is null, $"{name}: {difference}");
    }
}
