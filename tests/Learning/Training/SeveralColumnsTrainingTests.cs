using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;
using FlowMeter.Learning.Evaluation;
using FlowMeter.Learning.Training;

namespace FlowMeter.Tests.Learning.Training;

/// <summary>
/// Pairs and hashed sizes in training: what they learn that single features do not, by the rows that they are given alone.
/// </summary>
public sealed class SeveralColumnsTrainingTests
{
    [Fact]
    public void A_pair_learns_what_neither_feature_says_alone()
    {
        DataSet data = Crossed(1500);
        GridPoint point = new("all", TransformChoice.Parse("bins:16")!.Value, Penalty.L2, ClassWeight.None, 1);
        Assert.InRange(Area(data, point, new TrainingOptions()), 0.4, 0.65);
        Assert.InRange(Area(data, point with { Pairs = 1 }, new TrainingOptions()), 0.95, 1);
    }

    [Fact]
    public void The_pair_of_most_gain_is_chosen_first()
    {
        DataSet data = Crossed(1500);
        int[] rows = data.AllRows();
        FittedInput[] additive = FittedInput.Fit(data, [0, 1, 2, 3], rows, _ => TransformChoice.Parse("bins:16")!.Value);
        FittedInput[] chosen = [.. PairSelection.Choose(data, rows, additive, [0, 1, 2, 3], 3, CancellationToken.None)];
        Assert.Equal(3, chosen.Length);
        Assert.Equal((1, 3), (chosen[0].Feature, chosen[0].Second));
        Assert.All(
            chosen, pair => Assert.True(pair.Edges.Length < PairSelection.MaxBins && pair.SecondEdges.Length < PairSelection.MaxBins));
    }

    [Fact]
    public void Flows_that_are_not_trained_with_choose_no_pair()
    {
        DataSet data = Crossed(1500);
        int[] rows = [.. data.AllRows().Where(row => row % 3 != 0)];
        DataSet other = Crossed(1500, row => row % 3 == 0);
        GridPoint point = new("all", TransformChoice.Parse("bins:16")!.Value, Penalty.L2, ClassWeight.None, 1, 2);
        TrainingOptions options = new();
        FittedInput[] inputs = Learner.Prepare(data, [0, 1, 2, 3], rows, point, options);
        FittedInput[] others = Learner.Prepare(other, [0, 1, 2, 3], rows, point, options);
        Assert.Equal(
            inputs.Select(input => (input.Name, input.Second, string.Join(' ', input.Edges), string.Join(' ', input.Cells))),
            others.Select(input => (input.Name, input.Second, string.Join(' ', input.Edges), string.Join(' ', input.Cells))));
    }

    [Fact]
    public void Hashed_sizes_learn_the_order_of_sizes()
    {
        DataSet data = Turns(900);
        GridPoint point = new("all", TransformChoice.Parse("bins:8")!.Value, Penalty.L2, ClassWeight.None, 1);
        Assert.InRange(Area(data, point, new TrainingOptions()), 0.4, 0.8);
        Assert.InRange(Area(data, point, new TrainingOptions { HashesSizes = true }), 0.97, 1);
    }

    [Theory]
    [InlineData(Penalty.L2)]
    [InlineData(Penalty.L1)]
    public void The_model_scores_as_its_design_does(Penalty penalty)
    {
        DataSet data = Turns(400);
        int[] features = [.. Enumerable.Range(0, 11)];
        int[] train = [.. data.AllRows().Where(row => row % 4 != 0)];
        GridPoint point = new("all", TransformChoice.Parse("bins:8")!.Value, penalty, ClassWeight.None, 1, 3);
        TrainingOptions options = new() { HashesSizes = true };
        (Model model, Fit fit) = Learner.Learn(data, features, train, point, options);
        Assert.True(fit.Converged, $"gradient {fit.Violation}");
        Assert.Equal(3, model.Features.Count(feature => feature.Transform == Transform.Pairs));
        Assert.Single(model.Features, feature => feature.Transform == Transform.Hash);

        // All rows, also those whose cells and n-grams no training row had.
        Design design = Design.Create(data, data.AllRows(), Learner.Prepare(data, features, train, point, options));
        double[] margins = new double[design.Length];
        design.Margins(fit.Parameters, margins);
        double[] scores = ScoredFlows.Score(model, data);
        Assert.All(data.AllRows(), row => Assert.Equal(1 / (1 + Math.Exp(-margins[row])), scores[row], 1e-12));
    }

    [Fact]
    public void The_Hessian_counts_n_grams_that_a_flow_has_twice()
    {
        DataSet data = Turns(120);
        int[] rows = data.AllRows();
        Design design = Design.Create(data, rows, [HashedSizes.Fit(data, rows)]);
        double[][] x = TrainingData.WrittenOut(design);
        Assert.Contains(x, row => row[..^1].Any(count => count > 1));
        double[] curvatures = [.. Enumerable.Range(0, design.Length).Select(row => row < design.Rows ? 0.1 + (row % 5) : 0)];
        double[] diagonal = new double[design.Parameters + 1];
        double[] column = new double[design.Parameters + 1];
        double[] scratch = new double[design.Length];
        design.HessianDiagonal(curvatures, diagonal, scratch);
        for (int j = 0; j <= design.Parameters; j++)
        {
            design.HessianColumn(j, curvatures, column, scratch);
            Assert.Equal(Enumerable.Range(0, design.Rows).Sum(i => curvatures[i] * x[i][j] * x[i][j]), diagonal[j], 1e-9);
            Assert.Equal(diagonal[j], column[j], 1e-9);
            int other = j * 7 % (design.Parameters + 1);
            Assert.Equal(Enumerable.Range(0, design.Rows).Sum(i => curvatures[i] * x[i][j] * x[i][other]), column[other], 1e-9);
        }
    }

    [Fact]
    public void Numbers_of_pairs_are_a_grid() =>
        Assert.Equal(
            [0, 0, 5, 5],
            new TrainingOptions { Pairs = [5, 0], Cs = [1, 2], Transforms = [new(Transform.Bins, 8)] }.Grid().Select(p => p.Pairs));

    /// <summary>The ROC area on the second half of a model of the first half.</summary>
    private static double Area(DataSet data, GridPoint point, TrainingOptions options)
    {
        int[] train = [.. data.AllRows().Where(row => row % 2 == 0)];
        int[] test = [.. data.AllRows().Where(row => row % 2 == 1)];
        Model model = Learner.Learn(data, [.. Enumerable.Range(0, data.Features.Count)], train, point, options).Model;
        return Ranking.Area(ScoredFlows.Score(model, data, test), Array.ConvertAll(test, row => data.Positive[row]));
    }

    /// <summary>Four features of which the second and the last together say all; some rows with the other label.</summary>
    private static DataSet Crossed(int count, Func<int, bool>? isOpposite = null)
    {
        Random random = new(5);
        double[][] rows = [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, 4).Select(_ => random.NextDouble()).ToArray())];
        return TrainingData.Of(rows, [.. rows.Select((row, i) => (row[1] > 0.5 != row[3] > 0.5) != (isOpposite?.Invoke(i) ?? false))]);
    }

    /// <summary>
    /// Flows of ten sizes, two of them of 400 bytes, and a column of noise. Where these two are neighbours, wherever that is, the flow is
    /// malicious.
    /// </summary>
    private static DataSet Turns(int count)
    {
        Random random = new(6);
        double[][] rows = new double[count][];
        bool[] positive = new bool[count];
        for (int i = 0; i < count; i++)
        {
            positive[i] = i % 3 == 0;
            int at = random.Next(positive[i] ? 9 : 7);
            int other = positive[i] ? at + 1 : at + 2 + random.Next(8 - at);
            rows[i] =
            [
                .. Enumerable.Range(0, 10).Select(k => k == at || k == other ? 400 : random.Next(2) == 0 ? 25 : -1400.0),
                random.NextDouble(),
            ];
        }

        return TrainingData.Of(rows, positive) with { Features = [.. HashedSizes.Columns, "noise"] };
    }
}
