using FlowMeter.Learning.Data;
using FlowMeter.Learning.Training;

namespace FlowMeter.Tests.Learning.Training;

/// <summary>
/// L-BFGS on designs of bins, which are beyond the size whose Hessian it factors: the same optimum as exact Newton steps on the design
/// written out, in a bounded number of iterations.
/// </summary>
public sealed class BinnedSolverTests
{
    [Theory]
    [InlineData(1, 64, 0.1, 60)]
    [InlineData(2, 64, 1, 90)]
    [InlineData(3, 64, 10, 170)]
    [InlineData(4, 100, 1, 100)]
    public void The_objective_is_that_of_exact_second_order_steps(int seed, int bins, double c, int most)
    {
        DataSet data = TrainingData.Random(seed, 900, 9);
        Design design = TrainingData.Design(data, $"bins:{bins}");
        Assert.True(design.Parameters > 200, $"{design.Parameters} parameters, expected more than the solver factors");
        Fit fit = LbfgsSolver.Solve(new LogisticProblem(design, data.Positive, (1, 2.5), c, Penalty.L2));
        Assert.True(fit.Converged && fit.Iterations <= most, $"{fit.Iterations} iterations, gradient {fit.Violation}");
        Assert.Equal(NewtonObjective(TrainingData.WrittenOut(design), data.Positive, (1, 2.5), c), fit.Objective, 1e-10 * fit.Objective);
    }

    [Fact]
    public void Joined_columns_stand_for_the_bins_of_each()
    {
        DataSet data = TrainingData.Random(7, 700, 9);
        int[] rows = data.AllRows();
        FittedInput[] inputs = FittedInput.Fit(
            data, [.. Enumerable.Range(0, 9)], rows, name => TransformChoice.Parse(name[^1] is '4' ? "log1p" : "bins:40")!.Value);
        Design design = Design.Create(data, rows, inputs);
        double[][] written = TrainingData.WrittenOut(design);
        double[] values = [.. Enumerable.Range(0, design.Length).Select(row => row < 700 ? Math.Sin(row) : 0)];
        double[] sums = new double[design.Parameters + 1];
        design.Transposed(values, sums);
        for (int row = 0; row < 700; row++)
        {
            for (int input = 0; input < inputs.Length; input++)
            {
                if (inputs[input].Edges.Length > 0)
                {
                    double[] indicators = written[row][design.FirstParameters[input]..][..inputs[input].Parameters];
                    int bin = QuantileBins.BinOf(inputs[input].Edges, data.Columns[input][row]);
                    Assert.Equal(Enumerable.Range(0, indicators.Length).Select(i => i == bin ? 1.0 : 0), indicators);
                }
            }
        }

        for (int j = 0; j < sums.Length; j++)
        {
            Assert.Equal(Enumerable.Range(0, 700).Sum(row => values[row] * written[row][j]), sums[j], 1e-11);
        }
    }

    /// <summary>The least objective, by damped Newton steps with the whole Hessian until the gradient is rounding.</summary>
    private static double NewtonObjective(double[][] x, bool[] positive, (double Benign, double Malicious) weights, double c)
    {
        int n = x[0].Length;
        double[] point = new double[n];
        double value = Objective(point);
        for (int iteration = 0; iteration < 60; iteration++)
        {
            double[] step = new double[n];
            double[][] hessian = [.. Enumerable.Range(0, n).Select(_ => new double[n])];
            for (int i = 0; i < x.Length; i++)
            {
                (double sign, double weight, double z) = Row(i, point);
                double chance = 1 / (1 + Math.Exp(-z));
                int[] present = [.. Enumerable.Range(0, n).Where(j => x[i][j] != 0)];
                foreach (int j in present)
                {
                    step[j] += weight * sign / (1 + Math.Exp(sign * z)) * x[i][j];
                    foreach (int k in present)
                    {
                        hessian[j][k] += weight * chance * (1 - chance) * x[i][j] * x[i][k];
                    }
                }
            }

            for (int j = 0; j < n; j++)
            {
                step[j] -= j < n - 1 ? point[j] : 0;
                hessian[j][j] += j < n - 1 ? 1 : 0;
            }

            if (step.Max(Math.Abs) < 1e-9)
            {
                break;
            }

            new Cholesky(hessian).Solve(step);
            double share = 1;
            double[] next = point;
            for (double least = double.PositiveInfinity; share > 1e-9 && !(least <= value); share /= 2)
            {
                next = [.. point.Zip(step, (p, s) => p + (share * s))];
                least = Objective(next);
            }

            point = next;
            value = Objective(point);
        }

        return value;

        (double Sign, double Weight, double Z) Row(int i, double[] at) => (
            positive[i] ? 1 : -1, c * (positive[i] ? weights.Malicious : weights.Benign),
            x[i].Zip(at).Sum(pair => pair.First * pair.Second));

        double Objective(double[] at) => at[..^1].Sum(w => w * w / 2) + Enumerable.Range(0, x.Length).Sum(i =>
        {
            (double sign, double weight, double z) = Row(i, at);
            return weight * Math.Log(1 + Math.Exp(-sign * z));
        });
    }
}
