using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;
using FlowMeter.Learning.Evaluation;
using FlowMeter.Learning.Training;

namespace FlowMeter.Tests.Learning.Training;

/// <summary>What gives the figures has seen nothing of the flows that they are of.</summary>
public sealed class NestedValidationTests
{
    private static readonly TrainingOptions s_options = new()
    {
        Groups = ["sizes", "rates", FeatureGroup.All],
        Transforms = [TransformChoice.Parse("bins:4")!.Value, TransformChoice.Parse("bins:8")!.Value],
        Cs = [0.01, 1],
    };

    /// <summary>
    /// Feature 1 tells the class of the flows of one fold, which is small, and is noise elsewhere; feature 0 tells a little everywhere. A
    /// choice that saw the fold would take feature 1 for it.
    /// </summary>
    [Fact]
    public void A_leak_in_the_fold_outside_changes_neither_choice_nor_model()
    {
        (DataSet data, int[] foldOf) = Leaky(leaks: true);
        (DataSet without, _) = Leaky(leaks: false);
        NestedValidation leaky = new(data, foldOf, SplitBy.Capture, s_options, default);
        NestedValidation clean = new(without, foldOf, SplitBy.Capture, s_options, default);
        double[] scores = leaky.Run(_ => { });
        clean.Run(_ => { });
        FoldModel fold = leaky.Models.Single(model => model.Fold == 3);
        Assert.Equal(clean.Models.Single(model => model.Fold == 3).Point, fold.Point);
        Assert.Equal(Written(clean.Models.Single(model => model.Fold == 3).Model), Written(fold.Model));
        Assert.Equal("sizes", fold.Point.Features);

        // The other folds have seen it, and do fall for it.
        Assert.Contains(leaky.Models, model => model.Fold != 3 && !Written(model.Model).SequenceEqual(
            Written(clean.Models.Single(other => other.Fold == model.Fold).Model)));
        int[] rows = [.. data.AllRows().Where(row => foldOf[row] == 3)];
        Assert.InRange(Ranking.Area(Pick(scores, rows), Pick(data.Positive, rows)), 0.3, 0.95);
    }

    /// <summary>Whatever the flows of a fold are, labels included, nothing that scores them is another.</summary>
    [Theory]
    [InlineData(SplitBy.Capture)]
    [InlineData(SplitBy.Flow)]
    [InlineData(SplitBy.Time)]
    public void Other_flows_in_a_fold_leave_its_model_as_it_was(SplitBy by)
    {
        DataSet data = TrainingData.Random(8, 420, 5);
        int[] foldOf = Folds.Assign(data, data.AllRows(), Folds.Equal(3), by, 1);
        TrainingOptions options = s_options with { Groups = [FeatureGroup.All, "counts"] };
        NestedValidation before = new(data, foldOf, by, options, default);
        before.Run(_ => { });
        for (int fold = 0; fold < 3; fold++)
        {
            DataSet other = data with
            {
                Positive = [.. data.Positive.Select((positive, row) => foldOf[row] == fold ? !positive : positive)],
                Columns = [.. data.Columns.Select(
                    column => column.Select((value, row) => foldOf[row] == fold ? double.PositiveInfinity : value).ToArray())],
            };
            NestedValidation after = new(other, foldOf, by, options, default);
            after.Run(_ => { });
            Assert.Equal(before.Models[fold].Point, after.Models[fold].Point);
            Assert.Equal(Written(before.Models[fold].Model), Written(after.Models[fold].Model));
        }
    }

    [Fact]
    public void A_fold_without_which_one_class_is_missing_has_no_scores()
    {
        DataSet data = TrainingData.Random(8, 200, 3);
        int[] foldOf = Array.ConvertAll(data.Positive, positive => positive ? 0 : 1);
        NestedValidation nested = new(data, foldOf, SplitBy.Flow, s_options, default);
        Assert.All(nested.Run(_ => { }), score => Assert.True(double.IsNaN(score)));
        Assert.Empty(nested.Models);
    }

    [Fact]
    public void Figures_and_their_protocol_are_those_of_the_nested_validation()
    {
        TrainingResult result = Trainer.Train(
            TrainingData.Random(9, 400, 5), ["t"], s_options with { Groups = [FeatureGroup.All], Folds = 3, SplitBy = SplitBy.Capture },
            _ => { }, _ => { });
        Assert.StartsWith("nested", result.CrossValidation.Protocol, StringComparison.Ordinal);
        Assert.StartsWith("the final model on flows", result.HeldOut!.Protocol, StringComparison.Ordinal);
        Assert.Equal(3, result.Choices.Count);
        Assert.Equal(4, result.Grid.Count);
    }

    [Fact]
    public void The_first_point_within_a_standard_error_of_the_best_is_chosen()
    {
        GridScore Score(double c, params double[] areas) =>
            new(new GridPoint(FeatureGroup.All, TransformChoice.Auto[0], Penalty.L2, ClassWeight.None, c), areas, 0);

        // The best has a mean of 0.9, a deviation of 0.0283 and, of five folds, a standard error of half of it.
        GridScore best = Score(3, 0.86, 0.88, 0.9, 0.92, 0.94);
        Assert.Equal(0.9, best.Mean, 1e-12);
        Assert.Equal(0.0141421356, best.StandardError, 1e-9);
        GridScore near = Score(2, 0.887);
        GridScore far = Score(1, 0.885);
        Assert.Same(near, GridChoice.Choose([far, near, best]));
        Assert.Same(best, GridChoice.Choose([far, best, near]));
        Assert.Same(far, GridChoice.Choose([Score(0), far]));
        Assert.Null(GridChoice.Choose([Score(0), Score(1)]));
    }

    [Fact]
    public void Groups_of_captures_stay_together_and_too_few_of_a_class_are_said()
    {
        DataSet data = TrainingData.Random(2, 400, 3);
        data = data with { Group = Array.ConvertAll(data.Capture, capture => capture / 2) };
        int[] fold = Folds.Assign(data, data.AllRows(), Folds.Equal(3), SplitBy.Capture, 1);
        Assert.All(data.Group.Zip(fold).GroupBy(pair => pair.First), group => Assert.Single(group.Select(pair => pair.Second).Distinct()));
        Assert.Equal("groups of captures", Train(data, SplitBy.Capture).CrossValidation.Resampled);

        DataSet twins = data with { Group = Array.ConvertAll(data.Positive, positive => positive ? 0 : 1) };
        Assert.Contains(
            "of 2 groups of captures that share flows, 1 have malicious flows and 1 benign ones",
            Assert.Throws<DataException>(() => Train(twins, SplitBy.Capture)).Message, StringComparison.Ordinal);
        Assert.Equal(SplitBy.Flow, Train(twins, null).SplitBy);
    }

    private static TrainingResult Train(DataSet data, SplitBy? by) => Trainer.Train(
        data, ["t"], s_options with { Groups = [FeatureGroup.All], SplitBy = by, Folds = 3 }, _ => { }, _ => { });

    private static (DataSet Data, int[] FoldOf) Leaky(bool leaks)
    {
        Random random = new(5);
        int[] capture = [.. Enumerable.Range(0, 480).Select(row => row / 20)];
        int[] foldOf = Array.ConvertAll(capture, number => number % 4);
        bool[] positive = [.. capture.Select((_, row) => row % 2 == 0)];
        double[][] rows = [.. positive.Select(each => new[] { random.NextDouble() + (each ? 0.35 : 0), random.NextDouble() })];
        for (int row = 0; leaks && row < rows.Length; row++)
        {
            rows[row][1] = foldOf[row] != 3 ? rows[row][1] : positive[row] ? 1 : 0;
        }

        DataSet data = TrainingData.Of(rows, positive, capture);
        return (data with { Features = ["size_mean", "bytes_per_us"] }, foldOf);
    }

    private static T[] Pick<T>(T[] values, int[] rows) => Array.ConvertAll(rows, row => values[row]);

    private static byte[] Written(Model model)
    {
        using MemoryStream stream = new();
        ModelJson.Write(model, stream);
        return stream.ToArray();
    }
}
