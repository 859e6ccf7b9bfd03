using System.Globalization;

namespace FlowMeter.Tests.Oracle;

/// <summary>The logistic regression of SPEC §5, from its folder of four text files.</summary>
internal sealed class ReferenceDeepfenceModel(string folder)
{
    private readonly double[] _weights = Numbers(folder, "weights.txt");
    private readonly double[] _means = Numbers(folder, "mean.txt");
    private readonly double[] _deviations = Numbers(folder, "std.txt");
    private readonly double _intercept = Numbers(folder, "intercept.txt")[0];

    public double Probability(double[] features)
    {
        double sum = 0;
        for (int i = 0; i < features.Length; i++)
        {
            sum += _weights[i] * ((features[i] - _means[i]) / _deviations[i]);
        }
        return 1 / (1 + Math.Exp(-(sum + _intercept)));
    }

    /// <summary>One number a line, each rounded to a 32-bit float as it is read.</summary>
    private static double[] Numbers(string folder, string name)
    {
        return
        [
            .. File.ReadLines(Path.Combine(folder, name))
                .Where(line => line.Trim().Length > 0)
                .Select(line => (double)float.Parse(line, NumberStyles.Float, CultureInfo.InvariantCulture)),
        ];
    }
}
