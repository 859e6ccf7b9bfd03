using System.Numerics;

namespace FlowMeter.Tests.Oracle;

/// <summary>
/// The statistics of SPEC §6 over a list of integers, each a whole number of 1/unit: sorted, counted, and summed up in big integers.
/// </summary>
internal sealed class ReferenceList(IReadOnlyList<long> values, long unit)
{
    public double[] InOrder(IEnumerable<string> statistics) => [.. statistics.Select(statistic => values.Count == 0 ? 0 : Of(statistic))];

    private double Of(string statistic) => statistic switch
    {
        "min" => CorrectRounding.Quotient(values.Min(), unit),
        "max" => CorrectRounding.Quotient(values.Max(), unit),
        "mean" => CorrectRounding.Quotient(Sum(), (BigInteger)unit * values.Count),
        "median" => Median(),
        "mode" => CorrectRounding.Quotient(
            values.GroupBy(value => value).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First().Key, unit),
        "standard_deviation" => CorrectRounding.SquareRoot(Squares(), Square((BigInteger)unit * values.Count)),
        "variance" => CorrectRounding.Quotient(Squares(), Square((BigInteger)unit * values.Count)),
        "coefficient_of_variation" => Sum().IsZero ? 0 : Sum().Sign * CorrectRounding.SquareRoot(Squares(), Square(Sum())),
        _ => Skewness(),
    };

    private double Median()
    {
        long[] sorted = [.. values.Order()];
        return CorrectRounding.Quotient((BigInteger)sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2], 2 * (BigInteger)unit);
    }

    /// <summary>m3 / m2^1.5 = ±√(cubes² / squares³), where deviations are n x − Σx and the n cancel.</summary>
    private double Skewness()
    {
        BigInteger sum = Sum();
        BigInteger cubes = 0;
        foreach (long value in values)
        {
            BigInteger deviation = ((BigInteger)value * values.Count) - sum;
            cubes += deviation * deviation * deviation;
        }
        BigInteger squares = Squares() * values.Count;
        return squares.IsZero ? 0 : cubes.Sign * CorrectRounding.SquareRoot(cubes * cubes * values.Count, squares * squares * squares);
    }

    private BigInteger Sum() => values.Aggregate(BigInteger.Zero, (total, value) => total + value);

    /// <summary>n Σx² − (Σx)².</summary>
    private BigInteger Squares() =>
        (values.Aggregate(BigInteger.Zero, (total, value) => total + Square(value)) * values.Count) - Square(Sum());

    private static BigInteger Square(BigInteger value) => value * value;
}
