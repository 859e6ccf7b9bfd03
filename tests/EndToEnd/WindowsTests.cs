namespace FlowMeter.Tests.EndToEnd;

/// <summary>The binary for Windows beside the one for Linux: the same tables, models and captures, to the byte.</summary>
[Trait("Category", "EndToEnd")]
public sealed class WindowsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryTheory(Need.Windows)]
    [InlineData("flowmeter")]
    [InlineData("extended")]
    [InlineData("cic")]
    [InlineData("appflow")]
    [InlineData("deepfence")]
    [InlineData("full")]
    public void Every_profile_gives_the_same_bytes(string profile) =>
        RunsAlike("read", Samples.Office, "--quiet", "--profile", profile);

    [BinaryTheory(Need.Windows)]
    [InlineData("csv.gz")]
    [InlineData("jsonl")]
    [InlineData("parquet")]
    [InlineData("arrows")]
    [InlineData("arrow")]
    [InlineData("ipfix")]
    public void Every_format_gives_the_same_file(string ending) => WritesAlike($"t.{ending}", "read", Samples.Office, "--quiet");

    [BinaryFact(Need.Windows)]
    public void Features_are_named_alike() => RunsAlike("features", "--markdown");

    [BinaryFact(Need.Windows)]
    public void Captures_are_generated_and_packed_ones_read_alike()
    {
        WritesAlike("g.pcap", "generate", "--packets", "3000", "--flows", "900");
        Launched.Start("gzip", _folder["g.pcap"]).Finish().Succeeded();
        RunsAlike("read", _folder["g.pcap.gz"], "--quiet");
    }

    [BinaryFact(Need.Windows)]
    public void Training_and_scoring_give_the_same_bytes()
    {
        WritesAlike("model.json", "train", Samples.Office, "--labels", Samples.OfficeLabels, "--quiet");
        FlowMeterBinary.Run("read", Samples.Office, "--quiet", "-o", _folder["flows.parquet"]).Succeeded();
        RunsAlike("score", _folder["flows.parquet"], "--model", _folder["model.json"]);
        RunsAlike("evaluate", Samples.Office, "--labels", Samples.OfficeLabels, "--model", _folder["model.json"], "--quiet");
    }

    [BinaryFact(Need.Windows)]
    public void A_capture_without_libpcap_says_what_to_install()
    {
        string line = ForeignBinary.Windows.Run(["WINEDLLOVERRIDES=wpcap="], ["capture", "-i", "eth0"]).EndedWith(1).OnlyLine();
        Assert.Contains("Windows: Npcap from", line, StringComparison.Ordinal);
    }

    [BinaryFact(Need.Windows)]
    public void A_missing_file_is_one_line() => Assert.Equal(
        "flowmeter: nothing.pcap: no such file; check the path.",
        ForeignBinary.Windows.Run("read", "nothing.pcap").EndedWith(1).OnlyLine().TrimEnd('\r'));

    private static void RunsAlike(params string[] arguments)
    {
        string expected = FlowMeterBinary.Run(arguments).Succeeded().Output;
        Assert.NotEmpty(expected);
        string output = ForeignBinary.Windows.Run(arguments).Succeeded().Output;

        // Text for people has the system's line ends, tables have one.
        Assert.Equal(expected, arguments[0] == "evaluate" ? output.ReplaceLineEndings("\n") : output);
    }

    private void WritesAlike(string file, params string[] arguments)
    {
        string[] all = [.. arguments, .. arguments[0] == "generate" ? Array.Empty<string>() : ["-o"], _folder[file]];
        FlowMeterBinary.Run(all).Succeeded();
        byte[] expected = File.ReadAllBytes(_folder[file]);
        File.Delete(_folder[file]);
        ForeignBinary.Windows.Run(all).Succeeded();
        Assert.Equal(expected, File.ReadAllBytes(_folder[file]));
    }
}
