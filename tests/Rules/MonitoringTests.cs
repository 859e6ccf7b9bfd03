using System.Text.Json;
using System.Text.RegularExpressions;
using FlowMeter.Tests.EndToEnd;

namespace FlowMeter.Tests.Rules;

/// <summary>The dashboard and the alert rules ask for metrics that there are.</summary>
public sealed partial class MonitoringTests
{
    private const string Alerts = "packaging/prometheus/flowmeter-alerts.yml";
    private const string Dashboard = "packaging/grafana/flowmeter.json";

    [Theory]
    [InlineData(Alerts, 10)]
    [InlineData("packaging/prometheus/flowmeter-alerts.test.yml", 5)]
    [InlineData(Dashboard, 12)]
    public void Every_metric_that_is_asked_for_is_served(string path, int least)
    {
        HashSet<string> served = [.. SourceTree.Files("src/Cli/Telemetry", ".cs").SelectMany(
            file => Quoted().Matches(SourceTree.Read(file)).Select(name => name.Groups[1].Value))];
        string[] asked = [.. Metric().Matches(SourceTree.Read(path)).Select(name => name.Value).Distinct()];
        Assert.True(asked.Length >= least, $"{path}: {asked.Length} metrics were found, at least {least} are there");
        Assert.DoesNotContain(asked, name => !served.Contains(Histogram().Replace(name, "")));
    }

    [Fact]
    public void Panels_of_the_dashboard_have_titles_units_and_queries()
    {
        using JsonDocument dashboard = JsonDocument.Parse(SourceTree.Read(Dashboard));
        JsonElement[] panels = [.. dashboard.RootElement.GetProperty("panels").EnumerateArray()];
        Assert.Equal(panels.Length, panels.Select(panel => panel.GetProperty("title").GetString()).Distinct().Count());
        Assert.All(panels, panel =>
        {
            Assert.NotEqual("", panel.GetProperty("fieldConfig").GetProperty("defaults").GetProperty("unit").GetString());
            Assert.NotEqual(0, panel.GetProperty("targets").GetArrayLength());
        });
    }

    [PromtoolFact]
    public void Rules_fire_when_they_should()
    {
        string folder = Path.Combine(SourceTree.Root!, "packaging", "prometheus");
        Launched.Start("promtool", "check", "rules", Path.Combine(folder, "flowmeter-alerts.yml")).Finish().Succeeded();
        Launched.Start("promtool", "test", "rules", Path.Combine(folder, "flowmeter-alerts.test.yml")).Finish().Succeeded();
    }

    [GeneratedRegex("\"((?:flowmeter|process)_[a-z_]+)\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\b(?:flowmeter|process)_[a-z_]+")]
    private static partial Regex Metric();

    [GeneratedRegex("_(?:bucket|sum|count)$")]
    private static partial Regex Histogram();
}
