using System.Globalization;
using System.Net;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Scoring;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Export.Ipfix;

/// <summary>IPFIX says what CSV says, read by what its own templates and descriptions tell.</summary>
public sealed class IpfixTests
{
    private static readonly string s_label = string.Concat(Enumerable.Repeat("l\u00e9ng ", 50));

    private static readonly byte[] s_capture = CaptureWriter.Pcap(Traffic.Random(23, new TrafficShape { Conversations = 120 }));

    public static TheoryData<string, bool> Tables
    {
        get
        {
            TheoryData<string, bool> tables = [];
            foreach (Profile profile in Profile.All)
            {
                tables.Add(profile.Name, false);
                tables.Add(profile.Name, true);
            }

            return tables;
        }
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void Every_value_is_the_one_in_CSV(string profile, bool isScored)
    {
        EngineMeter meter = Meter(profile, isScored);
        CsvTable csv = meter.Run(s_capture).Table;
        (byte[] bytes, long rows) = meter.Encoded(s_capture, new TableEncoding(TableFormat.Ipfix));
        IReadOnlyList<Dictionary<string, string>> flows = IpfixReader.Flows(bytes);
        Assert.Equal((csv.Rows.Count, rows), (flows.Count, flows.Count));
        List<Column> columns =
        [
            .. Profile.Find(profile)!.Columns, .. Profile.Find(profile)!.ColumnsOfModel, Column.OfCommunityId, Column.OfLabel,
            Column.OfExplanation,
        ];
        for (int row = 0; row < flows.Count; row++)
        {
            foreach ((string name, string cell) in csv.Header.Zip(csv.Rows[row]))
            {
                string? said = ValueOf(flows[row], columns.First(column => column.Name == name));
                if (said == null)
                {
                    continue;
                }

                Assert.True(
                    said == cell
                        || (IPAddress.TryParse(said, out IPAddress? there) && there.Equals(IPAddress.Parse(cell)))
                        || (double.TryParse(said, CultureInfo.InvariantCulture, out double number)
                        && number == double.Parse(cell, CultureInfo.InvariantCulture)),
                    $"{name} of row {row}: {said} for {cell}");
            }
        }
    }

    [Fact]
    public void What_each_direction_sent_adds_up_to_the_flow_in_profiles_without_columns_for_it()
    {
        EngineMeter meter = Meter("extended", isScored: false);
        CsvTable csv = meter.Run(s_capture).Table;
        (byte[] bytes, _) = meter.Encoded(s_capture, new TableEncoding(TableFormat.Ipfix));
        IReadOnlyList<Dictionary<string, string>> flows = IpfixReader.Flows(bytes);
        Assert.Equal(
            csv.Rows.Select(row => long.Parse(row[csv.Column("bytes")], CultureInfo.InvariantCulture)),
            flows.Select(flow => long.Parse(flow["octetDeltaCount"], CultureInfo.InvariantCulture)
                + long.Parse(flow["reverse octetDeltaCount"], CultureInfo.InvariantCulture)));
        Assert.Contains(flows, flow => flow["sourceAddress"].Contains(':', StringComparison.Ordinal));
        Assert.Contains(flows, flow => flow["sourceAddress"].Contains('.', StringComparison.Ordinal));
    }

    [Fact]
    public void Messages_of_several_threads_are_numbered_without_a_gap()
    {
        byte[] capture = CaptureWriter.Pcap(Traffic.Random(5, new TrafficShape { Conversations = 2000 }));
        EngineMeter meter = new() { Workers = 3 };
        (byte[] bytes, long rows) = meter.Encoded(capture, new TableEncoding(TableFormat.Ipfix));
        Assert.True(bytes.Length > 3 * (256 << 10), "every thread has several blocks");
        Assert.Equal(rows, IpfixReader.Flows(bytes).Count);
    }

    [Fact]
    public void A_file_that_is_cut_off_keeps_its_whole_messages()
    {
        (byte[] bytes, long rows) = Meter("full", isScored: true).Encoded(s_capture, new TableEncoding(TableFormat.Ipfix));
        (long found, int end) = TableFormat.Ipfix.Framing.Whole(bytes);
        Assert.Equal((rows, bytes.Length), (found, end));
        for (int cut = 0; cut < bytes.Length; cut += 509)
        {
            (long whole, int last) = TableFormat.Ipfix.Framing.Whole(bytes.AsSpan(0, cut));
            Assert.InRange(cut - last, 0, ushort.MaxValue);
            Assert.Equal(whole, IpfixReader.Flows(bytes[..last]).Count);
        }
    }

    [Fact]
    public void No_element_has_two_meanings_in_different_profiles()
    {
        Dictionary<int, string> names = [];
        foreach (Profile profile in Profile.All)
        {
            foreach (Column feature in profile.Features)
            {
                int number = profile.FirstElement + feature.Feature;
                Assert.InRange(number, 1, 29_999);
                Assert.Equal(feature.Name, names.GetValueOrDefault(number, feature.Name));
                names[number] = feature.Name;
            }
        }
    }

    private static EngineMeter Meter(string profile, bool isScored) => new()
    {
        Profile = profile,
        MinPackets = 1,
        Label = isScored ? s_label : null,
        HasCommunityId = isScored,
        Explain = isScored && DefaultModel.Profiles.Contains(profile) ? 3 : 0,
        Model = isScored ? DefaultModel.Load(profile, Profile.Find(profile)!.FeatureNames) : null,
    };

    /// <summary>What a record says for a column; null for one that joins others in one text.</summary>
    private static string? ValueOf(Dictionary<string, string> flow, Column column) => column.Source switch
    {
        ColumnSource.StartTime => flow["flowStart"],
        ColumnSource.EndTime => flow["flowEnd"],
        ColumnSource.SourceAddress => flow["sourceAddress"],
        ColumnSource.SourcePort => flow["sourceTransportPort"],
        ColumnSource.DestinationAddress => flow["destinationAddress"],
        ColumnSource.DestinationPort => flow["destinationTransportPort"],
        ColumnSource.Protocol => flow["protocolIdentifier"],
        ColumnSource.EndReason => EndReasonText.Name((FlowEndReason)int.Parse(flow["flowEndReason"], CultureInfo.InvariantCulture)),
        ColumnSource.ProtocolName or ColumnSource.FiveTuple or ColumnSource.FlowId or ColumnSource.StampedFlowId => null,
        _ => column.Name switch
        {
            "fwd_packets" or "Total Fwd Packet" => flow["packetDeltaCount"],
            "bwd_packets" or "Total Bwd packets" => flow["reverse packetDeltaCount"],
            "fwd_bytes" or "Total Length of Fwd Packet" => flow["octetDeltaCount"],
            "bwd_bytes" or "Total Length of Bwd Packet" => flow["reverse octetDeltaCount"],
            string name => flow[name],
        },
    };
}
