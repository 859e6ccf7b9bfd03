using FlowMeter.Engine.Scoring;

namespace FlowMeter.Report.Statistics;

/// <summary>What a value of a feature adds to the log-odds of malicious, for charts. Scores come from the scorer.</summary>
internal static class FeatureContribution
{
    /// <summary>The contribution of one value.</summary>
    public static double Compute(ModelFeature feature, double value) => feature.Transform switch
    {
        Transform.Bins => feature.Weights[BinOf(feature, value)],
        Transform.Log1P => feature.Weight * (Math.CopySign(Math.Log(1 + Math.Abs(value)), value) - feature.Centre) / feature.Scale,
        _ => feature.Weight * (value - feature.Centre) / feature.Scale,
    };

    /// <summary>
    /// The standard deviation of the contributions of these values; 0 for a feature that contributes the same to all flows.
    /// </summary>
    public static double Influence(ModelFeature feature, double[] values)
    {
        double sum = 0;
        double squares = 0;
        long count = 0;
        foreach (double value in values)
        {
            double contribution = Compute(feature, value);
            if (double.IsFinite(contribution))
            {
                sum += contribution;
                squares += contribution * contribution;
                count++;
            }
        }

        return count == 0 ? 0 : Math.Sqrt(Math.Max(0, (squares / count) - (sum / count * (sum / count))));
    }

    private static int BinOf(ModelFeature feature, double value)
    {
        int bin = 0;
        while (bin < feature.Edges.Length && feature.Edges[bin] <= value)
        {
            bin++;
        }

        return bin;
    }
}
