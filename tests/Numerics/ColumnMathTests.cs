using FlowMeter.Engine.Features;
using FlowMeter.Engine.Memory;
using FlowMeter.Engine.Numerics;

namespace FlowMeter.Tests.Numerics;

/// <summary>Every width of the column routines gives the bits that a plain loop gives, also in the last lanes of a column.</summary>
[Trait("Category", "Vector")]
public sealed unsafe class ColumnMathTests
{
    private const int Widest = 8;

    private static readonly double[] s_odd =
        [
            0, -0.0, 1, -1, double.Epsilon, double.MaxValue, double.MinValue, double.PositiveInfinity, double.NegativeInfinity, double.NaN,
            1000, 1.0 / 3, 4503599627370497,
        ];

    public static TheoryData<int> Counts => [.. Enumerable.Range(0, FeatureBlock.Capacity + 1)];

    [Theory, MemberData(nameof(Counts))]
    public void Ratios_are_the_same_at_every_width(int count)
    {
        Check(count, (numerator, denominator, unit) => denominator <= 0 ? 0 : numerator / (unit * denominator), ColumnMath.Ratio<Lanes1>);
        Check(count, (numerator, denominator, unit) => denominator <= 0 ? 0 : numerator / (unit * denominator), ColumnMath.Ratio<Lanes2>);
        Check(count, (numerator, denominator, unit) => denominator <= 0 ? 0 : numerator / (unit * denominator), ColumnMath.Ratio<Lanes4>);
        Check(count, (numerator, denominator, unit) => denominator <= 0 ? 0 : numerator / (unit * denominator), ColumnMath.Ratio<Lanes8>);
        Check(count, (numerator, denominator, unit) => denominator <= 0 ? 0 : numerator / (unit * denominator), ColumnMath.Ratio);
    }

    [Theory, MemberData(nameof(Counts))]
    public void Root_ratios_are_the_same_at_every_width(int count)
    {
        Check(
            count, (numerator, denominator, unit) => denominator <= 0 ? 0 : Math.Sqrt(numerator) / (unit * denominator),
            ColumnMath.RootRatio<Lanes1>);
        Check(
            count, (numerator, denominator, unit) => denominator <= 0 ? 0 : Math.Sqrt(numerator) / (unit * denominator),
            ColumnMath.RootRatio<Lanes2>);
        Check(
            count, (numerator, denominator, unit) => denominator <= 0 ? 0 : Math.Sqrt(numerator) / (unit * denominator),
            ColumnMath.RootRatio<Lanes4>);
        Check(
            count, (numerator, denominator, unit) => denominator <= 0 ? 0 : Math.Sqrt(numerator) / (unit * denominator),
            ColumnMath.RootRatio<Lanes8>);
        Check(
            count, (numerator, denominator, unit) => denominator <= 0 ? 0 : Math.Sqrt(numerator) / (unit * denominator),
            ColumnMath.RootRatio);
    }

    [Theory, MemberData(nameof(Counts))]
    public void Quotients_are_the_same_at_every_width(int count)
    {
        Check(count, (numerator, _, unit) => numerator / unit, InPlace(ColumnMath.Divide<Lanes1>));
        Check(count, (numerator, _, unit) => numerator / unit, InPlace(ColumnMath.Divide<Lanes2>));
        Check(count, (numerator, _, unit) => numerator / unit, InPlace(ColumnMath.Divide<Lanes4>));
        Check(count, (numerator, _, unit) => numerator / unit, InPlace(ColumnMath.Divide<Lanes8>));
        Check(count, (numerator, _, unit) => numerator / unit, InPlace(ColumnMath.Divide));
    }

    private static Routine InPlace(InPlaceRoutine routine) => (target, numerator, _, unit, count) =>
    {
        new Span<double>(numerator, count).CopyTo(new Span<double>(target, count));
        routine(target, unit, count);
    };

    private delegate void InPlaceRoutine(double* column, double divisor, int count);

    private delegate void Routine(double* target, double* numerator, double* denominator, double unit, int count);

    private static void Check(int count, Func<double, double, double, double> definition, Routine routine)
    {
        Random random = new(count);
        using NativeColumn<double> numerators = new(FeatureBlock.Capacity);
        using NativeColumn<double> denominators = new(FeatureBlock.Capacity);
        using NativeColumn<double> targets = new(FeatureBlock.Capacity + Widest);
        for (int i = 0; i < FeatureBlock.Capacity; i++)
        {
            numerators[i] = Value(random);
            denominators[i] = Value(random);
        }

        const double Untouched = 12345;
        new Span<double>(targets.First, (int)targets.Length).Fill(Untouched);
        foreach (double unit in (double[])[1, 1000])
        {
            routine(targets.First, numerators.First, denominators.First, unit, count);
            for (int i = 0; i < count; i++)
            {
                double expected = definition(numerators[i], denominators[i], unit);
                Assert.True(
                    BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(targets[i]) || (double.IsNaN(expected)
                        && double.IsNaN(targets[i])),
                    $"{numerators[i]:R} and {denominators[i]:R}: {expected:R}, not {targets[i]:R}");
            }
        }

        // A column's stale end may be written to, what lies behind the column may not.
        int written = (count + Widest - 1) / Widest * Widest;
        for (int i = written; i < targets.Length; i++)
        {
            Assert.Equal(Untouched, targets[i]);
        }
    }

    private static double Value(Random random) => random.Next(4) switch
    {
        0 => s_odd[random.Next(s_odd.Length)],
        1 => random.Next(1000),
        2 => random.NextInt64(long.MaxValue),
        _ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
    };
}
