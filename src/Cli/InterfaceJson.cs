using System.Text.Json.Serialization;

namespace FlowMeter.Cli;

/// <summary>The serialiser of interfaces, made at compile time: there is no reflection in the native binary.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(ListedInterface[]))]
internal sealed partial class InterfaceJson : JsonSerializerContext;
