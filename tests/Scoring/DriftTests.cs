using FlowMeter.Engine.Features;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Tests.Scoring;

/// <summary>The population stability index of what is scored against the shares of the training.</summary>
public sealed unsafe class DriftTests
{
    private static readonly string[] s_names = ["a", "b", "c"];

    private static readonly Model s_model = new()
    {
        Name = "m",
        Profile = "test",
        Intercept = 0,
        MinPackets = 3,
        Features =
        [
            ModelFeature.Bins("b", [.. Enumerable.Range(1, 63).Select(
                edge => edge / 64.0)], [.. Enumerable.Range(0, 64).Select(bin => (double)bin)], [
                    .. Enumerable.Repeat(1 / 64.0, 64)]),
            ModelFeature.Bins("c", [1], [0, 1], [0.95, 0.05]),
            ModelFeature.Bins("a", [1], [0, 1]),
        ],
    };

    [Fact]
    public void The_same_flows_have_no_drift_and_others_have_it()
    {
        Drift same = Run(4000, random => random.NextDouble())!;
        Assert.Equal(4000, same.Flows);
        Assert.InRange(same.Overall, 0, 0.02);
        Assert.False(same.IsLarge);
        Drift other = Run(4000, random => random.NextDouble() * random.NextDouble())!;
        Assert.True(other.IsLarge);
        Assert.Equal("b", other.Features[0].Name);
        Assert.Equal(["b", "c"], other.Features.Select(feature => feature.Name).Order(StringComparer.Ordinal));
    }

    /// <summary>The index by its definition, over the groups that hold a tenth of the training flows.</summary>
    [Fact]
    public void The_index_is_that_of_the_definition()
    {
        List<double> values = [];
        Drift drift = Run(2000, random =>
        {
            double value = Math.Sqrt(random.NextDouble());
            values.Add(value);
            return value;
        })!;
        double index = 0;
        for (int group = 0; group < 10; group++)
        {
            // 7 bins of a 64th hold a tenth; the last group has one bin.
            double p = group < 9 ? 7 / 64.0 : 1 / 64.0;
            double q = (values.Count(value => (int)(value * 64) / 7 == group) + 0.5) / (values.Count + 5);
            index += (q - p) * Math.Log(q / p);
        }

        double b = drift.Features.Single(feature => feature.Name == "b").Index;
        double c = drift.Features.Single(feature => feature.Name == "c").Index;
        Assert.Equal(index, b, 1e-12);
        double ofB = Math.Sqrt(((64.0 * 64) - 1) / 12);
        double ofC = Math.Sqrt(0.95 * 0.05);
        Assert.Equal(((b * ofB) + (c * ofC)) / (ofB + ofC), drift.Overall, 1e-12);
    }

    [Fact]
    public void Few_flows_short_flows_and_models_without_shares_give_none()
    {
        Assert.Null(Run(499, random => random.NextDouble()));
        Assert.NotNull(Run(500, random => random.NextDouble()));
        Assert.Null(Run(5000, random => random.NextDouble(), packets: 2));
        Assert.Null(DriftGroups.From(TestModels.Random(1), TestModels.Names));
    }

    [Fact]
    public void Many_flows_are_sampled_and_weighed_up_and_old_ones_fade()
    {
        Drift many = Run(200_000, random => Math.Sqrt(random.NextDouble()))!;
        Assert.InRange(many.Flows, 190_000, 210_000);
        Assert.Equal(Run(4000, random => Math.Sqrt(random.NextDouble()))!.Overall, many.Overall, 0.05);
        int count = 0;
        Drift late = Run(4_000_000, random => count++ < 500_000 ? 0.5 : random.NextDouble())!;
        Assert.InRange(late.Flows, 500_000, 2 << 20);
        Assert.True(late.Overall < 0.1, $"{late.Overall}");
    }

    private static Drift? Run(int flows, Func<Random, double> value, ulong packets = 3)
    {
        Random random = new(5);
        DriftCounter[] counters =
            [.. Enumerable.Range(0, 2).Select(_ => new DriftCounter(DriftGroups.From(s_model, s_names)!))];
        using FeatureBlock block = new(3) { Count = FeatureBlock.Capacity };
        for (int first = 0; first < flows; first += FeatureBlock.Capacity)
        {
            // Two threads, one of them slow.
            DriftCounter counter = counters[first / FeatureBlock.Capacity % 8 == 0 ? 1 : 0];
            counter.Begin();
            for (int i = 0; i < Math.Min(FeatureBlock.Capacity, flows - first); i++)
            {
                block.Column(1)[i] = value(random);
                block.Column(2)[i] = random.Next(20) == 0 ? 1 : double.NaN;
                counter.Add(i, packets);
            }

            counter.Count(block);
        }

        return Drift.From(counters);
    }
}
