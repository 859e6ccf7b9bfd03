using System.Text.RegularExpressions;

namespace FlowMeter.Tests.Rules;

/// <summary>docs/operations.md explains every metric, and its promises name tests that are there.</summary>
public sealed partial class OperationsPageTests
{
    private readonly string _page = SourceTree.Read("docs/operations.md");

    [Fact]
    public void Every_metric_is_explained_and_no_other()
    {
        string[] served =
            [.. SourceTree.Files("src/Cli/Telemetry", ".cs").SelectMany(file => MetricPattern().Matches(SourceTree.Read(file)))
                .Select(match => match.Value).Distinct().Order(StringComparer.Ordinal)];
        Assert.True(served.Length > 30, $"{served.Length} metrics were found");
        Assert.Equal(
            served, MetricPattern().Matches(_page).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_test_behind_a_promise_is_there()
    {
        HashSet<string> classes = [.. typeof(OperationsPageTests).Assembly.GetTypes()
            .Where(type => type.GetMethods().Any(method => method.GetCustomAttributes(typeof(FactAttribute), true).Length > 0))
            .Select(type => type.Name)];
        string promises = _page.Split("\n## Promises")[1];
        string[] named = [.. TestPattern().Matches(promises).Select(match => match.Groups[1].Value)];
        Assert.True(named.Length > 20, $"{named.Length} tests are named");
        Assert.DoesNotContain(named, name => !classes.Contains(name));
    }

    [GeneratedRegex(@"\bflowmeter_[a-z_]+[a-z]\b")]
    private static partial Regex MetricPattern();

    [GeneratedRegex("`([A-Z]\\w+Tests)`")]
    private static partial Regex TestPattern();
}
