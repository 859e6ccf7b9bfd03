using FlowMeter.Cli.Watch;

namespace FlowMeter.Tests.Cli.Watch;

public sealed class RunSeriesTests
{
    [Fact]
    public void The_last_hour_is_kept_the_oldest_first()
    {
        RunSeries series = new();
        Assert.Equal(default, series.Newest);
        for (int i = 1; i <= RunSeries.Capacity + 100; i++)
        {
            series.Add(Sample(i));
        }

        Assert.Equal(RunSeries.Capacity + 100, series.Count);
        Assert.Equal(
            Enumerable.Range(101, RunSeries.Capacity).Select(i => (long)i), series.ToArray().Select(sample => sample.Packets));
        Assert.Equal((Sample(RunSeries.Capacity + 99), Sample(RunSeries.Capacity + 100)), series.Newest);
    }

    [Fact]
    public void One_sample_alone_is_the_one_before_too()
    {
        RunSeries series = new();
        series.Add(Sample(1));
        Assert.Equal((Sample(1), Sample(1)), series.Newest);
        Assert.Equal([Sample(1)], series.ToArray());
    }

    private static RunSample Sample(long number) => new(1000 * number, number, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
