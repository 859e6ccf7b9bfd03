using FlowMeter.Learning.Evaluation;
using FlowMeter.Tests.Learning.Training;


namespace FlowMeter.Tests.Learning.Evaluation;

/// <summary>Figures against examples worked by hand.</summary>
public sealed class RankingTests
{
    // Descending: + - + (tie: + -) - : areas below.
    private static readonly double[] s_scores = [0.9, 0.8, 0.7, 0.5, 0.5, 0.1];
    private static readonly bool[] s_positive = [true, false, true, true, false, false];

    [Fact]
    public void The_ROC_area_counts_pairs_and_ties_by_half()
    {
        // 9 pairs: 0.9 beats 3; 0.7 beats 2; 0.5 beats one and ties with one: 6.5.
        Assert.Equal(6.5 / 9, Ranking.Area(s_scores, s_positive), 1e-15);
        Assert.Equal(0.5, Ranking.Area([1, 1, 1, 1], [true, false, true, false]));
        Assert.Equal(1, Ranking.Area([1, 0], [true, false]));
        Assert.True(double.IsNaN(Ranking.Area([1, 0], [true, true])));
    }

    [Fact]
    public void Average_precision_is_the_sum_of_precision_times_gain_in_recall()
    {
        // Recall 1/3 at precision 1; 2/3 at 2/3; 1 at 3/5.
        Assert.Equal((1 + (2.0 / 3) + (3.0 / 5)) / 3, new Ranking(s_scores, s_positive).Areas(null).AveragePrecision, 1e-15);
    }

    [Fact]
    public void Recall_at_a_rate_of_false_positives_is_the_most_that_keeps_it()
    {
        double[] scores = [.. Enumerable.Range(0, 2000).Select(i => 1 - (i / 2000.0))];
        bool[] positive = [.. Enumerable.Range(0, 2000).Select(i => i is < 10 or (>= 11 and < 31) or (>= 45 and < 115))];

        // 1900 benign: one false positive comes at place 10, 15 more before place 45; 1.9 and 19 are borne.
        (_, _, double atPermille, double atPercent, _) = new Ranking(scores, positive).Areas(null);
        Assert.Equal(30.0 / 100, atPermille, 1e-12);
        Assert.Equal(100.0 / 100, atPercent, 1e-12);
    }

    [Fact]
    public void Drawing_a_flow_twice_is_having_it_twice()
    {
        int[] times = [2, 0, 1, 3, 1, 2];
        int[] drawn = [.. times.SelectMany((count, flow) => Enumerable.Repeat(flow, count))];
        Ranking once = new([.. drawn.Select(flow => s_scores[flow])], [.. drawn.Select(flow => s_positive[flow])]);
        Assert.Equal(once.Areas(null), new Ranking(s_scores, s_positive).Areas(times));
    }

    [Fact]
    public void The_confusion_matrix_and_what_follows_from_it()
    {
        ScoredFlows flows = new(TrainingData.Of([.. s_scores.Select(score => new[] { score })], s_positive), s_scores, MinPackets: 1);
        EvaluationResult result = Evaluator.Evaluate("test", flows, 0.5, "given", 0.01, 1);
        double Value(string name) => result[name].Value!.Value;
        Assert.Equal((3, 2, 1, 0), (Value("true_positives"), Value("false_positives"), Value("true_negatives"), Value("false_negatives")));
        Assert.Equal(4.0 / 6, Value("accuracy"), 1e-12);
        Assert.Equal(3.0 / 5, Value("precision"), 1e-12);
        Assert.Equal(1, Value("recall"), 1e-12);
        Assert.Equal(0.75, Value("f1"), 1e-12);
        Assert.Equal((0.01 + 0.64 + 0.09 + 0.25 + 0.25 + 0.01) / 6, Value("brier"), 1e-12);
        Assert.Equal(1.0 / 6, Value("flows_spared"), 1e-12);
        Assert.Equal(0.01 / (0.01 + (0.99 * 2 / 3)), Value("malicious_share_sent_at_prevalence"), 1e-12);
        Assert.Equal("flows", result.Resampled);
        Assert.Equal(result.Flows, result.Calibration.Sum(bin => bin.Flows));
        Assert.Equal(s_scores.Distinct().Count(), result.Curve.Count);
        Assert.Equal((1.0, 1.0), (result.Curve[^1].Recall, result.Curve[^1].FalsePositiveRate));
    }

    [Fact]
    public void Captures_are_what_is_drawn_where_there_are_several_and_one_that_differs_widens_the_interval()
    {
        Random random = new(1);
        double[] scores = [.. Enumerable.Range(0, 400).Select(_ => random.NextDouble())];
        int[] capture = [.. Enumerable.Range(0, 400).Select(row => row / 100)];
        bool[] positive = [.. scores.Select((score, row) => capture[row] == 3 ? score < 0.5 : score > 0.5)];
        double[][] rows = [.. scores.Select(score => new[] { score })];
        Figure byCapture = Evaluator.Evaluate(
            "test", new(TrainingData.Of(rows, positive, capture), scores, 1), 0.5, "given", null, 1)["roc_area"];
        Figure byFlow = Evaluator.Evaluate("test", new(TrainingData.Of(rows, positive), scores, 1), 0.5, "given", null, 1)["roc_area"];
        Assert.Equal(byFlow.Value, byCapture.Value);
        Assert.True(byCapture.High - byCapture.Low > 2 * (byFlow.High - byFlow.Low), $"{byCapture} {byFlow}");
    }

    [Theory]
    [InlineData(null, null, 0.3)]
    [InlineData(0.3, null, 0.85)]
    [InlineData(0.6, null, 0.6)]
    [InlineData(null, 0.0, 0.85)]
    [InlineData(null, 0.34, 0.6)]
    [InlineData(null, 0.67, 0.3)]
    [InlineData(1.0, null, 0.3)]
    public void The_threshold_does_what_was_asked_for(double? recall, double? rate, double expected) =>
        Assert.Equal(expected, new ThresholdRule(recall, rate).Choose(s_scores, s_positive), 1e-12);

    [Fact]
    public void Where_every_flow_above_is_benign_no_false_positives_means_nothing_is_sent()
    {
        double threshold = new ThresholdRule(null, 0).Choose([0.9, 0.5], [false, true]);
        Assert.InRange(threshold, Math.BitIncrement(0.9), 1);
    }
}
