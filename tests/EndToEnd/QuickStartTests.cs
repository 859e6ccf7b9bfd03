using System.Text.RegularExpressions;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>README's quick start, pasted line by line into a shell in a folder that has what a fresh clone has after scripts/run.</summary>
[Trait("Category", "EndToEnd")]
public sealed partial class QuickStartTests : IDisposable
{
    // What needs another machine, another program, or rights.
    private static readonly string[] s_elsewhere = ["ssh", "sudo", "tcpdump", "suricata", "flowmeter capture"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryFact]
    public void Every_line_works_in_the_order_of_the_page()
    {
        string repository = Path.GetDirectoryName(Path.GetDirectoryName(Samples.Office)!)!;
        Directory.CreateSymbolicLink(_folder["samples"], Path.Combine(repository, "samples"));
        Directory.CreateDirectory(_folder["artifacts"]);
        File.CreateSymbolicLink(_folder["artifacts/flowmeter"], FlowMeterBinary.Path!);
        string section = File.ReadAllText(Path.Combine(repository, "README.md")).Split("\n## Quick start\n")[1].Split("\n## ")[0];
        string[] lines = [.. Block()
            .Matches(section)
            .SelectMany(block => block.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Where(line => !s_elsewhere.Any(word => line.Contains(word, StringComparison.Ordinal)))];
        Assert.InRange(lines.Length, 15, 40);
        string script = _folder.Write(
            "quick-start.sh", "set -eEo pipefail\ntrap 'echo \"failed: $BASH_COMMAND\" >&2' ERR\n" + string.Join('\n', lines) + "\n");
        Finished finished = Launched.Start("bash", "-c", "cd \"$0\" && . \"$1\"", _folder.Path, script).Finish().Succeeded();
        Assert.DoesNotContain("warning", finished.Errors, StringComparison.Ordinal);
        Assert.Contains("score and verdict are replaced", finished.Errors, StringComparison.Ordinal);
        Assert.Contains("flowmeter: the page is flows.html", finished.Errors, StringComparison.Ordinal);
        string[] files =
        [
            "flows.html", "week.csv", "some.csv", "model.json", "model.html", "judged.csv", "judged.html", "builtin.json", "run.json",
            "inspect.pcap", "imix.pcap",
        ];
        Assert.All(files, file => Assert.True(new FileInfo(_folder[file]).Length > 0, file));
        Assert.DoesNotContain(_folder.Names(), name => name.EndsWith(".partial", StringComparison.Ordinal));
    }

    [GeneratedRegex("^```sh\\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
