using System.IO.Compression;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.EndToEnd;

/// <summary><c>read --write-suspicious</c> and <c>--write-benign</c>: what comes out, read back by others.</summary>
[Trait("Category", "EndToEnd")]
public sealed class SplitTests : IDisposable
{
    private const string ByPackets = """
        { "schema": "flowmeter-model/1", "name": "by packets", "profile": "flowmeter", "intercept": -5, "least_packets": 2,
          "features": [ { "name": "packets", "transform": "identity", "centre": 0, "scale": 1, "weight": 1 } ] }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryFact]
    public void Every_frame_of_the_sample_is_in_the_part_that_its_verdict_says()
    {
        CsvTable packets = Split(Samples.Office);
        Check(packets, [Samples.Office]);
        Assert.Equal(["benign.pcap", "flows.csv", "m.json", "packets.csv", "s.json", "suspicious.pcap"], _folder.Names());
    }

    [BinaryTheory(Need.Tcpdump)]
    [InlineData(false)]
    [InlineData(true)]
    public void Tcpdump_reads_both_parts_back_frame_by_frame(bool pcapng)
    {
        List<Frame> frames = ReferenceReader.ReadFile(Samples.Office).Frames;
        string capture = pcapng
            ? _folder.Write(
                "a.pcapng", CaptureWriter.PcapNg(frames, new PcapNgFormat { Decorated = true, BigEndian = true, StatesLength = true }))
            : Samples.Office;
        CsvTable packets = Split(capture);
        string[] texts = Tcpdump(capture);
        Assert.Equal(packets.Rows.Count, texts.Length);
        string[] verdicts = packets.Texts("verdict");
        Assert.Equal(texts.Where((_, i) => verdicts[i] != "benign"), Tcpdump(_folder["suspicious.pcap"]));
        Assert.Equal(texts.Where((_, i) => verdicts[i] == "benign"), Tcpdump(_folder["benign.pcap"]));
    }

    [BinaryFact]
    public void A_compressed_capture_is_split_as_the_plain_one()
    {
        Split(Samples.Office);
        byte[][] parts = [File.ReadAllBytes(_folder["suspicious.pcap"]), File.ReadAllBytes(_folder["benign.pcap"])];
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(File.ReadAllBytes(Samples.Office));
        }

        Split(_folder.Write("office.gz", compressed.ToArray()));
        Assert.Equal(parts, [File.ReadAllBytes(_folder["suspicious.pcap"]), File.ReadAllBytes(_folder["benign.pcap"])]);
    }

    [BinaryTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Several_captures_become_one_and_flows_cross_the_border(bool pcapng)
    {
        List<Frame> frames = ReferenceReader.ReadFile(Samples.Office).Frames;
        string first = _folder.Write("1", pcapng ? CaptureWriter.PcapNg(frames[..700]) : CaptureWriter.Pcap(frames[..700]));
        string second = _folder.Write(
            "2", pcapng ? CaptureWriter.PcapNg(frames[700..], new PcapNgFormat { BigEndian = true }) : CaptureWriter.Pcap(frames[700..]));
        Check(Split(first, second), [first, second]);
    }

    [BinaryFact(Need.SharedFolder)]
    public void Captures_of_the_corpus_are_split_as_their_packets_are_labelled()
    {
        foreach (string capture in SharedFolder.Captures().Where((_, i) => i % 40 == 0))
        {
            if (FlowMeterBinary.Run("read", "-q", capture, "-o", "/dev/null").ExitCode == 0 && new FileInfo(capture).Length < 30_000_000)
            {
                Check(Split(capture), [capture]);
            }
        }
    }

    [BinaryFact]
    public void What_the_filter_keeps_out_is_in_neither_part()
    {
        CsvTable packets = Split(Samples.Office, "--filter", "udp port 53");
        int filtered = packets.Texts("outside").Count(reason => reason == "filter");
        Assert.InRange(filtered, 1, packets.Rows.Count - 1);
        Check(packets, [Samples.Office]);
        Assert.Equal(packets.Rows.Count - filtered, FrameCount("suspicious.pcap") + FrameCount("benign.pcap"));
    }

    [BinaryFact]
    public void The_summary_says_what_is_spared()
    {
        Finished finished = FlowMeterBinary.Run(
            "read", Samples.Office, "-o", _folder["flows.csv"], "--model", Model(), "--write-suspicious", _folder["suspicious.pcap"],
            "--summary", _folder["s.json"]).Succeeded();
        List<Frame> frames = ReferenceReader.ReadFile(Samples.Office).Frames;
        List<Frame> suspicious = ReferenceReader.ReadFile(_folder["suspicious.pcap"]).Frames;
        long bytes = suspicious.Sum(frame => frame.OriginalLength);
        long all = frames.Sum(frame => frame.OriginalLength);
        Summary summary = Summary.Read(_folder["s.json"]);
        Assert.Equal(suspicious.Count, summary["split"].GetProperty("suspicious_frames").GetInt64());
        Assert.Equal(frames.Count - suspicious.Count, summary["split"].GetProperty("benign_frames").GetInt64());
        Assert.Equal(bytes, summary["split"].GetProperty("suspicious_bytes").GetInt64());
        Assert.Equal(all - bytes, summary["split"].GetProperty("benign_bytes").GetInt64());
        double framesSpared = 1 - (suspicious.Count / (double)frames.Count);
        double bytesSpared = 1 - (bytes / (double)all);
        Assert.Equal(framesSpared, summary["split"].GetProperty("frames_spared").GetDouble(), 1e-12);
        Assert.Equal(bytesSpared, summary["split"].GetProperty("bytes_spared").GetDouble(), 1e-12);
        string written = FormattableString.Invariant(
            $"{suspicious.Count:#,0} of {frames.Count:#,0} frames, {bytes / 1e3:0.0} kB of {all / 1e3:0.0} kB");
        Assert.Contains(
            written + FormattableString.Invariant($"; spared {framesSpared * 100:0.0} % of frames and {bytesSpared * 100:0.0} % of bytes "),
            string.Join(' ', finished.Errors.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) + " ",
            StringComparison.Ordinal);
        Assert.Equal(["flows.csv", "m.json", "s.json", "suspicious.pcap"], _folder.Names());
    }

    [BinaryFact]
    public void A_part_goes_to_standard_output_too()
    {
        Launched tcpdump = Launched.Start(
            "sh", "-c", "\"$0\" read -q \"$1\" -o /dev/null --model \"$2\" --write-benign - > \"$3\"", FlowMeterBinary.Path!,
            Samples.Office, Model(), _folder["piped"]);
        tcpdump.Finish().Succeeded();
        Split(Samples.Office);
        Assert.Equal(File.ReadAllBytes(_folder["benign.pcap"]), File.ReadAllBytes(_folder["piped"]));
    }

    [BinaryTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_came_before_damage_is_split(bool compressed)
    {
        byte[] office = File.ReadAllBytes(Samples.Office);
        byte[] damaged = compressed ? ZipWithWrongSum(office) : [.. office, .. Enumerable.Repeat((byte)0xFF, 100)];
        string capture = _folder.Write("a.pcap", damaged);
        Finished finished = FlowMeterBinary.Run(["read", capture, .. Outputs()]).EndedWith(1);
        Assert.Contains(capture, finished.OnlyLine(), StringComparison.Ordinal);
        foreach (string name in _folder.Names().Where(name => name.EndsWith(".partial", StringComparison.Ordinal)))
        {
            File.Move(_folder[name], _folder[name[..^".partial".Length]], overwrite: false);
        }

        CsvTable packets = CsvTable.ReadFile(_folder["packets.csv"]);
        Assert.Equal(Summary.Read(_folder["s.json"]).Frames, packets.Rows.Count);
        Assert.Equal(1697, packets.Rows.Count);
        string whole = _folder.Write(
            "whole.pcap", CaptureWriter.Pcap(ReferenceReader.ReadFile(Samples.Office).Frames[..packets.Rows.Count], nanoseconds: false));
        Check(packets, [whole]);
    }

    [BinaryFact]
    public void Flows_that_had_to_leave_are_told_and_the_table_has_its_summary()
    {
        Finished finished = FlowMeterBinary.Run(["read", "-q", Samples.Office, "--max-flows", "10", .. Outputs()[..^2]]).EndedWith(1);
        Assert.Contains("--packets: ", finished.OnlyLine(), StringComparison.Ordinal);
        Assert.Contains(" flows ended for lack of memory", finished.OnlyLine(), StringComparison.Ordinal);
        Assert.EndsWith($"The rows are in {_folder["flows.csv.partial"]}.", finished.OnlyLine(), StringComparison.Ordinal);
        Assert.Equal(["flows.csv.partial", "m.json", "s.json"], _folder.Names());
    }

    [BinaryFact(Need.Bash)]
    public void A_table_that_nobody_reads_to_its_end_leaves_no_silent_gap()
    {
        string capture = _folder.Generate("big.pcap", "--packets", "300000", "--flows", "60000");
        Finished finished = Launched.Start(
            "bash", "-c", "\"$0\" read \"$1\" --write-suspicious \"$2\" | head -1; echo ${PIPESTATUS[0]}", FlowMeterBinary.Path!, capture,
            _folder["s.pcap"]).Finish();
        Assert.EndsWith("\n1\n", finished.Output, StringComparison.Ordinal);
        Assert.Equal(
            "flowmeter: --write-suspicious: nothing is written, since the reader of the table went away; give the table a file with -o.",
            finished.OnlyLine());
        Assert.Equal(["big.pcap"], _folder.Names());
    }

    [BinaryTheory(Need.Bash)]
    [InlineData(false)]
    [InlineData(true)]
    public void A_reader_of_a_part_that_has_seen_enough_ends_the_run_quietly_if_it_was_all(bool andMore)
    {
        string capture = _folder.Generate("big.pcap", "--packets", "100000", "--flows", "20000");
        string more = andMore ? "--write-benign \"$2\"" : "";
        Finished finished = Launched.Start(
            "bash", "-c",
            $"\"$0\" read -q \"$1\" -o /dev/null {more} --write-suspicious - | head -c 24 > /dev/null; echo ${{PIPESTATUS[0]}}",
            FlowMeterBinary.Path!, capture, _folder["b.pcap"]).Finish();
        Assert.Equal(andMore ? "1\n" : "0\n", finished.Output);
        Assert.Equal(
            andMore ? "flowmeter: standard output: nobody reads it any more, and what else is told of packets is not whole; give that "
                + "reader a run of its own.\n" : "",
            finished.Errors);
    }

    [BinaryFact(Need.Mount | Need.Bash)]
    public void A_full_disk_keeps_whole_records_and_the_summary()
    {
        string capture = _folder.Generate("big.pcap", "--packets", "20000", "--flows", "2000", "--size", "imix");
        Directory.CreateDirectory(_folder["disk"]);
        const string script = """
            mount -t tmpfs -o size=1m tmpfs "$2" || exit 99
            "$0" read -q "$1" -o /dev/null --summary "$3/s.json" --write-suspicious "$2/s.pcap" 2>&1
            echo "exit code $?"
            cp "$2"/* "$3"
            """;
        Finished finished = Launched.Start(
            "unshare", "-m", "bash", "-c", script, FlowMeterBinary.Path!, capture, _folder["disk"], _folder.Path).Finish().Succeeded();
        string[] lines = finished.Output.Split('\n');
        byte[] kept = File.ReadAllBytes(_folder["s.pcap.partial"]);
        Assert.Equal(
            $"flowmeter: {_folder["disk/s.pcap"]}: writing failed: No space left on device; the {kept.Length} bytes before are in "
                + $"{_folder["disk/s.pcap"]}.partial. Make room or choose another place.",
            System.Text.RegularExpressions.Regex.Replace(lines[0], " : '[^']*'", ""));
        Assert.Equal("exit code 1", lines[1]);
        Assert.Equal(CaptureEnding.Complete, ReferenceReader.Read(kept).Ending);
        Assert.InRange(kept.Length, 500_000, 1 << 20);
        Assert.Equal(20_000, Summary.Read(_folder["s.json"]).Frames);
    }

    private static byte[] ZipWithWrongSum(byte[] file)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(file);
        }

        byte[] bytes = compressed.ToArray();
        bytes[^8] ^= 1;
        return bytes;
    }

    /// <summary>What tcpdump says of each frame: its time, its headers, its bytes.</summary>
    private static string[] Tcpdump(string capture)
    {
        string text = Launched.Start("tcpdump", "-r", capture, "-nn", "-tt", "-S", "-q", "-xx", "--time-stamp-precision=nano").Finish()
            .Succeeded().Output;
        List<string> frames = [];
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (char.IsAsciiDigit(line[0]))
            {
                frames.Add(line);
            }
            else
            {
                frames[^1] += "\n" + line;
            }
        }

        return [.. frames];
    }

    private string Model() => _folder.Write("m.json", ByPackets);

    private string[] Outputs() =>
    [
        "--model", Model(), "-o", _folder["flows.csv"], "--packets", _folder["packets.csv"], "--summary", _folder["s.json"],
        "--write-suspicious", _folder["suspicious.pcap"], "--write-benign", _folder["benign.pcap"],
    ];

    private CsvTable Split(params string[] arguments)
    {
        FlowMeterBinary.Run(["read", "-q", .. arguments, .. Outputs()]).Succeeded();
        return CsvTable.ReadFile(_folder["packets.csv"]);
    }

    private int FrameCount(string part) => ReferenceReader.ReadFile(_folder[part]).Frames.Count;

    /// <summary>Frames with their times, lengths, link types and bytes, and record by record what the files hold.</summary>
    private void Check(CsvTable packets, string[] captures)
    {
        string[] verdicts = packets.Texts("verdict");
        string[] outside = packets.Texts("outside");
        List<CapturePiece> records =
            [.. captures.SelectMany(path => CapturePieces.Of(File.ReadAllBytes(path))).Where(piece => piece.IsPacket)];
        List<Frame> frames = [.. captures.SelectMany(path => ReferenceReader.ReadFile(path).Frames)];
        Assert.Equal(records.Count, packets.Rows.Count);
        foreach ((string part, bool isBenign) in new[] { ("suspicious.pcap", false), ("benign.pcap", true) })
        {
            int[] chosen =
                [.. Enumerable.Range(0, records.Count).Where(i => outside[i] != "filter" && (verdicts[i] == "benign") == isBenign)];
            byte[] file = File.ReadAllBytes(_folder[part]);
            Assert.Equal(
                chosen.Select(i => records[i].Bytes), CapturePieces.Of(file).Where(piece => piece.IsPacket).Select(piece => piece.Bytes));
            ReferenceCapture back = ReferenceReader.Read(file);
            Assert.Equal(CaptureEnding.Complete, back.Ending);
            Assert.Equal(chosen.Select(i => Shown(frames[i])), back.Frames.Select(Shown));
        }
    }

    private static string Shown(Frame frame) =>
        $"{frame.LinkType} {frame.TimestampNs} {frame.OriginalLength} {Convert.ToHexString(frame.Captured)}";
}
