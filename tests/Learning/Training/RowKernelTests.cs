using FlowMeter.Engine.Numerics;
using FlowMeter.Learning.Training;

namespace FlowMeter.Tests.Learning.Training;

/// <summary>Sums over rows have the same bits at every vector width, and the loss is right where e^z overflows.</summary>
[Trait("Category", "Vector")]
public sealed unsafe class RowKernelTests
{
    [Theory]
    [InlineData(8)]
    [InlineData(64)]
    [InlineData(1000)]
    public void Every_width_gives_the_same_bits(int count)
    {
        Random random = new(count);
        double[] z =
            [.. Enumerable.Range(0, count).Select(i => i % 9 == 0 ? 800 * (random.NextDouble() - 0.5) : random.NextDouble() - 0.5)];
        double[] y = [.. z.Select(_ => random.Next(2) == 0 ? 1.0 : -1)];
        double[] s = [.. z.Select(_ => random.NextDouble())];
        (double sum, double[] r, double[] h) = Loss<LanePair<LanePair<LanePair<Lanes1>>>>(z, y, s);
        Check(Loss<LanePair<LanePair<Lanes2>>>(z, y, s));
        Check(Loss<LanePair<Lanes4>>(z, y, s));
        Check(Loss<Lanes8>(z, y, s));
        Check(Loss<Lanes4>(z, y, s));
        Check(Loss<Lanes2>(z, y, s));
        Check(Loss<Lanes1>(z, y, s));
        double[] residuals = new double[count];
        double[] curvatures = new double[count];
        Check((RowKernel.Loss(z, y, s, residuals, curvatures), residuals, curvatures));
        fixed (double* a = z, b = s)
        {
            double dot = RowKernel.Dot<LanePair<LanePair<LanePair<Lanes1>>>>(a, b, count);
            Assert.Equal(dot, RowKernel.Dot<LanePair<LanePair<Lanes2>>>(a, b, count));
            Assert.Equal(dot, RowKernel.Dot<LanePair<Lanes4>>(a, b, count));
            Assert.Equal(dot, RowKernel.Dot<Lanes8>(a, b, count));
            Assert.Equal(z.Zip(s).Sum(pair => pair.First * pair.Second), dot, 1e-9);
            double total = RowKernel.Sum<LanePair<LanePair<LanePair<Lanes1>>>>(a, count);
            Assert.Equal(total, RowKernel.Sum<LanePair<LanePair<Lanes2>>>(a, count));
            Assert.Equal(total, RowKernel.Sum<LanePair<Lanes4>>(a, count));
            Assert.Equal(total, RowKernel.Sum<Lanes8>(a, count));
            Assert.Equal(z.Sum(), total, 1e-9);
            double squares = RowKernel.WeightedSquares<LanePair<LanePair<LanePair<Lanes1>>>>(b, a, count);
            Assert.Equal(squares, RowKernel.WeightedSquares<LanePair<LanePair<Lanes2>>>(b, a, count));
            Assert.Equal(squares, RowKernel.WeightedSquares<LanePair<Lanes4>>(b, a, count));
            Assert.Equal(squares, RowKernel.WeightedSquares<Lanes8>(b, a, count));
            Assert.Equal(z.Zip(s).Sum(pair => pair.First * pair.First * pair.Second), squares, 1e-9 * squares);
        }

        void Check((double Sum, double[] R, double[] H) other)
        {
            Assert.Equal(sum, other.Sum);
            Assert.Equal(r, other.R);
            Assert.Equal(h, other.H);
        }
    }

    [Theory]
    [InlineData(0, 0.69314718055994531)]
    [InlineData(1e4, 0)]
    [InlineData(-1e4, 1e4)]
    [InlineData(-1e300, 1e300)]
    [InlineData(40, 4.248354255291589e-18)]
    [InlineData(-40, 40)]
    [InlineData(1, 0.31326168751822286)]
    public void The_loss_of_a_margin_is_safe(double margin, double loss)
    {
        double[] z = [margin, -margin, 0, 0, 0, 0, 0, 0];
        double[] y = [1, -1, 1, 1, 1, 1, 1, 1];
        double[] s = [1, 1, 0, 0, 0, 0, 0, 0];
        double[] r = new double[8];
        double[] h = new double[8];
        Assert.Equal(2 * loss, RowKernel.Loss(z, y, s, r, h), 1e-15 * Math.Max(loss, 1e-15));
        double likely = 1 / (1 + Math.Exp(margin));
        Assert.Equal(-likely, r[0], 1e-15);
        Assert.Equal(likely, r[1], 1e-15);
        Assert.Equal(0, r[2]);
        Assert.All(h, curvature => Assert.InRange(curvature, 0, 0.25));
    }

    private static (double Sum, double[] Residuals, double[] Curvatures) Loss<TLanes>(double[] z, double[] y, double[] s)
        where TLanes : struct, ILanes<TLanes>
    {
        double[] residuals = new double[z.Length];
        double[] curvatures = new double[z.Length];
        fixed (double* a = z, b = y, c = s, r = residuals, h = curvatures)
        {
            return (RowKernel.Loss<TLanes>(a, b, c, r, h, z.Length), residuals, curvatures);
        }
    }
}
