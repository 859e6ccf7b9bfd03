using System.Runtime.Intrinsics;
using FlowMeter.Engine.Numerics;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Learning.Training;

/// <summary>
/// The loops of training over rows. Columns are padded with zeros to a multiple of eight rows, and sums run in eight lanes that are added
/// in one order, so the result has the same bits at every vector width. Multiply, then add: never fused.
/// </summary>
internal static unsafe class RowKernel
{
    /// <summary>The length of a column is a multiple of this.</summary>
    public const int Multiple = 8;

    /// <summary>The length of a column of this many rows.</summary>
    public static int Padded(int rows) => (rows + Multiple - 1) / Multiple * Multiple;

    /// <summary>
    /// The weighted logistic loss at given margins, numerically safe for any finite margin: log(1 + e^-m) is log1p(e^-|m|) plus -m where m
    /// is negative.
    /// </summary>
    /// <param name="margins">z of every row.</param>
    /// <param name="signs">1 for malicious, -1 for benign.</param>
    /// <param name="weights">The weight of every row; 0 behind the last row.</param>
    /// <param name="residuals">Receives the loss's derivative by z.</param>
    /// <param name="curvatures">Receives its second derivative by z.</param>
    /// <returns>The sum of the losses.</returns>
    public static double Loss(
        ReadOnlySpan<double> margins,
        ReadOnlySpan<double> signs,
        ReadOnlySpan<double> weights,
        Span<double> residuals,
        Span<double> curvatures)
    {
        Require(margins.Length, signs.Length, weights.Length, residuals.Length, curvatures.Length);
        fixed (double* z = margins, y = signs, s = weights, r = residuals, h = curvatures)
        {
            return Vector512.IsHardwareAccelerated ? Loss<Lanes8>(z, y, s, r, h, margins.Length)
                : Vector256.IsHardwareAccelerated ? Loss<Lanes4>(z, y, s, r, h, margins.Length)
                : Loss<Lanes2>(z, y, s, r, h, margins.Length);
        }
    }

    /// <summary>The sum of products of two columns.</summary>
    public static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        Require(left.Length, right.Length);
        fixed (double* a = left, b = right)
        {
            return Vector512.IsHardwareAccelerated ? Dot<Lanes8>(a, b, left.Length)
                : Vector256.IsHardwareAccelerated ? Dot<LanePair<Lanes4>>(a, b, left.Length)
                : Dot<LanePair<LanePair<Lanes2>>>(a, b, left.Length);
        }
    }

    /// <summary>The sum of a column.</summary>
    public static double Sum(ReadOnlySpan<double> column)
    {
        Require(column.Length);
        fixed (double* a = column)
        {
            return Vector512.IsHardwareAccelerated ? Sum<Lanes8>(a, column.Length)
                : Vector256.IsHardwareAccelerated ? Sum<LanePair<Lanes4>>(a, column.Length)
                : Sum<LanePair<LanePair<Lanes2>>>(a, column.Length);
        }
    }

    /// <summary>The sum of the squares of values, each times its weight.</summary>
    public static double WeightedSquares(ReadOnlySpan<double> weights, ReadOnlySpan<double> values)
    {
        Require(weights.Length, values.Length);
        fixed (double* a = weights, b = values)
        {
            return Vector512.IsHardwareAccelerated ? WeightedSquares<Lanes8>(a, b, values.Length)
                : Vector256.IsHardwareAccelerated ? WeightedSquares<LanePair<Lanes4>>(a, b, values.Length)
                : WeightedSquares<LanePair<LanePair<Lanes2>>>(a, b, values.Length);
        }
    }

    /// <summary>margins += what each row has in the table at its four places, summed as (first + second) + (third + fourth).</summary>
    public static void AddLookUps(IndicatorQuad quad, ReadOnlySpan<double> table, Span<double> margins)
    {
        RequirePlaces(quad, table.Length, margins.Length);
        fixed (ulong* words = quad.Words)
        {
            fixed (double* t = table, z = margins)
            {
                int count = quad.Words.Length;
                for (int i = 0; i < count; i++)
                {
                    ulong word = words[i];
                    z[i] += t[(ushort)word] + t[(ushort)(word >> 16)] + (t[(ushort)(word >> 32)] + t[word >> 48]);
                }
            }
        }
    }

    /// <summary>table += each row's value at each of its four places, in the order of rows.</summary>
    public static void AddUp(IndicatorQuad quad, ReadOnlySpan<double> values, Span<double> table)
    {
        RequirePlaces(quad, table.Length, values.Length);
        fixed (ulong* words = quad.Words)
        {
            fixed (double* v = values, t = table)
            {
                int count = quad.Words.Length;
                for (int i = 0; i < count; i++)
                {
                    ulong word = words[i];
                    double value = v[i];
                    t[(ushort)word] += value;
                    t[(ushort)(word >> 16)] += value;
                    t[(ushort)(word >> 32)] += value;
                    t[word >> 48] += value;
                }
            }
        }
    }

    /// <summary>target += column · factor.</summary>
    public static void AddScaled(ReadOnlySpan<double> column, double factor, Span<double> target)
    {
        Require(column.Length, target.Length);
        fixed (double* x = column, z = target)
        {
            if (Vector512.IsHardwareAccelerated)
            {
                ScoreKernel.AddLinear<Lanes8>(x, factor, z, column.Length);
            }
            else if (Vector256.IsHardwareAccelerated)
            {
                ScoreKernel.AddLinear<Lanes4>(x, factor, z, column.Length);
            }
            else
            {
                ScoreKernel.AddLinear<Lanes2>(x, factor, z, column.Length);
            }
        }
    }

    /// <summary>The transform log1p of a model (<see cref="LaneMath.SignedLog1P"/>), in place.</summary>
    public static void SignedLog1P(Span<double> values)
    {
        Require(values.Length);
        fixed (double* x = values)
        {
            for (int i = 0; i < values.Length; i += Multiple)
            {
                LaneMath.SignedLog1P(LanePair<LanePair<Lanes2>>.Load(x + i)).Store(x + i);
            }
        }
    }

    // One vector at a time: two side by side are more than the compiler inlines, and took four times as long.
    internal static double Loss<TLanes>(double* z, double* y, double* s, double* r, double* h, int count)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes zero = TLanes.Broadcast(0);
        TLanes one = TLanes.Broadcast(1);
        double* sums = stackalloc double[Multiple];
        new Span<double>(sums, Multiple).Clear();
        for (int i = 0; i < count; i += TLanes.Count)
        {
            TLanes sign = TLanes.Load(y + i);
            TLanes weight = TLanes.Load(s + i);
            TLanes margin = sign * TLanes.Load(z + i);
            TLanes opposite = zero - margin;
            TLanes e = LaneMath.Exp(TLanes.IfAtMost(zero, margin, opposite, margin));
            TLanes likely = one / (one + e);
            TLanes unlikely = e * likely;
            double* sum = sums + (i % Multiple);
            TLanes loss = weight * (LaneMath.SignedLog1P(e) + TLanes.IfAtMost(zero, margin, zero, opposite));
            (TLanes.Load(sum) + loss).Store(sum);
            (zero - (weight * sign * TLanes.IfAtMost(zero, margin, unlikely, likely))).Store(r + i);
            (weight * (likely * unlikely)).Store(h + i);
        }

        return Sum(sums);
    }

    // Four sums side by side, for one would wait for each addition.
    internal static double Dot<TLanes>(double* a, double* b, int count)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes first = TLanes.Broadcast(0);
        TLanes second = first;
        TLanes third = first;
        TLanes fourth = first;
        int i = 0;
        for (; i <= count - (4 * Multiple); i += 4 * Multiple)
        {
            first += TLanes.Load(a + i) * TLanes.Load(b + i);
            second += TLanes.Load(a + i + Multiple) * TLanes.Load(b + i + Multiple);
            third += TLanes.Load(a + i + (2 * Multiple)) * TLanes.Load(b + i + (2 * Multiple));
            fourth += TLanes.Load(a + i + (3 * Multiple)) * TLanes.Load(b + i + (3 * Multiple));
        }

        for (; i < count; i += Multiple)
        {
            first += TLanes.Load(a + i) * TLanes.Load(b + i);
        }

        return Sum(first + second + (third + fourth));
    }

    internal static double Sum<TLanes>(double* a, int count)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes sum = TLanes.Broadcast(0);
        for (int i = 0; i < count; i += Multiple)
        {
            sum += TLanes.Load(a + i);
        }

        return Sum(sum);
    }

    internal static double WeightedSquares<TLanes>(double* a, double* b, int count)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes sum = TLanes.Broadcast(0);
        for (int i = 0; i < count; i += Multiple)
        {
            TLanes value = TLanes.Load(b + i);
            sum += TLanes.Load(a + i) * value * value;
        }

        return Sum(sum);
    }

    private static void RequirePlaces(IndicatorQuad quad, int table, int rows)
    {
        if (quad.Largest >= table || quad.Words.Length > rows)
        {
            throw new ArgumentException(
                $"places up to {quad.Largest} for {quad.Words.Length} rows, expected them in a table of {table} and {rows} rows");
        }
    }

    private static double Sum<TLanes>(TLanes lanes)
        where TLanes : struct, ILanes<TLanes>
    {
        double* parts = stackalloc double[Multiple];
        lanes.Store(parts);
        return Sum(parts);
    }

    private static double Sum(double* parts) =>
        (parts[0] + parts[1] + (parts[2] + parts[3])) + (parts[4] + parts[5] + (parts[6] + parts[7]));

    private static void Require(int length, params ReadOnlySpan<int> others)
    {
        if (length % Multiple != 0)
        {
            throw new ArgumentException($"{length} rows, expected a multiple of {Multiple}");
        }

        foreach (int other in others)
        {
            if (other != length)
            {
                throw new ArgumentException($"columns of {length} and {other} rows, expected equal lengths");
            }
        }
    }
}
