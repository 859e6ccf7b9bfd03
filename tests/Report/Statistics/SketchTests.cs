using FlowMeter.Learning.Data;
using FlowMeter.Report.Statistics;


namespace FlowMeter.Tests.Report.Statistics;

/// <summary>What a report keeps of a table of any size: histograms, largest sums, sums by time.</summary>
public sealed class SketchTests
{
    [Fact]
    public void A_quantile_is_right_to_the_width_of_a_bin()
    {
        Random random = new(3);
        double[] values = [.. Enumerable.Range(0, 20_000).Select(_ => Math.Exp(3 * random.NextDouble() * random.NextDouble() * 5) - 1.2)];
        LogHistogram histogram = LogHistogram.FromValues(values.Append(double.NaN).Append(double.PositiveInfinity));
        Array.Sort(values);
        Assert.Equal(20_000, histogram.Count);
        Assert.Equal(values.Count(value => value <= 0), histogram.NotPositive);
        foreach (double share in new[] { 0.01, 0.2, 0.5, 0.95, 0.999, 1 })
        {
            double exact = Math.Max(0, values[(int)(share * 19_999)]);
            Assert.InRange(histogram.Quantile(share), exact / 1.17, exact * 1.17);
        }
    }

    [Fact]
    public void Quantiles_of_whole_numbers_are_whole() =>
        Assert.Equal([1, 2, 3], new[] { 0.1, 0.5, 0.9 }.Select(LogHistogram.FromValues([1, 1, 2, 2, 3, 3]).Quantile));

    [Fact]
    public void A_density_and_the_share_of_zeros_make_one()
    {
        Random random = new(4);
        LogHistogram histogram = LogHistogram.FromValues(
            Enumerable.Range(0, 5000).Select(i => i % 4 == 0 ? 0 : Math.Pow(10, 2 + random.NextDouble())));
        double[] density = histogram.Density(0.1, 1e6, 701);
        Assert.Equal(0.75, density.Sum() * 7 / 700, 1e-3);
        Assert.Equal(0.75, LogHistogram.Merged([histogram, histogram]).Density(0.1, 1e6, 701).Sum() / 100, 1e-3);
    }

    [Fact]
    public void The_largest_sums_are_exact_while_keys_fit_and_else_too_low_by_no_more_than_the_error()
    {
        Random random = new(5);
        HeavyHitters exact = new(100_000);
        HeavyHitters bounded = new(500);
        double total = 0;
        for (int i = 0; i < 100_000; i++)
        {
            // One in three additions goes to one of ten keys, the rest to many.
            string key = random.Next(3) == 0 ? $"heavy {random.Next(10)}" : $"light {random.Next(20_000)}";
            double weight = random.Next(1, 20);
            total += weight;
            exact.Add(key, weight);
            bounded.Add(key, weight);
        }

        Assert.Equal(0, exact.Error);
        Assert.InRange(bounded.Error, 1, total / 250);
        Assert.InRange(bounded.Keys, 1, 500);
        Dictionary<string, double> sums = exact.Top(100_000).ToDictionary(pair => pair.Key, pair => pair.Sum);
        Assert.Equal(
            exact.Top(10).Select(pair => pair.Key).Order(StringComparer.Ordinal),
            bounded.Top(10).Select(pair => pair.Key).Order(StringComparer.Ordinal));
        Assert.All(bounded.Top(10), pair => Assert.InRange(pair.Sum, sums[pair.Key] - bounded.Error, sums[pair.Key]));
    }

    [Fact]
    public void A_timeline_loses_nothing_as_its_spans_grow()
    {
        Random random = new(6);
        foreach (long range in new[] { 1L, 1_000_000, 3_000_000_000, 86_400_000_000_000, 9_000_000_000_000_000_000 })
        {
            Timeline timeline = new(2);
            long[] times = [.. Enumerable.Range(0, 3000).Select(_ => random.NextInt64(-range / 50, range))];
            foreach (long time in times)
            {
                timeline.At(time)[1]++;
            }

            foreach (Timeline some in new[] { timeline, timeline.AtMost(50) })
            {
                Assert.InRange(some.Count, 1, some == timeline ? 400 : 50);
                Assert.Equal(3000, some.SumsOf(1).Sum(span => span.Sum));
                long width = some.Width;
                Assert.All(some.SumsOf(1), span => Assert.Equal(
                    times.Count(time => (long)Math.Floor((decimal)time / width) == (long)Math.Round(span.Start * 1e9 / width)), span.Sum));
            }
        }
    }

    [Theory]
    [InlineData("2026-11-21T03:08:07.123456789Z", 1795230487123456789)]
    [InlineData("1970-01-01T00:00:01Z", 1_000_000_000L)]
    [InlineData("1969-12-31T23:59:59.5Z", -500_000_000L)]
    [InlineData("2026-11-21 03:08:07", 1795230487000000000)]
    [InlineData("1795230487.5", 1795230487500000000)]
    [InlineData("2026-13-21T03:08:07Z", null)]
    [InlineData("yesterday at noon, more or less", null)]
    [InlineData("", null)]
    public void Times_as_tables_write_them(string text, long? expected) =>
        Assert.Equal(expected, TableTime.Parse(System.Text.Encoding.UTF8.GetBytes(text)));
}
