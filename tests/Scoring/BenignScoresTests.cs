using FlowMeter.Engine.Scoring;

namespace FlowMeter.Tests.Scoring;

/// <summary>Budgets become thresholds by the scores of benign flows.</summary>
public sealed class BenignScoresTests
{
    [Theory]
    [InlineData("5%", BudgetUnit.Flows, 0.05)]
    [InlineData("0.2", BudgetUnit.Flows, 0.2)]
    [InlineData("bytes=5%", BudgetUnit.Bytes, 0.05)]
    [InlineData("20/day", BudgetUnit.AlarmsADay, 20)]
    [InlineData("1.5k/day", BudgetUnit.AlarmsADay, 1500)]
    public void A_budget_is_read(string text, BudgetUnit unit, double amount) => Assert.Equal(new Budget(unit, amount), Budget.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("110%")]
    [InlineData("bytes=2")]
    [InlineData("20/week")]
    [InlineData("-1/day")]
    [InlineData("many")]
    public void What_is_no_budget_is_refused(string text) => Assert.Null(Budget.Parse(text));

    /// <summary>Against the plain definition: no lower threshold keeps the share.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 7)]
    [InlineData(3, 100)]
    [InlineData(4, 5000)]
    public void The_threshold_of_a_share_is_the_lowest_that_keeps_it(int seed, int flows)
    {
        Random random = new(seed);
        double[] scores =
            [.. Enumerable.Range(0, flows).Select(_ => random.Next(2) == 0 ? random.NextDouble() : random.Next(9) / 8.0 * 0.9)];
        double[] bytes = [.. scores.Select(_ => Math.Floor(1 + (1e6 * Math.Pow(random.NextDouble(), 6))))];
        BenignScores benign = BenignScores.From(scores, bytes, 1000);
        foreach ((int at, double share) in benign.Shares.Index())
        {
            AssertLowest(scores, [.. scores.Select(_ => 1.0)], share, benign.ByFlows[at]);
            AssertLowest(scores, bytes, share, benign.ByBytes[at]);
            Assert.Equal(benign.ByFlows[at], benign.ThresholdOf(new Budget(BudgetUnit.Flows, share)));
            Assert.Equal(benign.ByBytes[at], benign.ThresholdOf(new Budget(BudgetUnit.Bytes, share)));
        }
    }

    [Fact]
    public void A_budget_between_two_shares_is_kept_not_used_up()
    {
        double[] scores = [.. Enumerable.Range(0, 1000).Select(i => i / 1000.0)];
        BenignScores benign = BenignScores.From(scores, null, 200);
        double threshold = benign.ThresholdOf(new Budget(BudgetUnit.Flows, 0.0999))!.Value;
        Assert.Equal(90, scores.Count(score => score >= threshold));
        Assert.Equal(0.09, benign.ShareFrom(threshold));
        Assert.Equal(benign.ThresholdOf(new Budget(BudgetUnit.Flows, 0.1)), benign.ThresholdOf(new Budget(BudgetUnit.AlarmsADay, 20)));
        Assert.Equal(0, benign.ThresholdOf(new Budget(BudgetUnit.AlarmsADay, 500)));
        Assert.True(benign.ThresholdOf(new Budget(BudgetUnit.AlarmsADay, 0)) > scores.Max());
        Assert.Null(benign.ThresholdOf(new Budget(BudgetUnit.Bytes, 0.1)));
        Assert.Null((benign with { FlowsADay = null }).ThresholdOf(new Budget(BudgetUnit.AlarmsADay, 20)));
    }

    private static void AssertLowest(double[] scores, double[] weights, double share, double threshold)
    {
        double most = share * weights.Sum() * (1 + 1e-9);
        double From(double at) => scores.Zip(weights).Where(flow => flow.First >= at).Sum(flow => flow.Second);
        Assert.True(From(threshold) <= most);
        double next = scores.Where(score => score < threshold).DefaultIfEmpty(-1).Max();
        Assert.True(next < 0 || From(next) > most);
    }
}
