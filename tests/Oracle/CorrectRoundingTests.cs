using System.Numerics;

namespace FlowMeter.Tests.Oracle;

public sealed class CorrectRoundingTests
{
    [Fact]
    public void QuotientsOfSmallIntegersAreWhatTheProcessorDivides()
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
    public void RootsOfSquaresAreTheIntegers()
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
    public void AHugeMeanDoesNotDrownATinyDeviation()
    {
        long huge = 1L << 61;
        ReferenceStatistics statistics = new([huge - 1, huge + 1], 1000);

        Assert.Equal(0.001, statistics.Deviation);
        Assert.Equal(huge / 1000.0, statistics.Mean);
    }
}
