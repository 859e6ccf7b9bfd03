using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Learning.Data;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Learning.Data;

/// <summary>Flows out of captures: features at the decision point, volumes, labels.</summary>
public sealed class CaptureDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("flowmeter", 1)]
    [InlineData("flowmeter", 2)]
    [InlineData("flowmeter", 10)]
    [InlineData("flowmeter", 29)]
    [InlineData("flowmeter", 30)]
    [InlineData("flowmeter", 31)]
    [InlineData("deepfence", 10)]
    public void Features_at_a_decision_point_are_those_of_the_packets_before_it(string profile, int decideAfter)
    {
        string whole = Capture("whole.pcap", int.MaxValue);
        string cut = Capture("cut.pcap", decideAfter);
        DataSet decided = Read(profile, decideAfter, null, new LabelledCapture(whole, true));
        DataSet alone = Read(profile, null, null, new LabelledCapture(cut, true));
        Assert.Equal(3, decided.Count);
        for (int feature = 0; feature < decided.Features.Count; feature++)
        {
            Assert.Equal(alone.Columns[feature], decided.Columns[feature]);
        }

        Assert.Equal([30, 12, 4], decided.Packets);
        Assert.Equal(
            [.. new[] { 30, 12, 4 }.Select(packets => packets >= decideAfter ? (double)packets - decideAfter : packets)],
            decided.BypassedPackets);
    }

    [Fact]
    public void Labels_find_their_flows_in_either_direction_and_keep_to_their_capture()
    {
        string capture = Capture("a.pcap", int.MaxValue);
        string labels = _folder.Write("labels.tsv",
            "file\tproto\tsrc\tsport\tdst\tdport\tfirst_ts\tpackets\tflow_label\n"
            + "x/a.pcap\t17\t192.0.2.1\t10000\t198.51.100.2\t4000\t1700000000.000000\t30\tmalicious\n"
            + "x/a.pcap\t17\t198.51.100.2\t4000\t192.0.2.1\t10001\t1700000000.100000\t12\tbenign\n"
            + "x/a.pcap\t17\t192.0.2.1\t10002\t198.51.100.2\t4000\t1700000900.000000\t4\tmalicious\n");
        DataSet data = Read("flowmeter", null, FlowLabels.Load(labels, _ => { }), new LabelledCapture(capture, null));
        Assert.Equal([true, false], data.Positive);
    }

    [Fact]
    public void Labels_that_fit_nothing_are_shown_beside_a_flow()
    {
        string capture = Capture("a.pcap", int.MaxValue);
        string labels = _folder.Write("labels.tsv", "a.pcap\t17\t192.0.2.9\t10000\t198.51.100.2\t4000\t1700000000.0\tmalicious\n");
        DataException thrown = Assert.Throws<DataException>(
            () => Read("flowmeter", null, FlowLabels.Load(labels, _ => { }), new LabelledCapture(capture, null)));
        Assert.Contains("\"a.pcap 17 192.0.2.9 10000 198.51.100.2 4000 1700000000.0\"", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("17 192.0.2.1 10000 198.51.100.2 4000 1700000000.000000\"", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.pcap\t17\tnowhere\t1\t198.51.100.2\t2\t3\tbenign\n", "line 1 is no label: src 'nowhere'")]
    [InlineData("a.pcap\t17\t192.0.2.1\n", "line 1 has 3 fields, expected 8")]
    [InlineData("file\tproto\tsrc\n", "there is no column sport")]
    [InlineData("", "no labels in it")]
    public void A_line_that_is_no_label_is_named(string text, string problem) =>
        Assert.Contains(
            problem, Assert.Throws<DataException>(() => FlowLabels.Load(_folder.Write("labels.tsv", text), _ => { })).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_line_that_can_not_be_read_is_skipped_counted_and_shown()
    {
        List<string> told = [];
        string good = "a.pcap\t17\t192.0.2.1\t10000\t198.51.100.2\t4000\t1700000000.0\tmalicious\n";
        string path = _folder.Write("labels.tsv", "a.pcap\t17\n" + good + "a.pcap\t17\t192.0.2.1\t1\t198.51.100.2\t2\t18446744073204.1\t\n"
            + string.Concat(Enumerable.Repeat("nonsense\n", 4)) + good.Replace("10000", "10001", StringComparison.Ordinal));
        DataSet data = Read("flowmeter", null, FlowLabels.Load(path, told.Add), new LabelledCapture(Capture("a.pcap", int.MaxValue), null));
        Assert.Equal([true, true], data.Positive);
        Assert.Equal(
            [$"warning: {path}: 6 lines skipped, no label: line 1 has 2 fields, expected 8; line 3 is no label: first_ts "
                + "'18446744073204.1', "
                    + "flow_label ''; line 4 has 1 field, expected 8 and 3 more"],
            told);
        Assert.Contains("and no other line is a label", Assert.Throws<DataException>(
            () => FlowLabels.Load(_folder.Write("none.tsv", "nonsense\nx\ty\n"), told.Add)).Message, StringComparison.Ordinal);
    }

    [SharedFact]
    public void The_shared_label_file_with_a_bad_line_is_read()
    {
        List<string> told = [];
        FlowLabels labels = FlowLabels.Load(Path.Combine(SharedFolder.Path!, "cases", "judgement", "lab.tsv"), told.Add);
        Assert.NotEmpty(labels.Example);
        Assert.Contains("1 line skipped", Assert.Single(told), StringComparison.Ordinal);
    }

    [Fact]
    public void Background_is_benign_and_counted()
    {
        string capture = Capture("a.pcap", int.MaxValue);
        string labels = _folder.Write("labels.tsv",
            "a.pcap\t17\t192.0.2.1\t10000\t198.51.100.2\t4000\t1700000000.0\tmalicious\n"
            + "a.pcap\t17\t192.0.2.1\t10001\t198.51.100.2\t4000\t1700000000.0\tbackground\n"
            + "a.pcap\t17\t192.0.2.1\t10002\t198.51.100.2\t4000\t1700000000.0\tunknown\n");
        List<string> told = [];
        DataSet data = new CaptureData(Profile.Find("flowmeter")!, new MeteringOptions(), FlowLabels.Load(labels, told.Add), null, told.Add)
            .Read([new LabelledCapture(capture, null)], new InputProgress(), CancellationToken.None);
        Assert.Equal([true, false], data.Positive);
        Assert.Equal(
            [
                "1 flows are labelled background: not the attack in a capture of one; taken as benign",
                "1 flows are labelled unknown, neither benign nor malicious, left out",
            ],
            told);
    }

    [Fact]
    public void The_sample_capture_fits_its_labels_and_every_flow_is_there()
    {
        DataSet data = Read("flowmeter", null, FlowLabels.Load(Samples.OfficeLabels, _ => { }), new LabelledCapture(Samples.Office, null));
        Assert.Equal((463, 415), (data.Count, data.Positives));
    }

    /// <summary>Three flows of 30, 12 and 4 packets side by side, or the first packets of each.</summary>
    private string Capture(string name, int most)
    {
        List<Frame> frames = [];
        int[] packets = [30, 12, 4];
        for (int round = 0; round < Math.Min(30, most); round++)
        {
            for (int flow = 0; flow < packets.Length; flow++)
            {
                if (round < packets[flow])
                {
                    double second = (round * 0.7) + (flow * 0.1) + (round * round * 0.001);
                    frames.Add(round % 3 == 2 ? Samples.UdpAnswer(flow, second) : Samples.Udp(flow, second, 10 + (7 * round)));
                }
            }
        }

        return _folder.WriteCapture(name, frames);
    }

    private static DataSet Read(string profile, long? decideAfter, FlowLabels? labels, LabelledCapture capture)
    {
        Profile found = Profile.Find(profile)!;
        MeteringOptions options = new() { Flow = new FlowOptions { Rules = found.Rules, DecideAfter = decideAfter } };
        return new CaptureData(found, options, labels, null, _ => { }).Read([capture], new InputProgress(), CancellationToken.None);
    }
}
