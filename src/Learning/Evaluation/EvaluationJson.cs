using System.Text.Json.Serialization;

namespace FlowMeter.Learning.Evaluation;

/// <summary>The serialiser of <see cref="EvaluationResult"/>, generated at compile time: the native binary has no reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(EvaluationResult))]
public sealed partial class EvaluationJson : JsonSerializerContext;
