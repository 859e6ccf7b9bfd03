using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Scoring;

/// <summary>
/// Scores blocks of ended flows on one thread: the probabilities and verdicts of the flows of a block, and the counts of all so far. The
/// verdict on a flow at its decision point stays. Where there is a decision point, flows that did not reach it are scored here, but all of
/// their packets have been inspected by then.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="scorer">The same, made ready.</param>
/// <param name="decidesEarly">Whether there is a decision point.</param>
/// <param name="explainer">Says what pushed the scores; null where nobody asks.</param>
/// <param name="drift">Counts the bins of the flows that are scored here; null where the model has no shares.</param>
internal sealed unsafe class BlockScorer(
    Model model, Scorer scorer, bool decidesEarly, Explainer? explainer = null, DriftCounter? drift = null)
{
    private readonly VerdictRule _rules = new(model);
    private readonly double[] _probabilities = new double[FeatureBlock.Capacity];
    private readonly Verdict[] _verdicts = new Verdict[FeatureBlock.Capacity];
    private readonly VerdictBasis[] _bases = new VerdictBasis[FeatureBlock.Capacity];

    private readonly ScorePush[] _pushes = new ScorePush[explainer?.Most ?? 0];
    private FeatureBlock? _features;

    /// <summary>Bytes of an explanation at most; 0 where there are none.</summary>
    public int MaxExplanation => explainer?.MaxLength ?? 0;

    /// <summary>Verdicts so far.</summary>
    public VerdictCounts Counts { get; } = new();

    /// <summary>Scores the flows of a block.</summary>
    public void Score(FlowRecordBlock records, FeatureBlock features, FeatureExtractor extractor)
    {
        _features = features;
        scorer.Score(features, _probabilities);
        drift?.Begin();
        for (int i = 0; i < records.Count; i++)
        {
            ulong packets = records.Columns.Packets(FlowColumns.RowOf(i));
            ulong bytes = extractor.WireBytes(records, i);
            EarlyVerdict* decision = records.DecisionOf(i);
            bool isDecided = decision->Packets > 0;
            if (isDecided)
            {
                _probabilities[i] = decision->Score;
            }
            else
            {
                drift?.Add(i, packets);
            }

            VerdictBasis basis = VerdictBasis.Flow;
            Verdict verdict = isDecided
                ? decision->Verdict
                : _rules.Decide(_probabilities[i], (long)packets, extractor.SourceIsMalicious(records, i), out basis);
            _verdicts[i] = verdict;
            _bases[i] = basis;
            Counts.Add(verdict, basis, packets, bytes);
            ulong decisionPoint = isDecided ? decision->Packets : decidesEarly ? packets : 0;
            if (BypassRule.Bypasses((long)packets, (long)decisionPoint, verdict))
            {
                Counts.AddBypassed(packets - decisionPoint, bytes - (isDecided ? decision->Bytes : 0));
            }
        }

        drift?.Count(features);
    }

    /// <summary>Writes what pushed the score of a flow of the block scored last; returns where it ended.</summary>
    /// <param name="at">Room for <see cref="MaxExplanation"/> bytes.</param>
    /// <param name="records">The block.</param>
    /// <param name="index">The flow.</param>
    public byte* WriteExplanation(byte* at, FlowRecordBlock records, int index)
    {
        if (records.DecisionOf(index)->Packets > 0)
        {
            return explainer!.Write(at, records.PushesOf(index));
        }

        fixed (ScorePush* pushes = _pushes)
        {
            explainer!.Find(_features!.Column(0) + index, FeatureBlock.Stride, _verdicts[index], pushes);
            return explainer.Write(at, pushes);
        }
    }

    /// <summary>The probability of malicious of a flow of the block.</summary>
    public double Probability(int index) => _probabilities[index];

    /// <summary>The verdict on a flow of the block.</summary>
    public Verdict VerdictOf(int index) => _verdicts[index];

    /// <summary>What it rests on.</summary>
    public VerdictBasis BasisOf(int index) => _bases[index];
}
