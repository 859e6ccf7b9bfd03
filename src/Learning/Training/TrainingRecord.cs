using System.Text.Json;
using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Training;

/// <summary>
/// How a model was trained: the property <c>trained</c> of a model file, with a member for each property here (docs/model-format.md).
/// </summary>
internal sealed record TrainingRecord
{
    public required string By { get; init; }

    public required IReadOnlyList<string> Sources { get; init; }

    public required int Flows { get; init; }

    public required int Malicious { get; init; }

    public required int HeldOutFlows { get; init; }

    public required int HeldOutMalicious { get; init; }

    public required int Captures { get; init; }

    public required int Groups { get; init; }

    public required IReadOnlyList<string> NamedSources { get; init; }

    public required string SplitBy { get; init; }

    public required int Folds { get; init; }

    public required ulong Seed { get; init; }

    public required string Threshold { get; init; }

    public required string Features { get; init; }

    public required string Transform { get; init; }

    public required IReadOnlyDictionary<string, string> TransformOf { get; init; }

    public required string Penalty { get; init; }

    public required string ClassWeight { get; init; }

    public required double C { get; init; }

    public required int Pairs { get; init; }

    public required bool Hash { get; init; }

    public required double RocArea { get; init; }

    public required double RocAreaDeviation { get; init; }

    public required double Objective { get; init; }

    public required int Iterations { get; init; }

    public required bool Converged { get; init; }

    public required IReadOnlyList<string> Choices { get; init; }

    public required IReadOnlyList<GridRow> Grid { get; init; }

    public static JsonElement CreateJson(
        DataSet data, IReadOnlyList<string> sources, int[] train, int[] test, SplitBy by, int folds,
        TrainingOptions options, GridChoice choice, IReadOnlyList<FoldModel> models, Fit fit)
    {
        GridScore best = choice.Best;
        TrainingRecord record = new()
        {
            By = "flowmeter train",
            Sources = sources,
            Flows = train.Length,
            Malicious = train.Count(row => data.Positive[row]),
            HeldOutFlows = test.Length,
            HeldOutMalicious = test.Count(row => data.Positive[row]),
            Captures = data.Capture.Distinct().Count(),
            Groups = data.Group.Distinct().Count(),
            NamedSources = data.Sources,
            SplitBy = by.ToString().ToLowerInvariant(),
            Folds = folds,
            Seed = options.Seed,
            Threshold = $"{options.Budget?.ToString() ?? options.Threshold.ToString()} in cross-validation",
            Features = best.Point.Features,
            Transform = best.Point.Transform.ToString(),
            TransformOf = options.TransformOf.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()),
            Penalty = Name(best.Point.Penalty),
            ClassWeight = best.Point.ClassWeight.ToString(),
            C = best.Point.C,
            Pairs = best.Point.Pairs,
            Hash = options.HashesSizes,
            RocArea = best.Mean,
            RocAreaDeviation = best.Deviation,
            Objective = fit.Objective,
            Iterations = fit.Iterations,
            Converged = fit.Converged,
            Choices = [.. models.Select(model => model.Point.ToString())],
            Grid = [.. choice.Grid.Select(score => new GridRow(
                score.Point.Features,
                score.Point.Transform.ToString(),
                Name(score.Point.Penalty),
                score.Point.ClassWeight.ToString(),
                score.Point.C,
                score.Point.Pairs,
                double.IsNaN(score.Mean) ? null : score.Mean))],
        };
        return JsonSerializer.SerializeToElement(record, TrainingJson.Default.TrainingRecord);
    }

    private static string Name(Penalty penalty) => penalty == Training.Penalty.L1 ? "l1" : "l2";
}
