using System.Text.Json.Nodes;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Tests.Cli;

/// <summary>A file with the model inside, made to judge at a packet; deleted with it.</summary>
internal sealed class EarlyModel : IDisposable
{
    /// <summary>The packet at which it judges.</summary>
    public const int DecideAfter = 5;

    private readonly string _folder = Directory.CreateTempSubdirectory("flowmeter-model-").FullName;

    public EarlyModel()
    {
        JsonNode model = JsonNode.Parse(DefaultModel.ReadBytes("flowmeter"))!;
        model["name"] = "early";
        model["decide_after"] = DecideAfter;
        File.WriteAllText(Path, model.ToJsonString());
    }

    /// <summary>Where it is.</summary>
    public string Path => System.IO.Path.Join(_folder, "early.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
