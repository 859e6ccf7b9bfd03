using System.Buffers.Binary;
using FlowMeter.Engine.Capture;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Capture;

/// <summary>Which captures can be copied into one file, and under which header.</summary>
public sealed class JoinedFileHeaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(96, 65535, 65535)]
    [InlineData(65535, 96, 65535)]
    [InlineData(96, 0, 0)]
    [InlineData(0, 65535, 0)]
    public void The_largest_snap_length_counts(uint first, uint second, uint expected)
    {
        byte[] header = JoinedFileHeader.Load([Pcap("a", snapLength: first), Pcap("b", snapLength: second)], CancellationToken.None);
        Assert.Equal(expected, BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(16)));
        Assert.Equal(File.ReadAllBytes(_folder["a"])[..16], header[..16]);
        Assert.Equal(File.ReadAllBytes(_folder["a"])[20..24], header[20..]);
    }

    [Fact]
    public void What_differs_is_named_with_both_files()
    {
        string first = Pcap("a");
        Assert.Equal(
            $"{first} and {_folder["b"]} can not be split into one file: their link types differ (1 and 101); split each in a run of its "
                + "own, or make them pcapng before (editcap -F pcapng).",
            Refusal(first, _folder.Write("b", CaptureWriter.Pcap([], linkType: 101))));
        Assert.Contains(
            "their byte orders differ", Refusal(first, _folder.Write("b", CaptureWriter.Pcap([], bigEndian: true))),
            StringComparison.Ordinal);
        Assert.Contains(
            "the precisions of their time stamps differ", Refusal(first, _folder.Write("b", CaptureWriter.Pcap([], nanoseconds: false))),
            StringComparison.Ordinal);
        Assert.Contains(
            "the first is pcap and the second pcapng", Refusal(first, _folder.Write("b", CaptureWriter.PcapNg([]))),
            StringComparison.Ordinal);
        Assert.Contains("the first is pcapng and the second pcap", Refusal(_folder["b"], first), StringComparison.Ordinal);
        byte[] old = CaptureWriter.Pcap([]);
        old[6] = 3;
        Assert.Contains("their versions or time zones differ", Refusal(first, _folder.Write("b", old)), StringComparison.Ordinal);

        // The upper half of the field says how long the check sequences behind the frames are.
        byte[] checkedFrames = CaptureWriter.Pcap([]);
        checkedFrames[23] = 0x44;
        Assert.Contains("their link types differ", Refusal(first, _folder.Write("b", checkedFrames)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_capture_that_can_not_be_read_now_is_not_passed_over() =>
        Assert.Contains("no such file", Refusal(Pcap("a"), _folder["b"]), StringComparison.Ordinal);

    [Fact]
    public void Sections_need_no_header() => Assert.Empty(JoinedFileHeader.Load(
        [_folder.Write("a", CaptureWriter.PcapNg([])), _folder.Write("b", CaptureWriter.PcapNg([], new PcapNgFormat { BigEndian = true }))],
        CancellationToken.None));

    [Fact]
    public void A_file_that_is_no_capture_is_for_the_run_to_tell() =>
        Assert.Equal(24, JoinedFileHeader.Load([Pcap("a"), _folder.Write("b", ""), Pcap("c")], CancellationToken.None).Length);

    private static string Refusal(params string[] paths) =>
        Assert.Throws<CaptureException>(() => JoinedFileHeader.Load(paths, CancellationToken.None)).Message;

    private string Pcap(string name, uint snapLength = 262144)
    {
        byte[] file = CaptureWriter.Pcap([]);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(16), snapLength);
        return _folder.Write(name, file);
    }
}
