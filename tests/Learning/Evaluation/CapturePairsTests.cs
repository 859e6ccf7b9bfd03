using FlowMeter.Learning.Data;
using FlowMeter.Learning.Evaluation;
using FlowMeter.Tests.Learning.Training;

namespace FlowMeter.Tests.Learning.Evaluation;

/// <summary>Figures within captures, and the anchor, against a plain count.</summary>
public sealed class CapturePairsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Pairs_of_one_capture_are_those_of_a_plain_count(int seed)
    {
        (ScoredFlows flows, int[] capture) = Some(seed);
        bool[] positive = flows.Data.Positive;
        double won = 0;
        double pairs = 0;
        double pooledWon = 0;
        double pooledPairs = 0;
        HashSet<int> mixed = [.. capture.Where(
            number => capture.Zip(positive).Where(pair => pair.First == number).Select(pair => pair.Second).Distinct().Count() == 2)];
        for (int i = 0; i < positive.Length; i++)
        {
            for (int j = 0; j < positive.Length; j++)
            {
                if (positive[i] && !positive[j] && mixed.Contains(capture[i]) && mixed.Contains(capture[j]))
                {
                    double point = flows.Scores[i] > flows.Scores[j] ? 1 : flows.Scores[i] == flows.Scores[j] ? 0.5 : 0;
                    pooledWon += point;
                    pooledPairs++;
                    won += capture[i] == capture[j] ? point : 0;
                    pairs += capture[i] == capture[j] ? 1 : 0;
                }
            }
        }

        (double ofPairs, double pooled) = new CapturePairs(flows).Areas(null, drawsCaptures: true);
        Assert.Equal(won / pairs, ofPairs, 1e-12);
        Assert.Equal(pooledWon / pooledPairs, pooled, 1e-12);
        EvaluationResult result = Evaluator.Evaluate("test", flows, 0.5, "given", null, 1);
        Assert.Equal(ofPairs, result["pair_roc_area"].Value!.Value, 1e-15);
        Assert.Equal(pooled, result["pooled_roc_area"].Value!.Value, 1e-15);
        Assert.True(result["pair_roc_area"].Low <= ofPairs && ofPairs <= result["pair_roc_area"].High);
        int[] rows = [.. flows.Data.AllRows().Where(row => mixed.Contains(capture[row]))];
        Assert.Equal(
            new MixedCaptures(mixed.Count, rows.Count(row => !positive[row]), rows.Count(row => positive[row])), result.Within);
    }

    [Fact]
    public void A_capture_drawn_twice_has_its_pairs_twice_and_a_flow_drawn_twice_is_there_twice()
    {
        (ScoredFlows flows, int[] capture) = Some(6);
        int[] captureTimes = [2, 0, 1, 3, 1, 2, 0, 1];
        int[] times = Array.ConvertAll(capture, number => captureTimes[number]);
        List<int> drawn = [];
        List<int> captureOfDrawn = [];
        for (int number = 0; number < captureTimes.Length; number++)
        {
            for (int copy = 0; copy < captureTimes[number]; copy++)
            {
                int[] rows = [.. flows.Data.AllRows().Where(row => capture[row] == number)];
                drawn.AddRange(rows);
                captureOfDrawn.AddRange(rows.Select(_ => (number * 10) + copy));
            }
        }

        (double pairs, double pooled) = new CapturePairs(flows).Areas(times, drawsCaptures: true);
        (double expected, double expectedPooled) = new CapturePairs(Copy(flows, drawn, [.. captureOfDrawn])).Areas(null, true);
        Assert.Equal(expected, pairs, 1e-12);
        Assert.Equal(expectedPooled, pooled, 1e-12);

        int[] flowTimes = [.. capture.Select((_, row) => row % 3)];
        List<int> flowsDrawn = [.. flowTimes.SelectMany((count, row) => Enumerable.Repeat(row, count))];
        (pairs, _) = new CapturePairs(flows).Areas(flowTimes, drawsCaptures: false);
        (expected, _) = new CapturePairs(Copy(flows, flowsDrawn, [.. flowsDrawn.Select(row => capture[row])])).Areas(null, true);
        Assert.Equal(expected, pairs, 1e-12);
    }

    [Fact]
    public void Where_no_capture_holds_both_classes_there_is_no_figure()
    {
        ScoredFlows flows = new(TrainingData.Of([[1], [2]], [true, false], [0, 1]), [0.9, 0.1], 1);
        EvaluationResult result = Evaluator.Evaluate("test", flows, 0.5, "given", null, 1);
        Assert.Equal((null, null), (result["pair_roc_area"].Value, result["pooled_roc_area"].Value));
        Assert.Equal(new MixedCaptures(0, 0, 0), result.Within);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Benign_flows_cleared_at_a_recall_are_those_below_its_threshold(int seed)
    {
        (ScoredFlows flows, _) = Some(seed);
        bool[] positive = flows.Data.Positive;
        double malicious = positive.Count(each => each);
        double best = flows.Scores.Distinct()
            .Where(threshold => positive.Zip(flows.Scores).Count(pair => pair.First && pair.Second >= threshold) * 100 >= 98 * malicious)
            .Max();
        double cleared = positive.Zip(flows.Scores).Count(pair => !pair.First && pair.Second < best) / (positive.Length - malicious);
        Assert.Equal(cleared, new Ranking(flows.Scores, positive).Areas(null).ClearedAtRecall, 1e-12);
        EvaluationResult result = Evaluator.Evaluate("test", flows, 0.5, "given", null, 1);
        Assert.Equal(cleared, result["benign_cleared_at_recall_0.98"].Value!.Value, 1e-12);
        Assert.True(result["benign_cleared_at_recall_0.98"] is { Low: { } low, High: { } high } && low <= cleared && cleared <= high);
    }

    [Fact]
    public void Of_fifty_malicious_flows_49_are_98_of_100()
    {
        double[] scores = [.. Enumerable.Range(0, 60).Select(i => 1 - (i / 100.0))];

        // The 50th malicious flow is last; the 49th is behind four of the ten benign ones.
        bool[] positive = [.. Enumerable.Range(0, 60).Select(i => i is (< 49 and not 10 and not 20) or 51 or 52 or 59)];
        Assert.Equal(50, positive.Count(each => each));
        Assert.Equal(0.6, new Ranking(scores, positive).Areas(null).ClearedAtRecall, 1e-12);
    }

    [Fact]
    public void Captures_of_one_class_each_are_warned_of()
    {
        const string Words = "the model may learn the network, not the attack";
        bool[] positive = [true, true, false, false];
        double[][] rows = [[1], [2], [3], [4]];
        Assert.Contains("every capture is of one class: " + Words, OneClassWarning.For(TrainingData.Of(rows, positive, [0, 1, 2, 3])));
        Assert.Contains(Words, OneClassWarning.For(TrainingData.Of(rows, positive, [0, 0, 1, 1])));
        Assert.Null(OneClassWarning.For(TrainingData.Of(rows, positive, [0, 1, 1, 2])));
        Assert.Null(OneClassWarning.For(TrainingData.Of(rows, positive)));
        Assert.Null(OneClassWarning.For(TrainingData.Of(rows, [true, true, true, true], [0, 1, 2, 3])));
        DataSet mixed = TrainingData.Of(rows, positive, [0, 1, 1, 2]);
        Assert.Contains("every source is of one class", OneClassWarning.For(mixed with { Source = [0, 0, 1, 1], Sources = ["x", "y"] }));
        Assert.Null(OneClassWarning.For(mixed with { Source = [0, 1, 1, 1], Sources = ["x", "y"] }));
        EvaluationResult result = Evaluator.Evaluate(
            "test", new ScoredFlows(TrainingData.Of(rows, positive, [0, 0, 1, 1]), [1, 1, 0, 0], 1), 0.5, "given", null, 1);
        Assert.Contains(Words, Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    private static ScoredFlows Copy(ScoredFlows flows, List<int> rows, int[] capture) => new(
        TrainingData.Of([.. rows.Select(_ => new[] { 0.0 })], [.. rows.Select(row => flows.Data.Positive[row])], capture),
        [.. rows.Select(row => flows.Scores[row])], 1);

    /// <summary>Flows of eight captures, the first of which is benign and the last malicious; scores with ties.</summary>
    private static (ScoredFlows Flows, int[] Capture) Some(int seed)
    {
        Random random = new(seed);
        int[] capture = [.. Enumerable.Range(0, 200).Select(_ => random.Next(8))];
        bool[] positive = [.. capture.Select(number => number == 7 || (number != 0 && random.Next(3) == 0))];
        double[] scores = [.. positive.Select(each => Math.Round((random.NextDouble() + (each ? 0.3 : 0)) / 1.3, 2))];
        return (new ScoredFlows(TrainingData.Of([.. scores.Select(score => new[] { score })], positive, capture), scores, 1), capture);
    }
}
