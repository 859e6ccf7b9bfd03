using FlowMeter.Learning.Training;


namespace FlowMeter.Tests.Learning.Training;

public sealed class QuantileBinsTests
{
    [Fact]
    public void Distinct_values_are_shared_out_equally()
    {
        double[] values = [.. Enumerable.Range(0, 100).Select(i => (double)(i * 37 % 100))];
        Assert.Equal([24.5, 49.5, 74.5], QuantileBins.Edges(values, 4));
    }

    [Fact]
    public void A_value_that_repeats_has_a_bin_of_its_own_and_the_others_share_the_rest()
    {
        double[] values = [.. Enumerable.Repeat(0.0, 60), 1, 2, 3, 4];
        Assert.Equal([0.5, 1.5, 2.5, 3.5], QuantileBins.Edges(values, 8));
        Assert.Equal([0.5, 2.5], QuantileBins.Edges(values, 3));
    }

    [Fact]
    public void Equal_values_have_no_edges() => Assert.Empty(QuantileBins.Edges([3, 3, 3], 8));

    [Fact]
    public void Missing_values_have_bin_0_to_themselves()
    {
        double[] values = [double.NaN, 1, 2, double.NaN, 3, double.NegativeInfinity];
        double[] edges = QuantileBins.Edges(values, 4);
        Assert.Equal(1, edges[0]);
        Assert.Equal([0, 1, 0, 0], new[] { double.NaN, 1, double.NegativeInfinity, 0.5 }.Select(value => QuantileBins.BinOf(edges, value)));
    }

    [Fact]
    public void Infinite_values_have_the_last_bin()
    {
        double[] edges = QuantileBins.Edges([1, 2, 3, double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity], 4);
        Assert.All(edges, edge => Assert.True(double.IsFinite(edge)));
        Assert.True(QuantileBins.BinOf(edges, double.PositiveInfinity) > QuantileBins.BinOf(edges, 3));
        Assert.Equal(edges.Length, QuantileBins.BinOf(edges, double.PositiveInfinity));
    }

    [Fact]
    public void Neighbouring_doubles_are_told_apart_and_the_greatest_finite_one_does_no_harm()
    {
        double next = Math.BitIncrement(1.0);
        Assert.Equal([next], QuantileBins.Edges([1, next], 2));
        Assert.All(
            QuantileBins.Edges([double.MaxValue, double.PositiveInfinity, -double.MaxValue], 4),
            edge => Assert.True(double.IsFinite(edge)));
    }

    [Fact]
    public void Random_values_of_every_kind_keep_the_rules()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            Random random = new(seed);
            int distinct = random.Next(1, 60);
            double[] values = [.. Enumerable.Range(0, random.Next(1, 400)).Select(_ => random.Next(40) switch
            {
                0 => double.NaN,
                1 => double.PositiveInfinity,
                2 => double.NegativeInfinity,
                _ => Math.Exp(random.Next(distinct)) - 5,
            })];
            int bins = random.Next(2, 40);
            double[] edges = QuantileBins.Edges(values, bins);
            Assert.True(edges.Length < bins);
            Assert.All(edges, edge => Assert.True(double.IsFinite(edge)));
            Assert.True(edges.Zip(edges.Skip(1)).All(pair => pair.First < pair.Second), $"seed {seed}");

            // No bin is empty; where there are bins for all values, each has one; missing values count as one.
            int[] counts = new int[edges.Length + 1];
            Array.ForEach(values, value => counts[QuantileBins.BinOf(edges, value)]++);
            Assert.All(counts, count => Assert.True(count > 0, $"seed {seed}"));
            int kinds = values.Select(value => double.IsNaN(value) ? double.NegativeInfinity : value).Distinct().Count();
            Assert.True(
                kinds > bins ? edges.Length >= bins / 3 : edges.Length == kinds - 1,
                $"seed {seed}: {edges.Length} edges for {kinds} values, {bins} bins");
        }
    }
}
