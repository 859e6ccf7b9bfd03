using System.Text;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Tests.Scoring;

/// <summary>The malicious flows inside a model file.</summary>
public sealed class MaliciousFlowsTests
{
    private static readonly Dictionary<string, IReadOnlyList<string>> s_profiles = new() { ["test"] = ["a", "b"] };

    [Fact]
    public void Every_bin_and_group_comes_back()
    {
        Random random = new(1);
        MaliciousFlows flows = Flows(random, 1000);
        MaliciousFlows read = Read(Written(flows)).Malicious!;
        Assert.Equal(1000, read.Count);
        Assert.Equal(flows.Bins, read.Bins);
        Assert.Equal(flows.Groups, read.Groups);
    }

    [Fact]
    public void Bytes_that_are_not_those_flows_are_refused()
    {
        string json = Written(Flows(new Random(2), 50));
        string columns = json.Split("\"columns\": \"")[1].Split('"')[0];
        AssertRefused(json.Replace("\"flows\": 50", "\"flows\": 51", StringComparison.Ordinal), "malicious.columns", "204 deflated bytes");
        AssertRefused(json.Replace("\"flows\": 50", "\"flows\": 49", StringComparison.Ordinal), "malicious.columns", "more than the");
        AssertRefused(json.Replace("\"flows\": 50", "\"flows\": 70000", StringComparison.Ordinal), "malicious.flows", "from 1 to 65536");
        AssertRefused(json.Replace(columns, "AAAA", StringComparison.Ordinal), "malicious.columns", "200 deflated bytes");
        AssertRefused(json.Replace(columns, "?", StringComparison.Ordinal), "malicious.columns", "expected base64");
        Model model = Read(json);
        MaliciousFlows wrong = new([[.. model.Malicious!.Bins[0].Select(_ => (byte)3)], model.Malicious.Bins[1]], model.Malicious.Groups);
        AssertRefused(Written(wrong), "malicious.columns", "a bin of 'a' that it does not have");
    }

    private static MaliciousFlows Flows(Random random, int count) => new(
        [.. new[] { 3, 1 }.Select(bins => Enumerable.Range(0, count).Select(_ => (byte)random.Next(bins)).ToArray())],
        [.. Enumerable.Range(0, count).Select(_ => (ushort)random.Next(65536))]);

    private static string Written(MaliciousFlows flows)
    {
        using MemoryStream stream = new();
        ModelJson.Write(
            new Model
            {
                Name = "m",
                Profile = "test",
                Intercept = 0,
                Features = [ModelFeature.Bins("a", [1, 2], [0, 1, 2]), ModelFeature.Bins("b", [], [1])],
                Malicious = flows,
            },
            stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void AssertRefused(string json, string field, string problem)
    {
        ModelException error = Assert.Throws<ModelException>(() => Read(json));
        Assert.Equal(field, error.Field);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    private static Model Read(string json) => ModelJson.Read(Encoding.UTF8.GetBytes(json), "file", s_profiles);
}
