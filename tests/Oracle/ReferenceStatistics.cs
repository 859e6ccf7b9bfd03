using System.Numerics;

namespace FlowMeter.Tests.Oracle;

/// <summary>SPEC §3 over a list of integers, each of them a whole number of 1/unit.</summary>
internal sealed class ReferenceStatistics(IReadOnlyList<long> values, long unit = 1)
{
    public double Total => CorrectRounding.Quotient(Sum(), unit);

    public double Mean => values.Count == 0 ? 0 : CorrectRounding.Quotient(Sum(), (BigInteger)unit * values.Count);

    public double Min => values.Count == 0 ? 0 : CorrectRounding.Quotient(values.Min(), unit);

    public double Max => values.Count == 0 ? 0 : CorrectRounding.Quotient(values.Max(), unit);

    /// <summary>The population's: sqrt(n Σx² − (Σx)²) / n, of which everything under the root is a whole number.</summary>
    public double Deviation
    {
        get
        {
            if (values.Count == 0)
            {
                return 0;
            }
            BigInteger sum = Sum();
            BigInteger squares = values.Aggregate(BigInteger.Zero, (total, value) => total + ((BigInteger)value * value));
            BigInteger scale = (BigInteger)unit * values.Count;
            return CorrectRounding.SquareRoot((squares * values.Count) - (sum * sum), scale * scale);
        }
    }

    /// <summary>The sample's variance (divided by n − 1), 0 for fewer than two values.</summary>
    public double SampleVariance => values.Count < 2 ? 0 : CorrectRounding.Quotient(Scatter(), SampleScale());

    public double SampleDeviation => values.Count < 2 ? 0 : CorrectRounding.SquareRoot(Scatter(), SampleScale());

    public double[] MaxMinMeanSampleDeviation() => [Max, Min, Mean, SampleDeviation];

    public double[] MeanSampleDeviationMaxMin() => [Mean, SampleDeviation, Max, Min];

    /// <summary>n Σx² − (Σx)².</summary>
    private BigInteger Scatter() =>
        (values.Aggregate(BigInteger.Zero, (total, value) => total + ((BigInteger)value * value)) * values.Count) - (Sum() * Sum());

    private BigInteger SampleScale() => (BigInteger)unit * unit * values.Count * (values.Count - 1);

    public double[] MeanDeviationMinMax() => [Mean, Deviation, Min, Max];

    public double[] TotalMeanDeviationMinMax() => [Total, Mean, Deviation, Min, Max];

    private BigInteger Sum() => values.Aggregate(BigInteger.Zero, (total, value) => total + value);
}
