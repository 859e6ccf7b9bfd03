using FlowMeter.Engine.Scoring;

namespace FlowMeter.Report.Statistics;

/// <summary>What a feature's value adds to the log-odds of malicious, for drawing: the definition of <see cref="Transform"/> in plain words. Scores themselves come from the scorer.</summary>
internal static class FeatureShare
{
    /// <summary>The share of one value.</summary>
    public static double Of(ModelFeature feature, double value) => feature.Transform switch
    {
        Transform.Bins => feature.Weights[BinOf(feature, value)],
        Transform.Log1P => feature.Weight * (Math.CopySign(Math.Log(1 + Math.Abs(value)), value) - feature.Centre) / feature.Scale,
        _ => feature.Weight * (value - feature.Centre) / feature.Scale,
    };

    /// <summary>How far the feature moves the log-odds of these flows: the standard deviation of its shares. 0 for a feature that says the same of all.</summary>
    public static double Influence(ModelFeature feature, double[] values)
    {
        double sum = 0;
        double squares = 0;
        long count = 0;
        foreach (double value in values)
        {
            double share = Of(feature, value);
            if (double.IsFinite(share))
            {
                sum += share;
                squares += share * share;
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
