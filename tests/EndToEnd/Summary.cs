using System.Text.Json;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>The counters that <c>--summary</c> writes, read without the program's own types.</summary>
internal sealed class Summary
{
    private readonly JsonElement _root;

    private Summary(JsonElement root) => _root = root;

    public JsonElement this[string name] => _root.GetProperty(name);

    public long Frames => this["frames"].GetInt64();

    public long Flows => this["flows"].GetInt64();

    public static Summary Read(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        Summary summary = new(document.RootElement.Clone());
        Assert.Equal(summary.Frames, summary["metered"].GetInt64() + summary.Sum("skipped"));
        Assert.Equal(summary.Flows, summary.Sum("flows_by_end_reason"));
        return summary;
    }

    /// <summary>The sum of an object's numbers.</summary>
    public long Sum(string name) => this[name].EnumerateObject().Sum(member => member.Value.GetInt64());

    /// <summary>The names in an object.</summary>
    public string[] Names(string name) => [.. this[name].EnumerateObject().Select(member => member.Name)];
}
