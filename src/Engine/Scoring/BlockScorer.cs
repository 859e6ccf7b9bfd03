using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Scoring;

/// <summary>
/// Scores blocks of ended flows on one thread: the probabilities and verdicts of the flows of a block, and the counts of all so far. The
/// verdict on a flow at its decision point stays. Where there is a decision point, flows that did not reach it are scored here, but all of
/// their packets have been inspected by then.
/// </summary>
internal sealed unsafe class BlockScorer(Model model, Scorer scorer, bool decidesEarly)
{
    private readonly VerdictRule _rules = new(model);
    private readonly double[] _probabilities = new double[FeatureBlock.Capacity];
    private readonly Verdict[] _verdicts = new Verdict[FeatureBlock.Capacity];

    /// <summary>Verdicts so far.</summary>
    public VerdictCounts Counts { get; } = new();

    /// <summary>Scores the flows of a block.</summary>
    public void Score(FlowRecordBlock records, FeatureBlock features, FeatureExtractor extractor)
    {
        scorer.Score(features, _probabilities);
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

            Verdict verdict = isDecided ? decision->Verdict : _rules.Decide(_probabilities[i], (long)packets);
            _verdicts[i] = verdict;
            Counts.Add(verdict, packets, bytes);
            ulong decisionPoint = isDecided ? decision->Packets : decidesEarly ? packets : 0;
            if (BypassRule.Bypasses((long)packets, (long)decisionPoint, verdict))
            {
                Counts.AddBypassed(packets - decisionPoint, bytes - (isDecided ? decision->Bytes : 0));
            }
        }
    }

    /// <summary>The probability of malicious of a flow of the block.</summary>
    public double Probability(int index) => _probabilities[index];

    /// <summary>The verdict on a flow of the block.</summary>
    public Verdict VerdictOf(int index) => _verdicts[index];
}
