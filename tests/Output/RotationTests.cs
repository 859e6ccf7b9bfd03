using FlowMeter.Engine.Output;

namespace FlowMeter.Tests.Output;

public sealed class RotationTests
{
    [Theory]
    [InlineData("60s", 60, null)]
    [InlineData("5m", 300, null)]
    [InlineData("2h", 7200, null)]
    [InlineData("1d", 86_400, null)]
    [InlineData("100MB", null, 100_000_000L)]
    [InlineData("1kb", null, 1000L)]
    [InlineData("3GB", null, 3_000_000_000L)]
    [InlineData("2KiB", null, 2048L)]
    [InlineData("1GiB", null, 1L << 30)]
    [InlineData("60s,100MB", 60, 100_000_000L)]
    [InlineData("7B,1h", 3600, 7L)]
    [InlineData("1.5h", 5400, null)]
    [InlineData("1h30m", 5400, null)]
    [InlineData("100M", null, 100L << 20)]
    public void What_was_typed(string text, int? seconds, long? bytes) =>
        Assert.Equal(new Rotation(seconds == null ? null : TimeSpan.FromSeconds(seconds.Value), bytes), Rotation.Parse(text));

    [Fact]
    public void A_time_and_a_size_may_be_given_one_by_one() => Assert.Equal(Rotation.Parse("60s,1MB"), Rotation.Parse("1MB", "60s"));

    [Theory]
    [InlineData("")]
    [InlineData("60")]
    [InlineData("0s")]
    [InlineData("-1s")]
    [InlineData("500ms")]
    [InlineData("0.5B")]
    [InlineData("1h1h")]
    [InlineData("s")]
    [InlineData("60s,")]
    [InlineData("1w")]
    [InlineData("99999999999999999999s")]
    [InlineData("999999999999d")]
    [InlineData("9999999TiB")]
    [InlineData("60s|100MB")]
    public void Nonsense_is_named(string text)
    {
        string message = Assert.Throws<FormatException>(() => Rotation.Parse(text)).Message;
        Assert.EndsWith(": is neither a time (60s, 5m, 1h, 1d) nor a size (500kB, 100MB, 1GiB).", message, StringComparison.Ordinal);
        Assert.Contains(message.Split(':')[0], text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("60s,5m", "5m: a time is given twice")]
    [InlineData("1MB,1kB", "1kB: a size is given twice")]
    public void One_time_and_one_size(string text, string message) =>
        Assert.StartsWith(message, Assert.Throws<FormatException>(() => Rotation.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("60s", "2026-01-02T03:04:17.5", "2026-01-02T03:04:00")]
    [InlineData("5m", "2026-01-02T03:04:59.9999999", "2026-01-02T03:00:00")]
    [InlineData("5m", "2026-01-02T03:05:00", "2026-01-02T03:05:00")]
    [InlineData("1h", "2026-01-02T03:04:17", "2026-01-02T03:00:00")]
    [InlineData("1d", "2026-01-02T23:59:59", "2026-01-02T00:00:00")]
    public void Intervals_are_on_the_clock(string text, string time, string begin) =>
        Assert.Equal(SetClock.At(begin), Rotation.Parse(text).IntervalOf(SetClock.At(time)));
}
