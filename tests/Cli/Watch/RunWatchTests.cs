using FlowMeter.Cli.Watch;
using FlowMeter.Tests.Watch;

namespace FlowMeter.Tests.Cli.Watch;

public sealed class RunWatchTests
{
    private readonly SecondsByHand _time = new();
    private int _taken;

    [Fact]
    public void A_sample_is_taken_every_second_until_the_run_is_over()
    {
        using RunWatch run = new("reading a file", WatchedRuns.Run([]), Take, time: _time);
        _time.Pass();
        run.Finish();
        _time.Pass();
        Assert.Equal([1L, 2, 3], run.Series.ToArray().Select(sample => sample.Packets));
    }

    [Fact]
    public void A_sample_that_can_not_be_taken_is_missing_and_the_next_is_there()
    {
        using RunWatch run = new(
            "reading a file", WatchedRuns.Run([]),
            () => Take() switch
            {
                { Packets: 2 } => throw new IOException(),
                { Packets: 3 } => throw new InvalidOperationException(),
                var sample => sample,
            },
            time: _time);
        _time.Pass();
        _time.Pass();
        _time.Pass();
        Assert.Equal([1L, 4], run.Series.ToArray().Select(sample => sample.Packets));
    }

    [Fact]
    public void A_run_ends_though_its_last_sample_can_not_be_taken()
    {
        RunWatch run = new(
            "reading a file", WatchedRuns.Run([]), () => Take() is { Packets: 1 } first ? first : throw new InsufficientMemoryException(),
            time: _time);
        run.Dispose();
        Assert.True(run.IsOver);
        Assert.Equal(1, run.Series.Count);
    }

    private RunSample Take() => new(1000 * ++_taken, _taken, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
