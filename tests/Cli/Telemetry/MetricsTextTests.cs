using System.Text;
using FlowMeter.Cli.Telemetry;
using FlowMeter.Engine.Capture;

namespace FlowMeter.Tests.Cli.Telemetry;

public sealed class MetricsTextTests
{
    [Fact]
    public void Families_are_written_as_the_format_asks_for()
    {
        MetricsText text = new();
        text.Counter("a_total", "All of \\ them.", 12345678901234);
        text.Counters<long>(
            [
                new("x", CounterUnit.Packets, "Some.", one => one) { Metric = "b_total", Label = ("why", "x") },
                new("y", CounterUnit.Packets, "Some.", one => 2 * one) { Metric = "b_total", Label = ("why", "a \"b\" \\ \n c") },
            ],
            1);
        text.Gauge("c_ratio", "A share.", 0.25, ("d", "e"), ("f", ""));
        Assert.Equal(
            "# HELP a_total All of \\\\ them.\n# TYPE a_total counter\na_total 12345678901234\n"
            + "# HELP b_total Some.\n# TYPE b_total counter\nb_total{why=\"x\"} 1\nb_total{why=\"a \\\"b\\\" \\\\ \\n c\"} 2\n"
            + "# HELP c_ratio A share.\n# TYPE c_ratio gauge\nc_ratio{d=\"e\",f=\"\"} 0.25\n",
            Encoding.UTF8.GetString(text.ToBytes()));
        Assert.Equal(2, PrometheusText.Parse(Encoding.UTF8.GetString(text.ToBytes()))["b_total{why=\"a \\\"b\\\" \\\\ \\n c\"}"]);
    }

    [Fact]
    public void A_histogram_is_cumulative_and_in_seconds()
    {
        LatencyHistogram histogram = new();
        long[] observed = [-5, 0, 10_000, 10_001, 1_500_000, 10_000_000_000, 10_000_000_001, 60_000_000_000];
        Array.ForEach(observed, histogram.Observe);
        MetricsText text = new();
        text.Histogram("t_seconds", "Time.", "worker", [("0", histogram), ("1", new LatencyHistogram())]);
        PrometheusText page = PrometheusText.Parse(Encoding.UTF8.GetString(text.ToBytes()));
        foreach (long bound in LatencyHistogram.Bounds)
        {
            string seconds = (bound / 1e9).ToString("R", System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(observed.Count(value => value <= bound), page[$"t_seconds_bucket{{worker=\"0\",le=\"{seconds}\"}}"]);
        }

        Assert.Equal(observed.Length, page["t_seconds_bucket{worker=\"0\",le=\"+Inf\"}"]);
        Assert.Equal(observed.Length, page["t_seconds_count{worker=\"0\"}"]);
        Assert.Equal(observed.Sum(value => Math.Max(value, 0)) / 1e9, page["t_seconds_sum{worker=\"0\"}"], 12);
        Assert.Equal(0, page["t_seconds_count{worker=\"1\"}"]);
    }

    [Theory]
    [InlineData("a_total 1\n")]
    [InlineData("# HELP a_total x\n# TYPE a_total counter\na_total 1")]
    [InlineData("# HELP a_total x\n# TYPE a_total counter\na_total -1\n")]
    [InlineData("# HELP a_total x\n# TYPE a_total counter\na_total 1\na_total 1\n")]
    [InlineData("# HELP a_total x\n# TYPE a_total counter\nb_total 1\n")]
    [InlineData("# HELP a_total x\n# TYPE a_total gauge\na_total 1\n")]
    [InlineData("# HELP a x\n# TYPE a counter\na 1\n")]
    [InlineData("# HELP a x\n# TYPE a gauge\na{b=\"c\",b=\"d\"} 1\n")]
    [InlineData("# HELP a x\n# TYPE a gauge\na{b=\"c\\d\"} 1\n")]
    [InlineData("# HELP a x\n# TYPE a gauge\na 1\n# HELP b x\n# TYPE b gauge\nb 1\n# HELP a x\n")]
    [InlineData("# HELP a x\n# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n")]
    [InlineData("# HELP a x\n# TYPE a histogram\na_bucket{le=\"1\"} 1\na_sum 1\na_count 1\n")]
    [InlineData("# HELP a x\n# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 2\n")]
    public void The_strict_reader_is_strict(string page) => Assert.ThrowsAny<FormatException>(() => PrometheusText.Parse(page));
}
