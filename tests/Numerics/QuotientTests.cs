using System.Numerics;
using FlowMeter.Engine.Numerics;

namespace FlowMeter.Tests.Numerics;

/// <summary>Against exact arithmetic: no neighbour of the result is nearer to the quotient.</summary>
public sealed class QuotientTests
{
    [Theory]
    [InlineData(94_608_000_000_003_000, 1000, 94_608_000_000_003.0)]
    [InlineData(94_608_000_000_003_000, 3000, 31_536_000_000_001.0)]
    [InlineData(9_072_000_000_000_001, 1000, 9_072_000_000_000.002)]
    [InlineData(ulong.MaxValue, 1, 18_446_744_073_709_551_616.0)]
    [InlineData((1UL << 53) + 1, 1, 9_007_199_254_740_992.0)]
    [InlineData((1UL << 54) + 2, 2, 9_007_199_254_740_992.0)]
    [InlineData(0, 7, 0.0)]
    public void Is_rounded_once(ulong numerator, ulong denominator, double expected) =>
        Assert.Equal(expected, Quotient.Divide(numerator, denominator));

    [Fact]
    public void Is_the_nearest_double()
    {
        Random random = new(1);
        for (int i = 0; i < 20_000; i++)
        {
            ulong numerator = (ulong)random.NextInt64() >> random.Next(12);
            ulong denominator = Math.Max((ulong)random.NextInt64() >> random.Next(10, 63), 1);
            double quotient = Quotient.Divide(numerator, denominator);
            Assert.Equal(-quotient, Quotient.Divide(-(long)numerator, denominator));
            foreach (double other in new[] { Math.BitDecrement(quotient), Math.BitIncrement(quotient) })
            {
                Assert.True(Distance(quotient) <= Distance(other), $"{numerator} / {denominator} = {quotient:R}");
            }

            // |value − n/d|, times d and a power of two that makes it whole.
            BigInteger Distance(double value)
            {
                long bits = BitConverter.DoubleToInt64Bits(value);
                int exponent = (int)((bits >> 52) & 0x7FF) - 1075;
                BigInteger significand = (bits & ((1L << 52) - 1)) | (1L << 52);
                return BigInteger.Abs((significand * denominator << (exponent + 128)) - (new BigInteger(numerator) << 128));
            }
        }
    }
}
