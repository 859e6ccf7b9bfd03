using System.Text.Json.Serialization;

namespace FlowMeter.Learning.Training;

/// <summary>
/// The serialiser of <see cref="TrainingRecord"/> and <see cref="TuningRecord"/>, generated at compile time: the native binary has no
/// reflection. Nothing reads a record back, so there is no code for it.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(TrainingRecord))]
[JsonSerializable(typeof(TuningRecord))]
internal sealed partial class TrainingJson : JsonSerializerContext;
