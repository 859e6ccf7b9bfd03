namespace FlowMeter.Learning.Training;

/// <summary>What to try and how to compare it.</summary>
public sealed record TrainingOptions
{
    /// <summary>Candidates of feature groups.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [FeatureGroup.All];

    /// <summary>Transforms to try.</summary>
    public IReadOnlyList<TransformChoice> Transforms { get; init; } = TransformChoice.Auto;

    /// <summary>Transforms of single features, by name; they are not part of the search.</summary>
    public IReadOnlyDictionary<string, TransformChoice> TransformOf { get; init; } = new Dictionary<string, TransformChoice>();

    /// <summary>Penalties to try.</summary>
    public IReadOnlyList<Penalty> Penalties { get; init; } = [Penalty.L2];

    /// <summary>Class weights to try.</summary>
    public IReadOnlyList<ClassWeight> ClassWeights { get; init; } = [ClassWeight.Balanced];

    /// <summary>Values of C to try.</summary>
    public IReadOnlyList<double> Cs { get; init; } = [0.01, 0.1, 1, 10];

    /// <summary>Folds of the cross-validation.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>What stays together in folds and in the flows held out; null to choose by the data.</summary>
    public SplitBy? SplitBy { get; init; }

    /// <summary>Share of the flows that are held out for the final evaluation; 0 for none.</summary>
    public double HoldOut { get; init; } = 0.2;

    /// <summary>Names folds and draws.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How the threshold is chosen, on scores of flows that the model which gave them had not seen.</summary>
    public Evaluation.ThresholdRule Threshold { get; init; } = new(null, null);

    /// <summary>Assumed share of malicious flows; null for none.</summary>
    public double? Prevalence { get; init; }

    /// <summary>What the model is called.</summary>
    public string Name { get; init; } = "model";

    /// <summary>Packets after which features were taken; null for whole flows.</summary>
    public int? DecideAfter { get; init; }

    /// <summary>Flows with fewer packets were left out and will be undecided.</summary>
    public int LeastPackets { get; init; } = 1;

    /// <summary>All grid points, simple and strongly regularised ones first: where several do equally well, the first wins.</summary>
    public IReadOnlyList<GridPoint> Grid() =>
    [
        .. from features in Groups
           from transform in Transforms
           from penalty in Penalties
           from weight in ClassWeights
           from c in Cs.Order()
           select new GridPoint(features, transform, penalty, weight, c),
    ];
}
