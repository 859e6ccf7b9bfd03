using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>What <c>read --write-suspicious</c> and <c>--write-benign</c> refuse before anything is metered.</summary>
[Trait("Category", "EndToEnd")]
public sealed class SplitRefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryTheory]
    [InlineData(
        "--write-suspicious", "deepfence", null,
        "goes by verdicts, and profile deepfence has no model inside; name one with --model, or choose another profile.")]
    [InlineData("--write-benign", "flowmeter", "none", "goes by verdicts, and --model none gives none; leave that out, or name a model.")]
    public void Without_verdicts_there_is_nothing_to_split_by(string option, string profile, string? model, string reason)
    {
        string[] models = model == null ? [] : ["--model", model];
        string line = FlowMeterBinary.Run(
            ["read", Samples.Office, "-o", _folder["flows.csv"], option, _folder["part.pcap"], "--profile", profile, .. models])
            .EndedWith(2)
            .OnlyLine();
        Assert.Equal($"flowmeter: {option}: {reason}", line);
        Assert.Empty(_folder.Names());
    }

    [BinaryTheory]
    [InlineData("--write-suspicious", "a.pcap", "is an input file, too")]
    [InlineData("--write-benign", "link.pcap", "is an input file, too")]
    [InlineData("--write-suspicious", "flows.csv", "is the table's file, too")]
    [InlineData("--write-benign", "p.csv", "is the packets' file, too")]
    public void No_file_is_written_twice(string option, string name, string reason)
    {
        string capture = _folder.WriteCapture("a.pcap", Samples.Udp(1, 0));
        File.CreateSymbolicLink(_folder["link.pcap"], capture);
        byte[] before = File.ReadAllBytes(capture);
        string line = FlowMeterBinary.Run("read", capture, "-o", _folder["flows.csv"], "--packets", _folder["p.csv"], option, _folder[name])
            .EndedWith(2)
            .OnlyLine();
        Assert.Contains($"{option} {_folder[name]}: {reason}", line, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(capture));
    }

    [BinaryFact]
    public void The_parts_are_two_files() => Assert.Contains(
        "is the suspicious packets' file, too",
        FlowMeterBinary.Run(
            "read", Samples.Office, "-o", _folder["f.csv"], "--write-suspicious", _folder["p"], "--write-benign", _folder["p"])
            .EndedWith(2)
            .OnlyLine(),
        StringComparison.Ordinal);

    [BinaryFact]
    public void A_missing_folder_is_told_and_leaves_nothing_behind()
    {
        Finished finished = FlowMeterBinary.Run(
            "read", Samples.Office, "-o", _folder["f.csv"], "--write-suspicious", _folder["s.pcap"], "--write-benign",
            _folder["none/b.pcap"]).EndedWith(1);
        Assert.Contains($"{_folder["none/b.pcap"]}: there is no folder", finished.OnlyLine(), StringComparison.Ordinal);
        Assert.Empty(_folder.Names());
    }

    [BinaryFact]
    public void A_pipe_can_not_be_read_twice()
    {
        Assert.Equal(
            "flowmeter: --write-suspicious: reads its input twice, and - is a pipe; record it to a file first.",
            FlowMeterBinary.Run("read", "-", "--write-suspicious", _folder["s.pcap"]).EndedWith(2).OnlyLine());
        string empty = _folder.Write("empty.pcap", "");
        Assert.Contains(
            $"{empty}: is empty", FlowMeterBinary.Run("read", empty, "--write-benign", _folder["b.pcap"]).EndedWith(1).OnlyLine(),
            StringComparison.Ordinal);
    }

    [BinaryFact]
    public void Captures_without_a_common_header_are_refused_before_anything_is_metered()
    {
        string first = _folder.WriteCapture("1.pcap", Samples.Udp(1, 0));
        string second = _folder.Write("2.pcapng", CaptureWriter.PcapNg([Samples.Udp(1, 1)]));
        string line = FlowMeterBinary.Run("read", first, second, "-o", _folder["flows.csv"], "--write-suspicious", _folder["s"])
            .EndedWith(1)
            .OnlyLine();
        Assert.StartsWith(
            $"flowmeter: {first} and {second} can not be split into one file: the first is pcap and the second pcapng;", line,
            StringComparison.Ordinal);
        Assert.Equal(["1.pcap", "2.pcapng"], _folder.Names());
        FlowMeterBinary.Run("read", "-q", first, second, "-o", _folder["flows.csv"], "--packets", _folder["p.csv"]).Succeeded();
    }
}
