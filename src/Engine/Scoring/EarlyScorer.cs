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
    private readonly Explainer? _explainer;
    private readonly DriftCounter? _drift;

    /// <summary>Prepares a model of a profile.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="model">The model.</param>
    /// <param name="explainer">Says what pushed the scores; null where nobody asks.</param>
    /// <param name="drift">Counts the bins of the flows; null where the model has no shares.</param>
    public EarlyScorer(Profile profile, Model model, Explainer? explainer = null, DriftCounter? drift = null)
    {
        _explainer = explainer;
        _drift = drift;
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
        _drift?.Begin();
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
            _drift?.Add(i, packets);
            _explainer?.Find(
                _features.Column(0) + i, FeatureBlock.Stride, reached.DecisionOf(i)->Verdict, reached.PushesOf(i));
        }

        _drift?.Count(_features);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _extractor.Dispose();
        _features.Dispose();
    }
}
