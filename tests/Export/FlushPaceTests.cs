using FlowMeter.Engine.Export;
using FlowMeter.Tests.Output;

namespace FlowMeter.Tests.Export;

/// <summary>Rows that wait for others wait no longer than they may.</summary>
public sealed class FlushPaceTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Time_runs_from_the_first_row_that_waits()
    {
        SetClock clock = new("2026-01-02T03:04:05");
        FlushPace pace = new(10 * s_second, clock);
        Assert.True(pace.Gathers);
        Assert.Equal(Timeout.InfiniteTimeSpan, pace.Left);
        Assert.False(pace.IsDue());
        clock.Advance(4 * s_second);
        Assert.False(pace.IsDue());
        Assert.Equal(6 * s_second, pace.Left);
        clock.Advance(6 * s_second);
        Assert.Equal(TimeSpan.Zero, pace.Left);
        Assert.True(pace.IsDue());
        pace.Reset();
        Assert.Equal(Timeout.InfiniteTimeSpan, pace.Left);
        Assert.False(pace.IsDue());
    }

    [Fact]
    public void Without_patience_or_clock_no_row_waits()
    {
        SetClock clock = new("2026-01-02T03:04:05");
        foreach (FlushPace pace in new[] { new FlushPace(TimeSpan.Zero, clock), new FlushPace(s_second, null) })
        {
            Assert.False(pace.Gathers);
            Assert.True(pace.IsDue());
            pace.Reset();
            Assert.Equal(Timeout.InfiniteTimeSpan, pace.Left);
        }
    }
}
