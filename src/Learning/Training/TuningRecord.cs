namespace FlowMeter.Learning.Training;

/// <summary>
/// How a model was tuned: the property <c>trained</c> of a model file, with a member for each property here (docs/model-format.md).
/// </summary>
internal sealed record TuningRecord
{
    public required string By { get; init; }

    /// <summary>The model that it was made of.</summary>
    public required string Base { get; init; }

    public required IReadOnlyList<string> Sources { get; init; }

    public required int Flows { get; init; }

    public required int Malicious { get; init; }

    public required int MaliciousOfBase { get; init; }

    /// <summary>Whether the weights are new; else only the thresholds are.</summary>
    public required bool Refitted { get; init; }

    public required string SplitBy { get; init; }

    public required int Folds { get; init; }

    public required ulong Seed { get; init; }

    public required string Threshold { get; init; }

    public required string Penalty { get; init; }

    public required string ClassWeight { get; init; }

    public required double? C { get; init; }

    public required double? RocArea { get; init; }

    public required bool Converged { get; init; }
}
