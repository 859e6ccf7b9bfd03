using System.Globalization;
using FlowMeter.Engine.Text;

namespace FlowMeter.Tests.Text;

public class ShortestDoubleTests
{
    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(-0.0, "-0")]
    [InlineData(68.0, "68")]
    [InlineData(-1.5, "-1.5")]
    [InlineData(0.5, "0.5")]
    [InlineData(0.1, "0.1")]
    [InlineData(0.3, "0.3")]
    [InlineData(100.5, "100.5")]
    [InlineData(160598.5, "160598.5")]
    [InlineData(0.00016061676839062, "0.00016061676839062")]
    [InlineData(0.00001, "0.00001")]
    [InlineData(0.000012345678901234567, "0.000012345678901234568")]
    [InlineData(0.0000099, "9.9e-06")]
    [InlineData(1.2404957683661070e-07, "1.240495768366107e-07")]
    [InlineData(9007199254740991.0, "9007199254740991")]
    [InlineData(9007199254740992.0, "9007199254740992")]
    [InlineData(9999999999999998.0, "9999999999999998")]
    [InlineData(1e16, "1e+16")]
    [InlineData(2e22, "2e+22")]
    [InlineData(1.7976931348623157e308, "1.7976931348623157e+308")]
    [InlineData(-2.2250738585072014e-308, "-2.2250738585072014e-308")]
    [InlineData(2.225073858507201e-308, "2.225073858507201e-308")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(9e-265, "9e-265")]
    [InlineData(9007199254740993.0 * 4, "3.602879701896397e+16")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public void Writes_the_known_text(double value, string text) => Assert.Equal(text, TextOf.Shortest(value));

    [Fact]
    public void Not_a_number_has_no_sign()
    {
        Assert.Equal("NaN", TextOf.Shortest(BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_0000)));
        Assert.Equal("NaN", TextOf.Shortest(BitConverter.Int64BitsToDouble(-1)));
    }

    [Fact]
    public void Random_bit_patterns_read_as_in_R()
    {
        var random = new Random(1);
        for (int i = 0; i < 2_000_000; i++)
        {
            Check(BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)));
        }
    }

    [Fact]
    public void Random_values_in_plain_notation_read_as_in_R()
    {
        var random = new Random(2);
        for (int i = 0; i < 1_000_000; i++)
        {
            Check(random.NextDouble() * Math.Pow(10, random.Next(-7, 18)));
        }
    }

    [Fact]
    public void Short_decimals_stay_short()
    {
        var random = new Random(3);
        for (int i = 0; i < 300_000; i++)
        {
            Check(random.NextInt64((long)Math.Pow(10, random.Next(1, 18))) / Math.Pow(10, random.Next(0, 23)));
        }
    }

    [Fact]
    public void Neighbours_of_powers_of_two_read_as_in_R()
    {
        for (int exponent = -1073; exponent <= 1023; exponent++)
        {
            CheckNeighbours(Math.ScaleB(1, exponent));
        }
    }

    // Not as in R: .NET 10 writes 2^-958 as 4.104536801298376E-289, which reads back as the double below.
    [Fact]
    public void Powers_of_two_have_exactly_the_shortest_digits()
    {
        for (int exponent = -1074; exponent < 1023; exponent++)
        {
            CheckExactly(Math.ScaleB(1, exponent));
        }
    }

    [Fact]
    public void Random_values_have_exactly_the_shortest_digits()
    {
        var random = new Random(8);
        for (int i = 0; i < 3_000; i++)
        {
            CheckExactly(BitConverter.Int64BitsToDouble(random.NextInt64(1, 0x7FEF_FFFF_FFFF_FFFF)));
        }
    }

    [Fact]
    public void Powers_of_ten_and_their_neighbours_read_as_in_R()
    {
        for (int exponent = -323; exponent <= 307; exponent++)
        {
            for (int digit = 1; digit < 10; digit++)
            {
                double value = double.Parse($"{digit}e{exponent}", CultureInfo.InvariantCulture);
                CheckExactly(value);
                CheckNeighbours(value);
            }
        }
    }

    [Fact]
    public void Subnormals_read_as_in_R()
    {
        for (long bits = 1; bits < 5000; bits++)
        {
            Check(BitConverter.Int64BitsToDouble(bits));
        }

        var random = new Random(4);
        for (int i = 0; i < 200_000; i++)
        {
            Check(BitConverter.Int64BitsToDouble(random.NextInt64(1L << random.Next(1, 53))));
        }
    }

    [Fact]
    public void Integers_read_as_in_R()
    {
        var random = new Random(5);
        for (int value = -2000; value < 20_000; value++)
        {
            Check(value);
        }

        for (int i = 0; i < 300_000; i++)
        {
            Check(random.NextInt64(1L << random.Next(1, 63)));
        }
    }

    [Fact]
    public void Ratios_of_small_integers_read_as_in_R()
    {
        for (int numerator = 1; numerator < 500; numerator++)
        {
            for (int denominator = 1; denominator < 500; denominator++)
            {
                Check((double)numerator / denominator);
                Check(numerator * 1e6 / denominator);
            }
        }
    }

    // Halves of the last of 17 digits are where rounding has to break ties.
    [Fact]
    public void Ties_go_to_the_even_digit_as_in_R()
    {
        var random = new Random(6);
        for (int i = 0; i < 300_000; i++)
        {
            int quarters = random.Next(1, 12);
            Check(random.NextInt64(1L << 52, 1L << 53) / Math.ScaleB(1, quarters));
            Check(random.NextInt64(1L << 52, 1L << 53) * Math.ScaleB(1, quarters));
        }
    }

    [Fact]
    public void The_single_product_agrees_with_the_exact_bounds()
    {
        var random = new Random(7);
        int undecided = 0;
        for (int i = 0; i < 2_000_000; i++)
        {
            ulong bits = (ulong)random.NextInt64(1L << 52, 0x7FF0_0000_0000_0000) | 1;
            Schubfach.ShortestExact(bits, out ulong exactTens, out ulong exactLast, out int exactUnit);
            if (!Schubfach.TryShortest(bits, out ulong tens, out ulong last, out int unit))
            {
                undecided++;
                continue;
            }

            if (tens < Schubfach.SixteenDigits)
            {
                (tens, last, unit) = ((tens * 10) + last, 0, unit - 1);
            }

            if (tens != exactTens || last != exactLast || unit != exactUnit)
            {
                Assert.Fail($"{bits:X16}: {tens}.{last}e{unit} but exactly {exactTens}.{exactLast}e{exactUnit}");
            }
        }

        // Those that end in an odd quarter or the like: two of the two thousand exponents.
        Assert.InRange(undecided, 0, 4000);
    }

    private static void CheckNeighbours(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        for (long distance = 1; distance <= 20; distance++)
        {
            Check(BitConverter.Int64BitsToDouble(bits + distance));
            Check(BitConverter.Int64BitsToDouble(Math.Max(0, bits - distance)));
        }
    }

    private static void CheckExactly(double value)
    {
        (string digits, int exponent) = ExactDecimal.Shortest(value);
        Assert.Equal(ReferenceDouble.Layout(digits, exponent), TextOf.Shortest(value));
    }

    private static void Check(double value)
    {
        string text = TextOf.Shortest(value);
        string expected = ReferenceDouble.Text(value);
        if (text != expected)
        {
            Assert.Fail($"{BitConverter.DoubleToInt64Bits(value):X16}: wrote {text}, expected {expected}");
        }

        double back = double.Parse(text, CultureInfo.InvariantCulture);
        if (!double.IsNaN(value) && BitConverter.DoubleToInt64Bits(back) != BitConverter.DoubleToInt64Bits(value))
        {
            Assert.Fail($"{BitConverter.DoubleToInt64Bits(value):X16}: {text} reads back as {back:R}");
        }
    }
}
