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
}
