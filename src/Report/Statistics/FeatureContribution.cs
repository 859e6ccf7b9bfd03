using FlowMeter.Engine.Scoring;

namespace FlowMeter.Report.Statistics;

/// <summary>What a value of a feature adds to the log-odds of malicious, for charts. Scores come from the scorer.</summary>
internal static class FeatureContribution
{
    /// <summary>The contribution of the values of a feature's columns.</summary>
    public static double Compute(ModelFeature feature, params ReadOnlySpan<double> values) => feature.Transform switch
    {
        Transform.Bins => feature.Weights[feature.BinOf(values[0])],
        Transform.Pairs => feature.Weights[feature.CellOf(values[0], values[1])],
        Transform.Hash => SizeNGrams.Weigh(feature, values).Share,
        Transform.Log1P => feature.Weight * (Math.CopySign(Math.Log(1 + Math.Abs(values[0])), values[0]) - feature.Centre) / feature.Scale,
        _ => feature.Weight * (values[0] - feature.Centre) / feature.Scale,
    };

    /// <summary>
    /// The standard deviation of the contributions of these values; 0 for a feature that contributes the same to all flows.
    /// </summary>
    /// <param name="feature">The feature.</param>
    /// <param name="columns">The values of each of its columns.</param>
    public static double Influence(ModelFeature feature, double[][] columns)
    {
        Span<double> row = new double[columns.Length];
        double sum = 0;
        double squares = 0;
        long count = 0;
        for (int i = 0; i < columns[0].Length; i++)
        {
            for (int k = 0; k < row.Length; k++)
            {
                row[k] = columns[k][i];
            }

            double contribution = Compute(feature, row);
            if (double.IsFinite(contribution))
            {
                sum += contribution;
                squares += contribution * contribution;
                count++;
            }
        }

        return count == 0 ? 0 : Math.Sqrt(Math.Max(0, (squares / count) - (sum / count * (sum / count))));
    }
}
