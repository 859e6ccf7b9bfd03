using System.Globalization;
using System.Runtime.Intrinsics;
using FlowMeter.Engine.Text;

namespace FlowMeter.Tests.Text;

public class IntegerTextTests
{
    [Fact]
    public void Writes_around_every_power_of_ten_and_of_two()
    {
        ulong ten = 1;
        for (int digits = 1; digits <= 20; digits++, ten *= 10)
        {
            CheckAround(ten);
        }

        for (int bit = 0; bit < 64; bit++)
        {
            CheckAround(1UL << bit);
        }

        CheckAround(0);
    }

    [Fact]
    public void Writes_random_values_of_every_size()
    {
        var random = new Random(1);
        for (int i = 0; i < 500_000; i++)
        {
            Check((ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64));
        }
    }

    [Fact]
    public void Splits_every_four_digits_in_every_place()
    {
        for (uint fours = 0; fours < 10_000; fours++)
        {
            Check(fours);
            Check((fours * 10_000UL) + fours);
            Check(1_0000_0000_0000_0000 + (fours * 1_0000_0001_0000UL));
        }
    }

    [Fact]
    public void Sixteen_digits_are_twice_eight()
    {
        var random = new Random(2);
        for (int i = 0; i < 500_000; i++)
        {
            ulong high = (ulong)random.Next(100_000_000);
            ulong low = (ulong)random.Next(100_000_000);
            Assert.Equal(Vector128.Create(Digits.Eight(high), Digits.Eight(low)).AsByte(), Digits.Sixteen(high, low));
        }
    }

    private static void CheckAround(ulong value)
    {
        for (ulong near = value - 3; near != value + 4; near++)
        {
            Check(near);
        }
    }

    private static void Check(ulong value)
    {
        string expected = value.ToString(CultureInfo.InvariantCulture);
        string text = TextOf.Integer(value);
        if (text != expected || (value <= uint.MaxValue && TextOf.Integer((uint)value) != expected))
        {
            Assert.Fail($"wrote {text}, expected {expected}");
        }
    }
}
