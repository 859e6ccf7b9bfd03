using FlowMeter.Learning.Data;
using FlowMeter.Learning.Training;


namespace FlowMeter.Tests.Learning.Training;

/// <summary>
/// The solvers' points are optima by definition: gradients and subgradients summed up row by row, from the design written out.
/// </summary>
public sealed class SolverTests
{
    [Theory]
    [InlineData(1, "identity", 0.01)]
    [InlineData(2, "identity", 100)]
    [InlineData(3, "log1p", 1)]
    [InlineData(4, "bins:5", 1)]
    [InlineData(5, "bins:20", 10)]
    [InlineData(6, "bins:64", 0.1)]
    public void The_gradient_at_the_l2_optimum_is_zero(int seed, string transform, double c)
    {
        DataSet data = TrainingData.Random(seed, 300, 5);
        Design design = TrainingData.Design(data, transform);
        LogisticProblem problem = new(design, data.Positive, (1, 2.5), c, Penalty.L2);
        Fit fit = LbfgsSolver.Solve(problem);
        (double objective, double[] gradient) = BruteForce(design, data.Positive, (1, 2.5), c, fit.Parameters);
        Assert.True(fit.Converged, $"{fit.Iterations} iterations, gradient {fit.Violation}");
        for (int j = 0; j < gradient.Length; j++)
        {
            double full = gradient[j] + (j < gradient.Length - 1 ? fit.Parameters[j] : 0);
            Assert.InRange(Math.Abs(full), 0, 2e-5);
        }

        Assert.Equal(objective + fit.Parameters[..^1].Sum(w => w * w / 2), fit.Objective, 1e-9 * fit.Objective);
    }

    [Theory]
    [InlineData(1, "identity", 0.01)]
    [InlineData(2, "identity", 100)]
    [InlineData(3, "log1p", 1)]
    [InlineData(4, "bins:5", 1)]
    [InlineData(5, "bins:20", 10)]
    public void The_l1_optimum_meets_the_Karush_Kuhn_Tucker_conditions(int seed, string transform, double c)
    {
        DataSet data = TrainingData.Random(seed, 300, 5);
        Design design = TrainingData.Design(data, transform);
        Fit fit = ProximalNewtonSolver.Solve(new LogisticProblem(design, data.Positive, (1, 2.5), c, Penalty.L1));
        (double objective, double[] gradient) = BruteForce(design, data.Positive, (1, 2.5), c, fit.Parameters);
        Assert.True(fit.Converged, $"{fit.Iterations} iterations, subgradient {fit.Violation}");
        Assert.InRange(Math.Abs(gradient[^1]), 0, 2e-5);
        for (int j = 0; j < gradient.Length - 1; j++)
        {
            double weight = fit.Parameters[j];
            Assert.InRange(
                weight == 0 ? Math.Abs(gradient[j]) - 1 : Math.Abs(gradient[j] + Math.Sign(weight)), double.NegativeInfinity, 2e-5);
        }

        Assert.Equal(objective + fit.Parameters[..^1].Sum(Math.Abs), fit.Objective, 1e-9 * fit.Objective);
    }

    [Theory]
    [InlineData(Penalty.L2)]
    [InlineData(Penalty.L1)]
    public void Where_a_solver_begins_does_not_matter(Penalty penalty)
    {
        DataSet data = TrainingData.Random(9, 400, 6);
        Design design = TrainingData.Design(data, "identity");
        LogisticProblem problem = new(design, data.Positive, (1, 1), 1, penalty);
        double[] far = [.. Enumerable.Range(0, problem.Dimension).Select(j => j % 2 == 0 ? 5.0 : -5.0)];
        Fit near = penalty == Penalty.L2 ? LbfgsSolver.Solve(problem) : ProximalNewtonSolver.Solve(problem);
        Fit again = penalty == Penalty.L2 ? LbfgsSolver.Solve(problem, far) : ProximalNewtonSolver.Solve(problem, far);
        Assert.Equal(near.Objective, again.Objective, 1e-10 * near.Objective);
        Assert.All(near.Parameters.Zip(again.Parameters), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void Classes_that_a_line_parts_still_have_an_optimum()
    {
        double[][] rows = [.. Enumerable.Range(0, 40).Select(i => new[] { i < 20 ? -1.0 - i : i })];
        DataSet data = TrainingData.Of(rows, [.. Enumerable.Range(0, 40).Select(i => i >= 20)]);
        Design design = TrainingData.Design(data, "identity");
        foreach (double c in new[] { 1e-6, 1, 1e6 })
        {
            Assert.True(LbfgsSolver.Solve(new LogisticProblem(design, data.Positive, (1, 1), c, Penalty.L2)).Converged, $"l2, C {c}");
            Assert.True(
                ProximalNewtonSolver.Solve(new LogisticProblem(design, data.Positive, (1, 1), c, Penalty.L1)).Converged, $"l1, C {c}");
        }
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(1)]
    [InlineData(1000)]
    public void Columns_that_sum_up_to_one_another_leave_l1_with_an_optimum_that_is_found(double c)
    {
        DataSet data = TrainingData.Random(11, 500, 6);
        double[][] rows = [.. data.AllRows().Select(
            row => data.Columns.Select(column => column[row]).Append(data.Columns[0][row] + data.Columns[2][row])
                .Append(data.Columns[1][row] * 2).ToArray())];
        Design design = TrainingData.Design(TrainingData.Of(rows, data.Positive), "identity");
        Fit fit = ProximalNewtonSolver.Solve(new LogisticProblem(design, data.Positive, (1, 1), c, Penalty.L1));
        Assert.True(fit.Converged && fit.Iterations < 60, $"{fit.Iterations} iterations, subgradient {fit.Violation}");
    }

    [Fact]
    public void A_Hessian_column_is_that_of_the_written_out_design()
    {
        DataSet data = TrainingData.Random(3, 100, 5);
        int[] rows = data.AllRows();
        FittedInput[] inputs = FittedInput.Fit(
            data, [0, 1, 2, 3, 4], rows, name => TransformChoice.Parse(name[^1] is '0' or '3' ? "identity" : "bins:4")!.Value);
        Design design = Design.Create(data, rows, inputs);
        double[][] x = TrainingData.WrittenOut(design);
        double[] curvatures = new double[design.Length];
        for (int i = 0; i < design.Rows; i++)
        {
            curvatures[i] = 0.1 + (i % 5);
        }

        double[] column = new double[design.Parameters + 1];
        double[] diagonal = new double[design.Parameters + 1];
        double[] scratch = new double[design.Length];
        design.HessianDiagonal(curvatures, diagonal, scratch);
        for (int j = 0; j <= design.Parameters; j++)
        {
            design.HessianColumn(j, curvatures, column, scratch);
            for (int k = 0; k <= design.Parameters; k++)
            {
                Assert.Equal(Enumerable.Range(0, design.Rows).Sum(i => curvatures[i] * x[i][j] * x[i][k]), column[k], 1e-9);
            }

            Assert.Equal(column[j], diagonal[j], 1e-9);
        }
    }

    [Fact]
    public void A_solver_that_is_stopped_by_rounding_says_so_only_where_the_gradient_is_large()
    {
        DataSet data = TrainingData.Random(2, 200, 4);
        Design design = TrainingData.Design(data, "identity");
        Fit fit = LbfgsSolver.Solve(new LogisticProblem(design, data.Positive, (1, 1), 1e9, Penalty.L2));
        Assert.Equal(fit.Converged, fit.Violation <= 10 * new LogisticProblem(design, data.Positive, (1, 1), 1e9, Penalty.L2).Tolerance);
    }

    /// <summary>The loss and its gradient by the textbook, a row and a column at a time.</summary>
    private static (double Loss, double[] Gradient) BruteForce(
        Design design, bool[] positive, (double Benign, double Malicious) weights, double c, double[] parameters)
    {
        double[][] x = TrainingData.WrittenOut(design);
        double loss = 0;
        double[] gradient = new double[parameters.Length];
        for (int i = 0; i < x.Length; i++)
        {
            double z = x[i].Zip(parameters).Sum(pair => pair.First * pair.Second);
            double sign = positive[i] ? 1 : -1;
            double weight = c * (positive[i] ? weights.Malicious : weights.Benign);
            loss += weight * Math.Log(1 + Math.Exp(-sign * z));
            double slope = -weight * sign / (1 + Math.Exp(sign * z));
            for (int j = 0; j < gradient.Length; j++)
            {
                gradient[j] += slope * x[i][j];
            }
        }

        return (loss, gradient);
    }
}
