using System.Text.RegularExpressions;
using FlowMeter.Tests.EndToEnd;

namespace FlowMeter.Tests.Rules;

/// <summary>The benchmarks still run, and their twins still agree. They are built with the solution, not with the tests.</summary>
public sealed partial class BenchTests
{
    private const string Bench = "artifacts/build/bin/FlowMeter.Bench/release/FlowMeter.Bench.dll";

    [Fact]
    public void Every_bench_runs_and_its_twins_agree()
    {
        string path = Path.Combine(SourceTree.Root!, Bench);
        Assert.True(File.Exists(path), "there is no bench to run: dotnet build bench -c Release");
        Finished finished = Launched.Start("dotnet", path, "--smoke").AwaitEnd();
        Assert.True(finished.ExitCode == 0, finished.Output + finished.Errors);
        Assert.DoesNotContain("FAILED", finished.Output, StringComparison.Ordinal);

        // A group with other parameters is a line.
        string[] run = [.. finished.Output.Split('\n').Where(line => line.StartsWith("ok ", StringComparison.Ordinal))
            .Select(line => line.Split(' ')[1]).Distinct()];
        Assert.Equal(Classes(), run.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_bench_has_a_twin_to_be_compared_with() => Assert.All(
        Classes(), name => Assert.Contains("Baseline = true", SourceTree.ReadCode($"bench/{name}.cs"), StringComparison.Ordinal));

    [Fact]
    public void The_list_of_benches_has_all_of_them()
    {
        string list = SourceTree.Read("bench/README.md");
        Assert.Equal(Classes(), Rows().Matches(list).Select(row => row.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    private static string[] Classes() => [.. SourceTree.Files("bench", "Bench.cs").Select(path => Path.GetFileNameWithoutExtension(path))];

    [GeneratedRegex(@"^\| `(\w+Bench)`", RegexOptions.Multiline)]
    private static partial Regex Rows();
}
