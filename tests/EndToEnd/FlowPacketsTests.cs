using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.EndToEnd;

/// <summary><c>flowmeter packets</c>: exactly the packets that a flow was metered from, as they came.</summary>
[Trait("Category", "EndToEnd")]
public sealed class FlowPacketsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_packets_of_a_row_meter_to_that_row(bool pcapng)
    {
        string capture = Samples.Office;
        if (pcapng)
        {
            capture = _folder.Write("a.pcapng", CaptureWriter.PcapNg(
                ReferenceReader.ReadFile(Samples.Office).Frames, new PcapNgFormat { Decorated = true }));
        }

        CsvTable flows = FlowMeterBinary.Run("show", capture, "--model", "none", "-q").Table();
        string packets = _folder["f.pcap"];
        foreach (int row in new[] { 1, 4, 100, flows.Rows.Count })
        {
            Finished finished = FlowMeterBinary.Run(
                "packets", capture, "--model", "none", "--flow", $"{row}", "-o", packets).Succeeded();
            Assert.Contains($"row {row}: ", finished.Errors, StringComparison.Ordinal);
            CsvTable again = FlowMeterBinary.Run("read", packets, "--model", "none", "-q").Table();
            string[] expected = Without(flows, row - 1, "end_reason");
            Assert.Equal(expected, Without(again, 0, "end_reason"));
            Assert.Single(again.Rows);
        }
    }

    [BinaryFact]
    public void All_flows_of_one_ID_come_out_together()
    {
        string capture = _folder.Write("a.pcap", CaptureWriter.Pcap(
        [
            Samples.Udp(1, 0), Samples.Udp(2, 1), Samples.UdpAnswer(1, 2), Samples.Udp(1, 500), Samples.Arp(501), Samples.UdpAnswer(1, 502),
        ]));
        CsvTable flows = FlowMeterBinary.Run("read", capture, "--community-id", "-q").Table();
        string id = flows.Texts("community_id").GroupBy(text => text).Single(same => same.Count() == 2).Key;
        string packets = _folder["f.pcap"];
        string errors = FlowMeterBinary.Run("packets", capture, "--flow", id, "-o", packets).Succeeded().Errors;
        Assert.Contains($"2 flows have the Community ID {id}; the packets of all are written", errors, StringComparison.Ordinal);
        Assert.Contains("4 packets of 2 flows", errors, StringComparison.Ordinal);
        List<Frame> all = ReferenceReader.ReadFile(capture).Frames;
        Assert.Equal(
            new[] { 0, 2, 3, 5 }.Select(frame => Convert.ToHexString(all[frame].Captured)),
            ReferenceReader.ReadFile(packets).Frames.Select(frame => Convert.ToHexString(frame.Captured)));
    }

    [BinaryFact]
    public void Several_flows_and_standard_output_are_taken()
    {
        string packets = _folder["f.pcap"];
        FlowMeterBinary.Run("packets", Samples.Office, "--flow", "4", "--flow", "1", "-q", "-o", packets).Succeeded();
        CsvTable read = FlowMeterBinary.Run("read", packets, "-q").Table();
        Assert.Equal(2, read.Rows.Count);
    }

    [BinaryFact]
    public void A_flow_that_is_not_there_is_said_and_nothing_is_written()
    {
        Finished finished = FlowMeterBinary.Run("packets", Samples.Office, "--flow", "9999", "-o", _folder["f.pcap"]).EndedWith(1);
        Assert.StartsWith("flowmeter: --flow 9999: no such flow among 463 of ", finished.OnlyLine(), StringComparison.Ordinal);
        Assert.Empty(_folder.Names());
    }

    [BinaryFact]
    public void Rows_have_the_same_numbers_however_many_flows_wait_for_the_output()
    {
        // Far more flows than the exporter's queue holds, so that the worker would help it out.
        string capture = _folder["big.pcap"];
        FlowMeterBinary.Run("generate", capture, "--packets", "200000", "--flows", "100000").Succeeded();
        string[] columns = ["--columns", "row,src_ip,src_port,dst_ip,dst_port,start_time", "-q"];
        string first = FlowMeterBinary.Run(["show", capture, .. columns]).Succeeded().Output;
        Assert.Equal(first, FlowMeterBinary.Run(["show", capture, .. columns]).Succeeded().Output);
        CsvTable rows = CsvTable.Parse(first);
        int row = rows.Rows.Count * 3 / 4;
        FlowMeterBinary.Run("packets", capture, "--flow", $"{row}", "-q", "-o", _folder["f.pcap"]).Succeeded();
        CsvTable read = FlowMeterBinary.Run("read", _folder["f.pcap"], "-q").Table();
        Assert.Equal(rows.Text(row - 1, "src_port"), read.Text(0, "src_port"));
        Assert.Equal(rows.Text(row - 1, "start_time"), read.Text(0, "start_time"));
    }

    private static string[] Without(CsvTable table, int row, string column) =>
        [.. table.Rows[row].Where((_, i) => i != table.Column(column))];
}
