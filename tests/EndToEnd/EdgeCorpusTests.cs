using System.Collections.Concurrent;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.EndToEnd;

[Trait("Category", "EndToEnd")]
public sealed class EdgeCorpusTests
{
    /// <summary>
    /// Captures that broke other programs. Whatever is wrong with a file: an exit code of 0 or 1, one honest line, and every frame
    /// accounted for.
    /// </summary>
    [BinaryFact(Need.SharedFolder)]
    public void No_capture_of_the_edge_corpus_crashes_the_binary_or_loses_a_frame()
    {
        string[] captures = [.. SharedFolder.Captures().Where(path => Path.GetFileName(Path.GetDirectoryName(path)) == "edge")];
        Assert.NotEmpty(captures);
        ConcurrentBag<string> wrong = [];
        Parallel.ForEach(captures, new ParallelOptions { MaxDegreeOfParallelism = 2 }, capture =>
        {
            using TemporaryFolder folder = new();
            Finished finished = FlowMeterBinary.Run("read", "-q", capture, "-o", folder["flows.csv"], "--summary", folder["s.json"]);
            if (Judge(capture, finished, folder) is { } problem)
            {
                wrong.Add($"{capture}: {problem}: {finished.Errors}");
            }
        });
        Assert.Empty(wrong);
    }

    private static string? Judge(string capture, Finished finished, TemporaryFolder folder)
    {
        string[] lines = [.. finished.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(
            line => !line.StartsWith("flowmeter: warning: ", StringComparison.Ordinal))];
        if (finished.ExitCode is not (0 or 1) || lines.Length > 1)
        {
            return $"exit code {finished.ExitCode} with {lines.Length} lines";
        }

        if (finished.ExitCode == 1 && (lines.Length == 0 || !lines[0].Contains(capture, StringComparison.Ordinal)))
        {
            return "a failure that does not name the file";
        }

        if (File.Exists(folder["s.json"]))
        {
            Summary.Read(folder["s.json"]);
            string[] others = [.. folder.Names().Where(name => name != "s.json")];
            bool isNamedRight = finished.ExitCode == 0
                ? others.SequenceEqual(["flows.csv"])
                : others.Length == 0 || others.SequenceEqual(["flows.csv.partial"]);
            return isNamedRight ? null : $"leaves {string.Join(", ", others)}";
        }

        return finished.ExitCode == 1 && folder.Names().Length == 0 ? null : "no summary";
    }
}
