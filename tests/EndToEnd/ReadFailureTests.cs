namespace FlowMeter.Tests.EndToEnd;

/// <summary>
/// A disk that fails in the midst of an input. What it did not give is there and may matter, so no command takes it for the end of the
/// input.
/// </summary>
[Trait("Category", "EndToEnd")]
public sealed class ReadFailureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryTheory(Need.Strace)]
    [InlineData(3, "read OFFICE -o flows.csv")]
    [InlineData(3, "read OFFICE -o flows.csv --packets p.csv")]
    [InlineData(11, "read OFFICE -o flows.csv --packets p.csv")]
    [InlineData(4, "read OFFICE -o flows.csv --write-benign b.pcap")]
    [InlineData(12, "read OFFICE -o flows.csv --write-benign b.pcap")]
    [InlineData(3, "train OFFICE --labels LABELS --folds 2 -o m.json --json j.json")]
    [InlineData(3, "tune --benign OFFICE --budget 5% -o m.json")]
    [InlineData(3, "evaluate OFFICE --labels LABELS --model builtin --json j.json")]
    public void A_read_that_fails_is_told_once_and_gives_no_result(int read, string command)
    {
        string trace = _folder["trace"];
        IEnumerable<string> words = command.Split(' ').Select(word => word switch
        {
            "OFFICE" => Samples.Office,
            "LABELS" => Samples.OfficeLabels,
            _ => word.Contains('.') ? _folder[word] : word,
        });
        Finished finished = Launched.Start(
            "strace",
            [
                "-D", "-f", "-qq", "-o", trace, "-P", Samples.Office, "-e", "trace=pread64", "-e", $"inject=pread64:error=EIO:when={read}",
                FlowMeterBinary.Path!, .. words, "-q",
            ]).Finish();
        Assert.Contains("INJECTED", File.ReadAllText(trace), StringComparison.Ordinal);
        string line = finished.EndedWith(1).OnlyLine();
        Assert.Matches("^flowmeter: [^ ]*office.pcap: can not be read past byte [0-9]+: Input/output error; ", line);
        Assert.DoesNotContain(_folder.Names(), name => name is not "trace" && !name.EndsWith(".partial", StringComparison.Ordinal));
    }
}
