using FlowMeter.Engine.Numerics;
using FlowMeter.Tests.Scoring;

namespace FlowMeter.Tests.Numerics;

public sealed unsafe class LaneMathTests
{
    // One unit in the last place is at most this much of a value.
    private const decimal Tolerance = 2.23e-16m;
    private const decimal Ln2 = 0.6931471805599453094172321215m;

    [Fact]
    public void Exp_agrees_with_an_exact_sum()
    {
        foreach (double x in Uniform(1, 4000, -20, 40))
        {
            decimal exact = ExactExp(Exact(Math.Abs(x)));
            AssertClose(x < 0 ? 1 / exact : exact, Exp(x), x);
        }
    }

    [Fact]
    public void Exp_agrees_with_the_library_over_its_range()
    {
        foreach (double x in Uniform(2, 20000, -708, 709.7))
        {
            Assert.True(Math.Abs((Exp(x) / Math.Exp(x)) - 1) < 4e-16, $"exp({x:R}) = {Exp(x):R}, the library says {Math.Exp(x):R}");
        }

        // Below the smallest normal number one unit is all the precision there is.
        foreach (double x in Uniform(3, 2000, -745.2, -708))
        {
            Assert.True(Math.Abs(Exp(x) - Math.Exp(x)) <= double.Epsilon, $"exp({x:R})");
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-0.0, 1)]
    [InlineData(1e-300, 1)]
    [InlineData(709.79, double.PositiveInfinity)]
    [InlineData(double.MaxValue, double.PositiveInfinity)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(-745.2, 0)]
    [InlineData(double.MinValue, 0)]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(double.NaN, double.NaN)]
    public void Exp_at_the_ends(double x, double expected) => Assert.Equal(expected, Exp(x));

    [Fact]
    public void Log_agrees_with_an_exact_sum()
    {
        foreach (double power in Uniform(4, 4000, -5, 28))
        {
            double x = Math.Pow(10, power);
            AssertClose(ExactLog1P(Exact(x)), Log(x), x);
            Assert.Equal(-Log(x), Log(-x));
        }
    }

    [Fact]
    public void Log_agrees_around_the_seams_of_its_reduction()
    {
        foreach (double seam in (double[])[Math.Sqrt(2) - 1, 1, (2 * Math.Sqrt(2)) - 1, 3, Math.Pow(2, 53)])
        {
            double x = seam;
            for (int i = 0; i < 20; i++)
            {
                x = Math.BitDecrement(x);
            }

            for (int i = 0; i < 40; i++, x = Math.BitIncrement(x))
            {
                AssertClose(ExactLog1P(Exact(x)), Log(x), x);
            }
        }
    }

    [Fact]
    public void Log_agrees_far_out_and_close_in()
    {
        foreach (double power in Uniform(5, 4000, 20, 308.2))
        {
            double x = Math.Pow(10, power);
            Assert.True(Math.Abs((Log(x) / Math.Log(x)) - 1) < 4e-16, $"log1p({x:R})");
        }

        foreach (double power in Uniform(6, 4000, -307, -5))
        {
            double x = Math.Pow(10, power);
            double series = x * (1 - (x * (0.5 - (x * (1.0 / 3)))));
            Assert.True(Math.Abs((Log(x) / series) - 1) < 4e-16, $"log1p({x:R})");
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(double.Epsilon, double.Epsilon)]
    [InlineData(double.MaxValue, 709.782712893384)]
    [InlineData(-1, -0.6931471805599453)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity, double.NegativeInfinity)]
    [InlineData(double.NaN, double.NaN)]
    public void Log_at_the_ends(double x, double expected) => Assert.Equal(expected, Log(x));

    [Fact]
    public void Every_width_gives_the_same_bits()
    {
        Random random = new(7);
        double[] values =
        [
            .. TestModels.OddValues,
            .. Uniform(8, 500, -800, 800),
            .. Enumerable.Range(0, 1502).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))),
        ];
        Check<Lanes2>(values);
        Check<Lanes4>(values);
        Check<Lanes8>(values);
    }

    private static void Check<TLanes>(double[] values)
        where TLanes : struct, ILanes<TLanes>
    {
        double* result = stackalloc double[8];
        fixed (double* x = values)
        {
            for (int i = 0; i <= values.Length - TLanes.Count; i += TLanes.Count)
            {
                LaneMath.Exp(TLanes.Load(x + i)).Store(result);
                for (int lane = 0; lane < TLanes.Count; lane++)
                {
                    Assert.Equal(Bits(Exp(x[i + lane])), Bits(result[lane]));
                }

                LaneMath.SignedLog1P(TLanes.Load(x + i)).Store(result);
                for (int lane = 0; lane < TLanes.Count; lane++)
                {
                    Assert.Equal(Bits(Log(x[i + lane])), Bits(result[lane]));
                }
            }
        }
    }

    private static double Exp(double x)
    {
        LaneMath.Exp(Lanes1.Broadcast(x)).Store(&x);
        return x;
    }

    private static double Log(double x)
    {
        LaneMath.SignedLog1P(Lanes1.Broadcast(x)).Store(&x);
        return x;
    }

    private static void AssertClose(decimal exact, double value, double x) =>
        Assert.True(Math.Abs(Exact(value) - exact) <= Tolerance * exact, $"at {x:R}: {value:R}, exactly {exact}");

    private static IEnumerable<double> Uniform(int seed, int count, double low, double high)
    {
        Random random = new(seed);
        return Enumerable.Range(0, count).Select(_ => low + (random.NextDouble() * (high - low)));
    }

    // The cast to decimal rounds to 15 digits; this keeps all that a decimal can hold.
    private static decimal Exact(double x)
    {
        int exponent = Math.ILogB(x) - 52;
        decimal value = (long)Math.ScaleB(x, -exponent);
        for (; exponent > 0; exponent--)
        {
            value *= 2;
        }

        for (; exponent < 0; exponent++)
        {
            value /= 2;
        }

        return value;
    }

    private static decimal ExactExp(decimal x)
    {
        decimal sum = 1;
        decimal part = x / 64;
        decimal term = 1;
        for (int n = 1; n < 40; n++)
        {
            term *= part / n;
            sum += term;
        }

        for (int i = 0; i < 6; i++)
        {
            sum *= sum;
        }

        return sum;
    }

    private static decimal ExactLog1P(decimal x)
    {
        if (x < 0.4m)
        {
            return TwiceArtanh(x / (2 + x));
        }

        decimal rest = 1 + x;
        int halvings = 0;
        for (; rest > 1.5m; halvings++)
        {
            rest /= 2;
        }

        return (halvings * Ln2) + TwiceArtanh((rest - 1) / (rest + 1));
    }

    private static decimal TwiceArtanh(decimal s)
    {
        decimal sum = 0;
        decimal power = s;
        for (int n = 1; n < 90; n += 2)
        {
            sum += power / n;
            power *= s * s;
        }

        return 2 * sum;
    }

    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);
}
