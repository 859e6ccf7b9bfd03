using System.Globalization;
using System.Numerics;

namespace FlowMeter.Tests.Text;

/// <summary>The shortest, then nearest decimal of a double by plain search with exact integers: slow and obvious.</summary>
internal static class ExactDecimal
{
    /// <summary>Significant digits and the exponent of the first one, for a positive finite double.</summary>
    public static (string Digits, int Exponent) Shortest(double value)
    {
        for (int count = 1; ; count++)
        {
            // Of the decimals with this many digits only the two around the value can be nearest.
            int unit = (int)Math.Floor(Math.Log10(value)) + 1 - count;
            BigInteger below = Floor(value, unit);
            int side = CompareTwice(value, (2 * below) + 1, unit);
            bool roundsUp = side > 0 || (side == 0 && !below.IsEven);
            BigInteger[] nearestFirst = roundsUp ? [below + 1, below] : [below, below + 1];
            foreach (BigInteger candidate in nearestFirst)
            {
                if (!candidate.IsZero && ReadsAs(value, candidate, unit))
                {
                    string digits = candidate.ToString(CultureInfo.InvariantCulture);
                    return (digits.TrimEnd('0'), unit + digits.Length - 1);
                }
            }
        }
    }

    // Whether candidate * 10^unit lies between the midpoints to the neighbouring doubles, which themselves go to the even one.
    private static bool ReadsAs(double value, BigInteger candidate, int unit)
    {
        bool isEven = (BitConverter.DoubleToInt64Bits(value) & 1) == 0;
        int down = -CompareMidpoint(Math.BitDecrement(value), value, candidate, unit);
        int up = CompareMidpoint(value, Math.BitIncrement(value), candidate, unit);
        return isEven ? down >= 0 && up >= 0 : down > 0 && up > 0;
    }

    // Compares (a + b) / 2 with candidate * 10^unit.
    private static int CompareMidpoint(double a, double b, BigInteger candidate, int unit)
    {
        (BigInteger candidateScaled, BigInteger scale) = Scale(candidate, unit);
        return ((Binary(a) + Binary(b)) * scale).CompareTo(candidateScaled << 1075);
    }

    // Compares 2 * value with twice * 10^unit.
    private static int CompareTwice(double value, BigInteger twice, int unit)
    {
        (BigInteger scaled, BigInteger scale) = Scale(twice, unit);
        return (2 * Binary(value) * scale).CompareTo(scaled << 1074);
    }

    private static BigInteger Floor(double value, int unit)
    {
        (BigInteger one, BigInteger scale) = Scale(1, unit);
        return Binary(value) * scale / (one << 1074);
    }

    // n * 10^unit as a fraction.
    private static (BigInteger Numerator, BigInteger Denominator) Scale(BigInteger n, int unit) =>
        unit >= 0 ? (n * BigInteger.Pow(10, unit), 1) : (n, BigInteger.Pow(10, -unit));

    // value * 2^1074, which is an integer.
    private static BigInteger Binary(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        long fraction = bits & ((1L << 52) - 1);
        int biased = (int)(bits >> 52);
        return biased == 0 ? fraction : (BigInteger)(fraction | (1L << 52)) << (biased - 1);
    }
}
