using FlowMeter.Report.Drawing;


namespace FlowMeter.Tests.Report.Drawing;

public sealed class ScaleTests
{
    [Theory]
    [InlineData(0, 1, 6, "0 0.2 0.4 0.6 0.8 1")]
    [InlineData(0, 7, 5, "0 2 4 6")]
    [InlineData(-1, 1, 5, "-1 -0.5 0 0.5 1")]
    [InlineData(0.13, 0.34, 5, "0.2 0.3")]
    [InlineData(0, 123456, 4, "0 50000 100000")]
    public void Linear_ticks_are_round_and_within(double low, double high, int most, string expected) =>
        Assert.Equal(
            expected, string.Join(' ', Scale.Linear(low, high, 0, 100).Ticks(most).Select(tick => FormattableString.Invariant($"{tick}"))));

    [Theory]
    [InlineData(1, 1000, 6, "1 10 100 1000")]
    [InlineData(0.5, 2e6, 4, "1 100 10000 1000000")]
    [InlineData(1e-6, 1e-3, 6, "1E-06 1E-05 0.0001 0.001")]
    [InlineData(30, 90, 6, "50")]
    [InlineData(15, 70, 6, "20 50")]
    public void Logarithmic_ticks_are_powers_of_ten_and_few_decades_have_steps_between(
        double low, double high, int most, string expected) =>
        Assert.Equal(expected, string.Join(
            ' ', Scale.Log(low, high, 0, 100).Ticks(most).Select(tick => FormattableString.Invariant($"{Math.Round(tick, 12)}"))));

    [Fact]
    public void No_tick_is_minus_zero() =>
        Assert.All(
            Scale.Linear(-0.0000001, 1, 0, 1).Ticks(6).Concat(Scale.Linear(0, 1, 0, 1).Ticks(6)),
            tick => Assert.False(tick == 0 && double.IsNegative(tick)));

    [Fact]
    public void Any_range_has_ticks_within_it_and_no_more_than_asked_for()
    {
        Random random = new(7);
        for (int i = 0; i < 2000; i++)
        {
            double low = Math.Pow(10, (random.NextDouble() * 20) - 10);
            double high = low * (1 + Math.Pow(10, (random.NextDouble() * 8) - 3));
            int most = random.Next(3, 9);
            foreach (Scale scale in new[] { Scale.Linear(low, high, 0, 1), Scale.Log(low, high, 0, 1) })
            {
                IReadOnlyList<double> ticks = scale.Ticks(most);
                Assert.True(ticks.Count <= most, $"{ticks.Count} ticks from {low} to {high}, {most} wanted");
                Assert.All(ticks, tick => Assert.InRange(tick, low * (1 - 1e-6), high * (1 + 1e-6)));
            }
        }
    }

    [Fact]
    public void A_place_and_its_value_are_inverses_and_what_is_outside_stays_at_the_end()
    {
        foreach (Scale scale in new[] { Scale.Linear(-3, 17, 50, 422), Scale.Log(0.01, 4e5, 422, 50) })
        {
            Assert.All(new[] { 0.0, 0.1, 0.7, 1 }, share =>
            {
                double value = scale.ValueAt(scale.From + (share * (scale.To - scale.From)));
                Assert.Equal(scale.From + (share * (scale.To - scale.From)), scale.Place(value), 1e-9);
            });
            Assert.Equal(scale.From, scale.Place(scale.Low - 1));
            Assert.Equal(scale.To, scale.Place(scale.High + 1));
        }

        Assert.Equal(50, Scale.Log(1, 10, 50, 100).Place(0));
    }

    [Fact]
    public void A_single_value_has_room_around_it()
    {
        Assert.Equal(50, Scale.Linear(5, 5, 0, 100).Place(5));
        Assert.Equal(50, Scale.Log(5, 5, 0, 100).Place(5), 1e-9);
    }

    [Theory]
    [InlineData(3.2, 4, 4)]
    [InlineData(0.99, 3, 1)]
    [InlineData(1, 3, 1)]
    [InlineData(0, 3, 1)]
    [InlineData(101, 3, 150)]
    public void An_axis_from_zero_ends_at_a_tick(double most, int ticks, double expected) =>
        Assert.Equal(expected, Scale.RoundUp(most, ticks), 1e-9);

    [Fact]
    public void A_clock_ticks_in_whole_steps()
    {
        double start = new DateTime(2026, 3, 1, 13, 58, 20, DateTimeKind.Utc).Subtract(DateTime.UnixEpoch).TotalSeconds;
        Assert.Equal(["14:00", "14:05", "14:10"], Axis.Clock(start, start + 900, 0, 100, 5).Ticks.Select(tick => tick.Text));
        Assert.Equal(["18:00", "2 Mar", "06:00", "12:00"], Axis.Clock(start, start + 86400, 0, 100, 6).Ticks.Select(tick => tick.Text));
        Assert.Equal(
            ["Apr 2026", "Jul 2026", "Oct 2026", "Jan 2027"],
            Axis.Clock(start, start + (330 * 86400.0), 0, 100, 5).Ticks.Select(tick => tick.Text));
    }
}
