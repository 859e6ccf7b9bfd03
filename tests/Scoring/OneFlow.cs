using FlowMeter.Engine.Numerics;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Tests.Scoring;

/// <summary>The score of a single flow, by the scalar lane, which is the kernel's definition.</summary>
internal static class OneFlow
{
    /// <summary>The probability of malicious, the same bits as in a block.</summary>
    public static unsafe double ScoreOne(this Scorer scorer, ReadOnlySpan<double> features)
    {
        double probability;
        fixed (double* values = features)
        {
            scorer.Score<Lanes1>(values, 1, 1, &probability);
        }

        return probability;
    }
}
