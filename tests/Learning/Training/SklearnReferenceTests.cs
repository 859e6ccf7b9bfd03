using System.Text.Json;
using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;
using FlowMeter.Learning.Evaluation;
using FlowMeter.Learning.Training;
using FlowMeter.Tests.Rules;

namespace FlowMeter.Tests.Learning.Training;

/// <summary>Solutions that scikit-learn found for small problems; scripts/compare-sklearn --reference writes them.</summary>
public sealed class SklearnReferenceTests
{
    [Fact]
    public void Weights_objective_and_ROC_area_are_those_of_scikit_learn()
    {
        using JsonDocument document = JsonDocument.Parse(SourceTree.Read("tests/Learning/Training/sklearn-reference.json"));
        double[][] rows = [];
        bool[] positive = [];
        int problems = 0;
        foreach (JsonElement problem in document.RootElement.EnumerateArray())
        {
            if (problem.GetProperty("rows").ValueKind == JsonValueKind.Array)
            {
                rows = [.. problem.GetProperty("rows").EnumerateArray().Select(Numbers)];
                positive = [.. Numbers(problem.GetProperty("labels")).Select(label => label == 1)];
            }

            // The reference's rows are standardised already; standardising them again would move the seventh digit.
            DataSet data = TrainingData.Of(rows, positive);
            FittedInput[] inputs =
                [.. data.Features.Select((name, feature) => new FittedInput(feature, name, Transform.Identity, 0, 1, []))];
            Design design = Design.Create(data, data.AllRows(), inputs);
            Penalty penalty = problem.GetProperty("penalty").GetString() == "l1" ? Penalty.L1 : Penalty.L2;
            (double, double) weights = ClassWeight.Parse(problem.GetProperty("class_weight").GetString()!)!.For(data.Count, data.Positives);
            LogisticProblem stated = new(design, positive, weights, problem.GetProperty("c").GetDouble(), penalty);
            Fit fit = penalty == Penalty.L2 ? LbfgsSolver.Solve(stated) : ProximalNewtonSolver.Solve(stated);
            double objective = problem.GetProperty("objective").GetDouble();
            Assert.True(fit.Converged);
            Assert.InRange(fit.Objective, 0, objective * (1 + 1e-6));
            Assert.InRange(fit.Objective, objective * (1 - 1e-5), double.PositiveInfinity);
            Assert.All(
                fit.Parameters[..^1].Zip(Numbers(problem.GetProperty("weights"))), pair => Assert.Equal(pair.Second, pair.First, 1e-3));
            Assert.Equal(problem.GetProperty("intercept").GetDouble(), fit.Parameters[^1], 1e-3);
            double[] margins = new double[design.Length];
            design.Margins(fit.Parameters, margins);
            Assert.Equal(problem.GetProperty("roc_area").GetDouble(), Ranking.Area(margins[..design.Rows], positive), 1e-4);
            problems++;
        }

        Assert.Equal(33, problems);
    }

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetDouble())];
}
