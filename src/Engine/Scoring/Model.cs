using System.Collections.Immutable;
using System.Text.Json;

namespace FlowMeter.Engine.Scoring;

/// <summary>
/// A logistic regression over a flow's features, as data: p(malicious) = sigmoid(intercept + the shares of all features). It does not check
/// itself; <see cref="ModelRules"/> says what a valid one is, and is asked by everything that loads or uses one.
/// </summary>
public sealed record Model
{
    /// <summary>The version of the JSON form: the value of its property "schema".</summary>
    public const string Schema = "flowmeter-model/1";

    private readonly double? _benignBelow;

    /// <summary>What the model is called in reports.</summary>
    public required string Name { get; init; }

    /// <summary>The profile whose features the model reads: `flowmeter`, `deepfence`, `extended` and so on.</summary>
    public required string Profile { get; init; }

    /// <summary>The inputs, in the order in which their shares are summed.</summary>
    public required ImmutableArray<ModelFeature> Features { get; init; }

    /// <summary>The columns that the model reads, each once, in the order in which features first name them.</summary>
    public IReadOnlyList<string> Columns => [.. Features.SelectMany(feature => feature.Names).Distinct()];

    /// <summary>The sum before any feature's share: the log-odds of an average flow.</summary>
    public required double Intercept { get; init; }

    /// <summary>A flow is malicious where its probability is at least this, from 0 to 1.</summary>
    public double Threshold { get; init; } = 0.5;

    /// <summary>
    /// A flow is benign where its probability is below this, from 0 to <see cref="Threshold"/>; from there to the threshold it is
    /// undecided. Where none is set it is the threshold: no score is undecided.
    /// </summary>
    public double BenignBelow
    {
        get => _benignBelow ?? Threshold;
        init => _benignBelow = value;
    }

    /// <summary>Whether scores from <see cref="BenignBelow"/> to <see cref="Threshold"/> are undecided.</summary>
    public bool HasBand => BenignBelow < Threshold;

    /// <summary>
    /// Whether the model was made for no network in particular, as those inside the binary are: its thresholds say little of a network
    /// before <c>flowmeter tune</c> set them there.
    /// </summary>
    public bool IsUntuned { get; init; }

    /// <summary>How benign flows score that the model was not trained with: what a budget costs; null where it is not known.</summary>
    public BenignScores? Benign { get; init; }

    /// <summary>
    /// The malicious flows that the model was trained with, for a fit to other benign ones; null where they were not kept.
    /// </summary>
    public MaliciousFlows? Malicious { get; init; }

    /// <summary>Flows with fewer packets are undecided; at least 1.</summary>
    public int MinPackets { get; init; } = 1;

    /// <summary>The packet at which a flow is scored, at least 1; null where it is scored at its end.</summary>
    public int? DecideAfter { get; init; }

    /// <summary>How the model was trained (who, when, which data, which figures): any JSON, kept as it was read.</summary>
    public JsonElement? Trained { get; init; }

    /// <summary>The same model with other thresholds; the undecided band ends where malicious begins.</summary>
    /// <param name="threshold">Malicious from this score on.</param>
    /// <param name="benignBelow">Benign below this score, or below the threshold where that is lower.</param>
    public Model WithThresholds(double threshold, double benignBelow) =>
        this with { Threshold = threshold, BenignBelow = Math.Min(benignBelow, threshold) };
}
