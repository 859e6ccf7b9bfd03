using FlowMeter.Learning.Data;
using FlowMeter.Learning.Training;


namespace FlowMeter.Tests.Learning.Training;

public sealed class FoldsTests
{
    [Fact]
    public void No_capture_is_on_both_sides_and_both_classes_are_spread()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            Random random = new(seed);
            int captures = random.Next(10, 60);
            int[] capture = [.. Enumerable.Range(0, 600).Select(_ => random.Next(captures))];
            bool[] positive = [.. capture.Select(number => number % 3 == 0)];
            DataSet data = TrainingData.Of([.. capture.Select(_ => new[] { 0.0 })], positive, capture);
            int[] fold = Folds.Assign(data, data.AllRows(), Folds.Equal(5), SplitBy.Capture, (ulong)seed);
            Assert.All(capture.Zip(fold).GroupBy(pair => pair.First), group => Assert.Single(group.Select(pair => pair.Second).Distinct()));
            Assert.Equal([0, 1, 2, 3, 4], fold.Distinct().Order());
            Assert.All(fold.Distinct(), number =>
            {
                if (captures >= 30)
                {
                    Assert.Contains(true, positive.Where((_, row) => fold[row] == number));
                    Assert.Contains(false, positive.Where((_, row) => fold[row] == number));
                }
            });
            Assert.Equal(fold, Folds.Assign(data, data.AllRows(), Folds.Equal(5), SplitBy.Capture, (ulong)seed));
        }
    }

    [Fact]
    public void Pieces_of_time_are_consecutive_in_each_capture()
    {
        int[] capture = [0, 1, 0, 1, 0, 0, 0];
        long[] times = [50, 2, 10, 1, 30, 20, 40];
        DataSet data = TrainingData.Of([.. capture.Select(_ => new[] { 0.0 })], new bool[7], capture, times);

        // Capture 0 in order of time: rows 2, 5, 4, 6, 0; the first 60 % are three of them. Capture 1: rows 3, 1; one of them.
        Assert.Equal([1, 1, 0, 0, 0, 0, 1], Folds.Assign(data, data.AllRows(), [0.6, 0.4], SplitBy.Time, 1));
    }

    [Fact]
    public void Single_flows_are_spread_by_class()
    {
        bool[] positive = [.. Enumerable.Range(0, 100).Select(row => row < 20)];
        DataSet data = TrainingData.Of([.. positive.Select(_ => new[] { 0.0 })], positive);
        int[] fold = Folds.Assign(data, data.AllRows(), Folds.Equal(5), SplitBy.Flow, 1);
        for (int number = 0; number < 5; number++)
        {
            Assert.Equal(4, Enumerable.Range(0, 100).Count(row => fold[row] == number && positive[row]));
            Assert.Equal(16, Enumerable.Range(0, 100).Count(row => fold[row] == number && !positive[row]));
        }

        Assert.NotEqual(fold, Folds.Assign(data, data.AllRows(), Folds.Equal(5), SplitBy.Flow, 2));
    }

    [Fact]
    public void Thinning_keeps_flows_evenly_spread_over_each_capture()
    {
        DataSet data = TrainingData.Of(
            [.. Enumerable.Range(0, 13).Select(_ => new[] { 0.0 })], new bool[13],
            [.. Enumerable.Range(0, 13).Select(row => row < 10 ? 0 : 1)]);
        Assert.Equal([0, 2, 4, 6, 8, 10, 11, 12], data.Thinned(5));
    }
}
