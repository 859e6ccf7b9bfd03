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
        packets < _minPackets || double.IsNaN(probability) ? Verdict.Undecided
        : probability >= _threshold ? Verdict.Malicious
        : probability < _benignBelow ? Verdict.Benign
        : Verdict.Undecided;
}
