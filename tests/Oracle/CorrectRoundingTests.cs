using System.Numerics;

namespace FlowMeter.Tests.Oracle;

public sealed class CorrectRoundingTests
{
    [Fact]
    public void Quotients_of_small_integers_are_what_the_processor_divides()
    {
        Random random = new(5);
        for (int i = 0; i < 20_000; i++)
        {
            // Both operands are doubles exactly, and IEEE 754 division rounds correctly.
            long numerator = random.NextInt64(1L << random.Next(1, 54));
            long denominator = random.NextInt64(1L << random.Next(1, 54)) + 1;
            Assert.Equal(numerator / (double)denominator, CorrectRounding.Quotient(numerator, denominator));
            Assert.Equal(-numerator / (double)denominator, CorrectRounding.Quotient(-numerator, denominator));
            Assert.Equal(Math.Sqrt(numerator), CorrectRounding.SquareRoot(numerator, 1));
        }
    }

    [Fact]
    public void Roots_of_squares_are_the_integers()
    {
        Random random = new(6);
        for (int i = 0; i < 5_000; i++)
        {
            BigInteger root = random.NextInt64(1L << random.Next(1, 63));
            Assert.Equal(root, CorrectRounding.FloorOfSquareRoot(root * root));
            Assert.Equal(root, CorrectRounding.FloorOfSquareRoot((root * root) + (2 * root)));
            Assert.Equal((double)(long)root, CorrectRounding.SquareRoot(root * root, 1));
            Assert.Equal((double)(long)root / 1024, CorrectRounding.SquareRoot(root * root, 1 << 20));
        }
    }

    [Fact]
    public void A_huge_mean_does_not_drown_a_tiny_deviation()
    {
        long huge = 1L << 61;
        ReferenceStatistics statistics = new([huge - 1, huge + 1], 1000);

        Assert.Equal(0.001, statistics.Deviation);
        Assert.Equal(huge / 1000.0, statistics.Mean);
    }
}
