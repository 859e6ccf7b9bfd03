using System.Text.Json.Serialization;

namespace FlowMeter.Cli.Capture;

/// <summary>The serialiser of <c>interfaces --json</c>, made at compile time: there is no reflection in the native binary.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(ListedInterface[]))]
internal sealed partial class ListedInterfaceJson : JsonSerializerContext;
