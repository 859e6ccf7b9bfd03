using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Tests.Scoring;

public sealed class VerdictRuleTests
{
    [Theory]
    [InlineData(0.75, 10, Verdict.Malicious)]
    [InlineData(0.7499999, 10, Verdict.Benign)]
    [InlineData(1, 9, Verdict.Undecided)]
    [InlineData(0, 9, Verdict.Undecided)]
    [InlineData(double.NaN, 10, Verdict.Undecided)]
    public void Follow_the_models_rules(double probability, long packets, Verdict expected)
    {
        Model model = new() { Name = "m", Profile = "p", Intercept = 0, Features = [], Threshold = 0.75, MinPackets = 10 };
        Assert.Equal(expected, new VerdictRule(model).Decide(probability, packets));
    }

    [Theory]
    [InlineData(0.75, 10, Verdict.Malicious)]
    [InlineData(0.7499999, 10, Verdict.Undecided)]
    [InlineData(0.25, 10, Verdict.Undecided)]
    [InlineData(0.2499999, 10, Verdict.Benign)]
    [InlineData(0, 9, Verdict.Undecided)]
    public void Scores_between_two_thresholds_are_undecided(double probability, long packets, Verdict expected)
    {
        Model model = new()
        {
            Name = "m", Profile = "p", Intercept = 0, Features = [], Threshold = 0.75, BenignBelow = 0.25, MinPackets = 10,
        };
        Assert.Equal(expected, new VerdictRule(model).Decide(probability, packets));
        Assert.Equal(0.2, model.WithThresholds(0.2, model.BenignBelow).BenignBelow);
        Assert.Equal(0.25, model.WithThresholds(0.9, model.BenignBelow).BenignBelow);
    }
}
