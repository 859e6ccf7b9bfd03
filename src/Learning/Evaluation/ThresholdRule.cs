using System.Globalization;

namespace FlowMeter.Learning.Evaluation;

/// <summary>
/// How to choose a threshold: by a minimal recall, by a maximal false positive rate, or, where both are null, by the best F1.
/// </summary>
/// <param name="TargetRecall">Minimal share of malicious flows to find, from 0 to 1; null for none.</param>
/// <param name="TargetFalsePositiveRate">Maximal share of benign flows to inspect, from 0 to 1; null for none.</param>
public sealed record ThresholdRule(double? TargetRecall, double? TargetFalsePositiveRate)
{
    /// <inheritdoc/>
    public override string ToString() =>
        TargetRecall is double recall ? string.Create(CultureInfo.InvariantCulture, $"recall of {recall} or more")
        : TargetFalsePositiveRate is double rate ? string.Create(CultureInfo.InvariantCulture, $"false positives of {rate} or less")
        : "best F1";

    /// <summary>
    /// The threshold: the highest that reaches the recall, the lowest that keeps the false positive rate, or the one of best F1. It is in
    /// the middle between two scores, so that a rounding error does not change a verdict.
    /// </summary>
    /// <param name="scores">The score of each flow, by a model that was not trained with it.</param>
    /// <param name="positive">Whether each flow is malicious.</param>
    public double Choose(double[] scores, bool[] positive)
    {
        Ranking ranking = new(scores, positive);
        double positives = positive.Count(isPositive => isPositive);
        double negatives = positive.Length - positives;
        double hits = 0;
        double alarms = 0;
        int at = 0;
        int best = 0;
        double bestF1 = -1;
        foreach ((double more, double moreAlarms) in ranking.Steps(null))
        {
            bool isReached = TargetRecall is double recall && hits >= recall * positives && at > 0;
            hits += more;
            alarms += moreAlarms;
            if (isReached || (TargetRecall == null && TargetFalsePositiveRate is double rate && alarms > rate * negatives))
            {
                break;
            }

            at += (int)(more + moreAlarms);
            double f1 = 2 * hits / (hits + alarms + positives);
            if (TargetRecall != null || TargetFalsePositiveRate != null || f1 > bestF1)
            {
                bestF1 = f1;
                best = at;
            }
        }

        return Between(best == 0 ? null : scores[ranking.Order[best - 1]], best == scores.Length ? null : scores[ranking.Order[best]]);
    }

    private static double Between(double? above, double? below)
    {
        if (above is not double high)
        {
            return below is double top ? Math.Min(1, Math.BitIncrement(top)) : 1;
        }

        double low = below ?? 0;
        double middle = (high + low) / 2;
        return middle > low && middle <= high ? middle : high;
    }
}
