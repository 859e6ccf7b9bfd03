using System.Numerics;
using FlowMeter.Engine.Numerics;

namespace FlowMeter.Tests.Numerics;

/// <summary>384-bit integers beside big ones.</summary>
public sealed class WideIntegerTests
{
    [Fact]
    public void Sums_products_and_differences_are_those_of_big_integers()
    {
        Random random = new(3);
        for (int round = 0; round < 5000; round++)
        {
            (WideInteger left, BigInteger bigLeft) = Any(random);
            (WideInteger right, BigInteger bigRight) = Any(random);
            double expected = (double)(bigLeft - bigRight);
            double tolerance = Math.Abs(expected) * 1e-15;
            Assert.InRange(WideInteger.Difference(left, right), expected - tolerance, expected + tolerance);
            Assert.Equal(0, WideInteger.Difference(left, left));
        }
    }

    private static (WideInteger Number, BigInteger Big) Any(Random random)
    {
        UInt128 begin = (UInt128)Word(random) * Word(random);
        WideInteger number = new(begin);
        BigInteger big = (BigInteger)begin;
        for (int step = random.Next(1, 5); step > 0; step--)
        {
            (ulong low, ulong middle, ulong high) = (Word(random), Word(random), Word(random) >> 8);
            number.Add(low, middle, high);
            big += low + ((BigInteger)middle << 64) + ((BigInteger)high << 128);
            WideInteger copy = number;
            number.Add(copy);
            big *= 2;
            if (big.GetBitLength() < 300)
            {
                ulong factor = Word(random);
                number.Multiply(factor);
                big *= factor;
            }
        }
        return (number, big);
    }

    private static ulong Word(Random random) => random.Next(4) switch
    {
        0 => ulong.MaxValue - (ulong)random.Next(3),
        1 => (ulong)random.Next(3),
        _ => (ulong)random.NextInt64() * 2,
    };
}
