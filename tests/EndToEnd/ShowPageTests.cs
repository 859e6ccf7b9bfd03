using System.Text.RegularExpressions;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>docs/show.md: every line of its examples works, and what it says of a mistake is what is said.</summary>
[Trait("Category", "EndToEnd")]
public sealed partial class ShowPageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryFact]
    public void Every_example_works()
    {
        Directory.CreateSymbolicLink(_folder["samples"], Path.Combine(Samples.Repository, "samples"));
        Directory.CreateDirectory(_folder["bin"]);
        File.CreateSymbolicLink(_folder["bin/flowmeter"], FlowMeterBinary.Path!);
        FlowMeterBinary.Run("read", Samples.Office, "-q", "-o", _folder["flows.csv"]).Succeeded();
        string[] lines = [.. Block().Matches(Page()).Where(block => block.Groups[1].Value == "sh").SelectMany(
            block => block.Groups[2].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))];
        Assert.InRange(lines.Length, 15, 40);
        foreach (string line in lines)
        {
            Finished finished = Launched.Start(
                "bash", "-c", $"cd \"$0\" && PATH=\"$0/bin:$PATH\" && {line}", _folder.Path).Finish().Succeeded();
            Assert.DoesNotContain("warning", finished.Errors, StringComparison.Ordinal);
            Assert.Matches(@" match|packets of \d+ flow", finished.Errors);
        }

        Assert.True(new FileInfo(_folder["flow.pcap"]).Length > 100);
        Assert.True(File.Exists(_folder["malicious.jsonl"]));
    }

    [BinaryFact]
    public void The_mistake_that_it_shows_is_told_so()
    {
        string shown = Block().Matches(Page()).Single(block => block.Groups[1].Value.Length == 0).Groups[2].Value;
        Assert.Equal(shown, FlowMeterBinary.Run("show", Samples.Office, shown.Split('\n')[0].Trim()).EndedWith(2).Errors);
    }

    private static string Page() => File.ReadAllText(Path.Combine(Samples.Repository, "docs", "show.md"));

    [GeneratedRegex("^```(\\w*)\\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
