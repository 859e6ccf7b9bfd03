using FlowMeter.Engine.Scoring;

namespace FlowMeter.Learning.Training;

/// <summary>What training tries and how it compares results.</summary>
public sealed record TrainingOptions
{
    /// <summary>Candidates of feature groups to try.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [FeatureGroup.All];

    /// <summary>Transforms to try.</summary>
    public IReadOnlyList<TransformChoice> Transforms { get; init; } = TransformChoice.Auto;

    /// <summary>Transforms of single features, by the name of the feature; these are not searched.</summary>
    public IReadOnlyDictionary<string, TransformChoice> TransformOf { get; init; } = new Dictionary<string, TransformChoice>();

    /// <summary>Penalties to try.</summary>
    public IReadOnlyList<Penalty> Penalties { get; init; } = [Penalty.L2];

    /// <summary>Class weights to try.</summary>
    public IReadOnlyList<ClassWeight> ClassWeights { get; init; } = [ClassWeight.Balanced];

    /// <summary>Values of C to try, each above 0.</summary>
    public IReadOnlyList<double> Cs { get; init; } = [0.01, 0.1, 1, 10];

    /// <summary>Numbers of pairs of features with a table of their own to try, each from 0.</summary>
    public IReadOnlyList<int> Pairs { get; init; } = [0];

    /// <summary>Whether the n-grams of the first payload sizes are an input, in candidates with the group of their columns.</summary>
    public bool HashesSizes { get; init; }

    /// <summary>Folds of a cross-validation where nobody says how many.</summary>
    public const int DefaultFolds = 5;

    /// <summary>
    /// Number of folds of the cross-validation, at least 2; null: <see cref="DefaultFolds"/>, or one for each source up to 20 of them.
    /// </summary>
    public int? Folds { get; init; }

    /// <summary>
    /// What stays together in folds and in the flows held out; null: sources where they are named, captures where there are two for each
    /// fold and two of each class, else flows.
    /// </summary>
    public SplitBy? SplitBy { get; init; }

    /// <summary>Share of the flows to hold out for the final evaluation, from 0 to below 1.</summary>
    public double HoldOut { get; init; } = 0.2;

    /// <summary>The seed of folds and of bootstrap draws.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How to choose the threshold, on the scores of the cross-validation.</summary>
    public Evaluation.ThresholdRule Threshold { get; init; } = new(null, null);

    /// <summary>What false alarms may cost, in place of <see cref="Threshold"/>; null for that.</summary>
    public Budget? Budget { get; init; }

    /// <summary>
    /// Share of malicious flows that may be judged benign, from 0 to 1: flows between that score and the threshold are undecided; null for
    /// no such band.
    /// </summary>
    public double? TargetFalseNegativeRate { get; init; }

    /// <summary>Whether the model keeps the malicious flows of the training, for <c>flowmeter tune</c>.</summary>
    public bool KeepsMalicious { get; init; }

    /// <summary>Assumed share of malicious flows, from 0 to 1; null for none.</summary>
    public double? Prevalence { get; init; }

    /// <summary>The name of the model.</summary>
    public string Name { get; init; } = "model";

    /// <summary>Number of packets after which features are taken; null for whole flows.</summary>
    public int? DecideAfter { get; init; }

    /// <summary>The model gives flows with fewer packets no verdict; the data set has none of them.</summary>
    public int MinPackets { get; init; } = 1;

    /// <summary>All grid points, simple and strongly regularised ones first, since the first of equally good ones is chosen.</summary>
    public IReadOnlyList<GridPoint> Grid() =>
    [
        .. from features in Groups
           from transform in Transforms
           from pairs in Pairs.Order()
           from penalty in Penalties
           from weight in ClassWeights
           from c in Cs.Order()
           select new GridPoint(features, transform, penalty, weight, c, pairs),
    ];
}
