using System.Collections.Immutable;
using System.Text.Json;

namespace FlowMeter.Engine.Scoring;

/// <summary>
/// A logistic regression over a flow's features, as data: p(malicious) = sigmoid(intercept + the shares of all features). It does not check
/// itself; <see cref="ModelRules"/> says what a valid one is, and is asked by everything that loads or uses one.
/// </summary>
public sealed class Model
{
    /// <summary>The version of the JSON form: the value of its property "schema".</summary>
    public const string Schema = "flowmeter-model/1";

    /// <summary>What the model is called in reports.</summary>
    public required string Name { get; init; }

    /// <summary>The profile whose features the model reads: `flowmeter`, `deepfence`, `extended` and so on.</summary>
    public required string Profile { get; init; }

    /// <summary>The inputs, in the order in which their shares are summed.</summary>
    public required ImmutableArray<ModelFeature> Features { get; init; }

    /// <summary>The sum before any feature's share: the log-odds of an average flow.</summary>
    public required double Intercept { get; init; }

    /// <summary>A flow is malicious where its probability is at least this, from 0 to 1.</summary>
    public double Threshold { get; init; } = 0.5;

    /// <summary>Flows with fewer packets are undecided; at least 1.</summary>
    public int MinPackets { get; init; } = 1;

    /// <summary>The packet at which a flow is scored, at least 1; null where it is scored at its end.</summary>
    public int? DecideAfter { get; init; }

    /// <summary>How the model was trained (who, when, which data, which figures): any JSON, kept as it was read.</summary>
    public JsonElement? Trained { get; init; }

    /// <summary>The same model with another threshold and another record of its training.</summary>
    public Model With(double threshold, JsonElement? trained) => new()
    {
        Name = Name,
        Profile = Profile,
        Features = Features,
        Intercept = Intercept,
        Threshold = threshold,
        MinPackets = MinPackets,
        DecideAfter = DecideAfter,
        Trained = trained,
    };
}
