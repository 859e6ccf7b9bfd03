namespace FlowMeter.Learning.Evaluation;

/// <summary>Flows in descending order of score. Flows of equal score are one step, since no threshold separates them.</summary>
public sealed class Ranking
{
    /// <summary>Sorts flows by score; keeps both arrays.</summary>
    /// <param name="scores">The score of each flow; NaN sorts last.</param>
    /// <param name="positive">Whether each flow is malicious.</param>
    public Ranking(double[] scores, bool[] positive)
    {
        Scores = scores;
        Positive = positive;
        Order = [.. Enumerable.Range(0, scores.Length)];
        double[] keys = Array.ConvertAll(scores, score => double.IsNaN(score) ? double.PositiveInfinity : -score);
        Array.Sort(keys, Order);
    }

    /// <summary>The share of malicious flows that the anchor figure finds, where it asks how many benign ones are cleared.</summary>
    public const double AnchorRecall = 0.98;

    // Below a flow, above the rounding of a product of counts.
    private const double Rounding = 1e-6;

    /// <summary>The score of each flow.</summary>
    public double[] Scores { get; }

    /// <summary>Whether each flow is malicious.</summary>
    public bool[] Positive { get; }

    /// <summary>The flows' numbers, highest score first.</summary>
    public int[] Order { get; }

    /// <summary>
    /// The area under the ROC curve: the probability that a malicious flow scores higher than a benign one; ties count half. NaN where a
    /// class is missing.
    /// </summary>
    public static double Area(double[] scores, bool[] positive) => new Ranking(scores, positive).Areas(null).Roc;

    /// <summary>
    /// The ROC area, the average precision (the sum of precision times the gain in recall, without interpolation, as in scikit-learn), the
    /// highest recall at false positive rates of at most 0.1 % and 1 %, and the share of benign flows below the highest threshold that
    /// finds <see cref="AnchorRecall"/> of the malicious ones. All NaN where a class is missing.
    /// </summary>
    /// <param name="times">How often each flow counts, by its number; null for once.</param>
    public (double Roc, double AveragePrecision, double RecallAtPermille, double RecallAtPercent, double ClearedAtRecall) Areas(
        int[]? times)
    {
        double positives = 0;
        double negatives = 0;
        for (int i = 0; i < Scores.Length; i++)
        {
            int count = times?[i] ?? 1;
            _ = Positive[i] ? positives += count : negatives += count;
        }

        double area = 0;
        double precision = 0;
        double atPermille = 0;
        double atPercent = 0;
        double cleared = double.NaN;
        double truePositives = 0;
        double falsePositives = 0;
        foreach ((double hits, double alarms) in Steps(times))
        {
            area += alarms * (truePositives + (hits / 2));
            truePositives += hits;
            falsePositives += alarms;
            precision += hits > 0 ? hits * truePositives / (truePositives + falsePositives) : 0;
            atPermille = falsePositives <= 0.001 * negatives ? truePositives : atPermille;
            atPercent = falsePositives <= 0.01 * negatives ? truePositives : atPercent;
            if (double.IsNaN(cleared) && truePositives >= (AnchorRecall * positives) - Rounding)
            {
                cleared = negatives - falsePositives;
            }
        }

        return positives == 0 || negatives == 0
            ? (double.NaN, double.NaN, double.NaN, double.NaN, double.NaN)
            : (area / positives / negatives, precision / positives, atPermille / positives, atPercent / positives, cleared / negatives);
    }

    /// <summary>The numbers of malicious and benign flows of each distinct score, highest score first.</summary>
    /// <param name="times">How often each flow counts, by its number; null for once.</param>
    public IEnumerable<(double Positives, double Negatives)> Steps(int[]? times)
    {
        int at = 0;
        while (at < Order.Length)
        {
            double score = Scores[Order[at]];
            double hits = 0;
            double alarms = 0;
            do
            {
                int flow = Order[at++];
                int count = times?[flow] ?? 1;
                _ = Positive[flow] ? hits += count : alarms += count;
            }
            while (at < Order.Length && Scores[Order[at]].Equals(score));
            yield return (hits, alarms);
        }
    }
}
