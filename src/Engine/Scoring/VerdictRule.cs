using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Scoring;

/// <summary>Turns a probability into a <see cref="Verdict"/> by the rules of one model.</summary>
/// <param name="model">Its two thresholds and its least packets count.</param>
public sealed class VerdictRule(Model model)
{
    private readonly double _threshold = model.Threshold;
    private readonly double _benignBelow = model.BenignBelow;
    private readonly long _minPackets = model.MinPackets;

    /// <summary>
    /// The verdict on a flow of <paramref name="packets"/> packets. A probability of NaN, which finite features never give, is undecided.
    /// </summary>
    public Verdict Decide(double probability, long packets) =>
        Decide(probability, packets, sourceIsMalicious: false, out _);

    /// <summary>The same, where a flow of too few packets is malicious if its source is (docs/hosts.md).</summary>
    public Verdict Decide(double probability, long packets, bool sourceIsMalicious, out VerdictBasis basis)
    {
        basis = packets >= _minPackets ? VerdictBasis.Flow : sourceIsMalicious ? VerdictBasis.Host : VerdictBasis.None;
        return basis switch
        {
            VerdictBasis.Host => Verdict.Malicious,
            VerdictBasis.None => Verdict.Undecided,
            _ => DecideByScore(probability),
        };
    }

    private Verdict DecideByScore(double probability) =>
        double.IsNaN(probability) ? Verdict.Undecided
        : probability >= _threshold ? Verdict.Malicious
        : probability < _benignBelow ? Verdict.Benign
        : Verdict.Undecided;
}
