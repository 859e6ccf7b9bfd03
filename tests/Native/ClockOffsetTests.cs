using FlowMeter.Native;

namespace FlowMeter.Tests.Native;

/// <summary>The difference of two clocks that are read one after the other.</summary>
public sealed class ClockOffsetTests
{
    private const long Ahead = 1_795_000_000_000_000_000;

    [Fact]
    public void It_stays_while_readings_agree_however_late_they_come()
    {
        ClockOffset offset = default;
        Read(ref offset, 1000, 20, 20, Ahead);
        Random random = new(3);
        for (long time = 10_000; time < 10_000_000; time += 10_000)
        {
            Read(ref offset, time, random.Next(5_000), random.Next(5_000), Ahead);
            Assert.Equal(Ahead, offset.Nanoseconds);
        }
    }

    [Fact]
    public void A_better_reading_mends_a_late_one()
    {
        ClockOffset offset = default;
        Read(ref offset, 1000, 8_000_000, 20, Ahead);
        Read(ref offset, 20_000_000, 30, 30, Ahead);
        Assert.Equal(Ahead, offset.Nanoseconds);
    }

    [Theory]
    [InlineData(-3_600_000_000_000)]
    [InlineData(-10_000)]
    [InlineData(10_000)]
    [InlineData(27_000_000_000)]
    public void A_clock_that_is_set_is_followed_at_once(long step)
    {
        ClockOffset offset = default;
        Read(ref offset, 1000, 20, 20, Ahead);
        Read(ref offset, 2000, 40, 40, Ahead + step);
        Assert.Equal(Ahead + step, offset.Nanoseconds);
    }

    [Fact]
    public void Small_steps_add_up_to_one_that_is_followed()
    {
        ClockOffset offset = default;
        for (int step = 0; step < 1000; step++)
        {
            Read(ref offset, step * 1000L, 20, 20, Ahead + (10 * step));
            Assert.InRange(offset.Nanoseconds, Ahead + (10 * step) - 200, Ahead + (10 * step) + 200);
        }
    }

    // The wall clock is read some time after the first reading of the monotonic one, and before the second.
    private static void Read(ref ClockOffset offset, long before, long until, long after, long ahead) =>
        offset.Consider(before, before + until + ahead, before + until + after);
}
