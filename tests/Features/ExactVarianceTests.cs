using System.Numerics;
using FlowMeter.Engine.Features;

namespace FlowMeter.Tests.Features;

public sealed class ExactVarianceTests
{
    private const double Tolerance = 1e-15;

    [Fact]
    public void The_numerator_is_exact_to_rounding()
    {
        Random random = new(1);
        for (int i = 0; i < 200_000; i++)
        {
            // Any count; values around any mean with any spread, the tiny ones among them.
            int values = random.Next(1, 6);
            ulong center = (ulong)random.NextInt64(long.MaxValue) >> random.Next(63);
            int spread = random.Next(63);
            ulong count = 0;
            ulong sum = 0;
            UInt128 squares = 0;
            for (int k = 0; k < values; k++)
            {
                ulong value = Math.Min(center + ((ulong)random.NextInt64(long.MaxValue) >> spread), long.MaxValue / 5);
                count++;
                sum += value;
                squares += (UInt128)value * value;
            }

            AssertExact(count, sum, squares);
        }
    }

    /// <summary>What a flow may come to at the very most: gaps that fill 63 bits, and more packets than any capture has.</summary>
    [Theory]
    [InlineData(1UL, 0UL, 0UL)]
    [InlineData(1UL, ulong.MaxValue, ulong.MaxValue)]
    [InlineData(2UL, long.MaxValue, long.MaxValue)]
    [InlineData(1UL << 40, long.MaxValue, long.MaxValue)]
    [InlineData(uint.MaxValue, long.MaxValue, 1UL)]
    [InlineData(3UL, 1UL << 32, 1UL << 31)]
    [InlineData(1UL << 62, 1UL << 62, 1UL << 31)]
    public void The_ends_are_exact_too(ulong count, ulong sum, ulong largest)
    {
        // One value is the largest and the others share the rest; so nothing contradicts Cauchy and Schwarz.
        UInt128 rest = sum - Math.Min(largest, sum);
        UInt128 squares = ((UInt128)largest * largest) + (rest * rest);
        if (((BigInteger)count * squares) - ((BigInteger)sum * sum) >= 0)
        {
            AssertExact(count, sum, squares);
        }
    }

    [Fact]
    public void Equal_values_have_none()
    {
        Random random = new(2);
        for (int i = 0; i < 10_000; i++)
        {
            ulong count = (ulong)random.NextInt64(1, 1L << random.Next(1, 31));
            ulong value = (ulong)random.NextInt64(1L << random.Next(1, 33));
            Assert.Equal(0, ExactVariance.Numerator(count, count * value, (UInt128)value * value * count));
        }
    }

    private static void AssertExact(ulong count, ulong sum, UInt128 squares)
    {
        BigInteger exact = ((BigInteger)count * squares) - ((BigInteger)sum * sum);
        double actual = ExactVariance.Numerator(count, sum, squares);
        Assert.True(
            Math.Abs(actual - (double)exact) <= Tolerance * (double)exact, $"n={count} Σ={sum} Σ²={squares}: {exact}, not {actual:R}");
    }
}
