using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Scoring;

/// <summary>
/// Scores flows of a worker that go on, as <see cref="BlockScorer"/> would say if they ended now, by the same features
/// and the same kernels.
/// </summary>
internal sealed unsafe class EarlyScorer : IEarlyScorer
{
    private readonly FeatureExtractor _extractor;
    private readonly FeatureBlock _features;
    private readonly Scorer _scorer;
    private readonly VerdictRule _rules;
    private readonly double[] _probabilities = new double[FeatureBlock.Capacity];

    /// <summary>Prepares a model of a profile.</summary>
    public EarlyScorer(Profile profile, Model model)
    {
        _extractor = profile.CreateExtractor();
        _features = new FeatureBlock(profile.Features.Count);
        _scorer = new Scorer(model, profile.FeatureNames);
        _rules = new VerdictRule(model);
    }

    /// <inheritdoc/>
    public void Score(FlowRecordBlock reached)
    {
        _extractor.Extract(reached, _features);
        _scorer.Score(_features, _probabilities);
        for (int i = 0; i < reached.Count; i++)
        {
            uint packets = (uint)reached.Volume(i).Packets;
            *reached.DecisionOf(i) = new EarlyVerdict
            {
                Score = _probabilities[i],
                Bytes = _extractor.WireBytes(reached, i),
                Packets = packets,
                Verdict = _rules.Decide(_probabilities[i], packets),
            };
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _extractor.Dispose();
        _features.Dispose();
    }
}
