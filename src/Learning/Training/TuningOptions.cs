using FlowMeter.Engine.Scoring;

namespace FlowMeter.Learning.Training;

/// <summary>What <see cref="Tuner"/> is to make.</summary>
public sealed record TuningOptions
{
    /// <summary>Folds of the cross-validation.</summary>
    public const int Folds = 5;

    /// <summary>The share of malicious flows that may be judged benign: where the undecided band begins.</summary>
    public const double MissedShare = 0.06;

    /// <summary>What false alarms may cost.</summary>
    public Budget Budget { get; init; } = new(BudgetUnit.Flows, 0.05);

    /// <summary>The name of the model.</summary>
    public string Name { get; init; } = "model";

    /// <summary>The seed of folds and of bootstrap draws.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Values of C to try, beside that of the model.</summary>
    public IReadOnlyList<double> Cs { get; init; } = [0.003, 0.01, 0.03, 0.1, 0.3];
}
