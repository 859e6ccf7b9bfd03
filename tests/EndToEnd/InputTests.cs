using System.IO.Compression;
using FlowMeter.Tests.Native;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.EndToEnd;

[Trait("Category", "EndToEnd")]
public sealed class InputTests : IDisposable
{
    private static readonly Lazy<string[]> s_office = new(() => FlowMeterBinary.Run("read", Samples.Office).Table().Set());

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryFact]
    public void A_flow_that_crosses_the_border_between_two_files_is_one_row()
    {
        string first = _folder.WriteCapture("1.pcap", Samples.Udp(1, 0), Samples.UdpAnswer(1, 1));
        string second = _folder.WriteCapture("2.pcap", Samples.Udp(1, 2), Samples.Udp(2, 2));
        CsvTable table = FlowMeterBinary.Run("read", first, second).Table();
        Assert.Equal(["1", "3"], table.Texts("packets").Order(StringComparer.Ordinal));
    }

    [BinaryFact]
    public void Files_of_different_formats_and_compressions_follow_each_other()
    {
        string first = _folder.Write("1", Gzip(CaptureWriter.PcapNg([Samples.Udp(1, 0)])));
        string second = _folder.Write("2", CaptureWriter.Pcap([Samples.Udp(1, 1)], bigEndian: true, nanoseconds: false));
        Assert.Equal(["2"], FlowMeterBinary.Run("read", first, second).Table().Texts("packets"));
    }

    [BinaryFact]
    public void Standard_input_gives_the_same_rows_as_the_file()
    {
        Launched process = FlowMeterBinary.Start("read", "-");
        process.Input.Write(File.ReadAllBytes(Samples.Office));
        Assert.Equal(s_office.Value, process.Finish().Table().Set());
    }

    [BinaryFact]
    public void A_gzip_file_gives_the_same_rows_whatever_its_name()
    {
        string path = _folder.Write("capture.pcap", Gzip(File.ReadAllBytes(Samples.Office)));
        Assert.Equal(s_office.Value, FlowMeterBinary.Run("read", path).Table().Set());
    }

    [BinaryFact]
    public void A_gzip_stream_is_read_from_standard_input()
    {
        Launched process = FlowMeterBinary.Start("read", "-");
        process.Input.Write(Gzip(File.ReadAllBytes(Samples.Office)));
        Assert.Equal(s_office.Value, process.Finish().Table().Set());
    }

    [BinaryFact(Need.Zstandard)]
    public void A_zstd_file_gives_the_same_rows()
    {
        string path = _folder.Write("capture.zst", ZstandardCommand.Compress(File.ReadAllBytes(Samples.Office)));
        Assert.Equal(s_office.Value, FlowMeterBinary.Run("read", path).Table().Set());
    }

    [BinaryFact]
    public void A_named_pipe_loses_no_byte_to_the_checks_before_the_run()
    {
        string pipe = _folder.MakePipe("pipe");
        Launched process = FlowMeterBinary.Start("read", pipe);
        using (FileStream writer = new(pipe, FileMode.Open, FileAccess.Write))
        {
            writer.Write(File.ReadAllBytes(Samples.Office));
        }

        Assert.Equal(s_office.Value, process.Finish().Table().Set());
    }

    [BinaryFact]
    public void A_filter_lets_through_only_what_matches()
    {
        CsvTable table = FlowMeterBinary.Run("read", Samples.Office, "--filter", "udp port 53").Table();
        int expected = File.ReadLines(Samples.OfficeLabels).Select(line => line.Split('\t')).Count(
            field => field[1] == "17" && field[5] == "53");
        Assert.Equal(expected, table.Rows.Count);
        Assert.All(table.Texts("dst_port"), port => Assert.Equal("53", port));
    }

    private static byte[] Gzip(byte[] data)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(data);
        }

        return compressed.ToArray();
    }
}
