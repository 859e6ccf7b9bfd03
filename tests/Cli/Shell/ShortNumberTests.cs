using FlowMeter.Cli.Shell;

namespace FlowMeter.Tests.Cli.Shell;

/// <summary>Numbers as people read them.</summary>
public sealed class ShortNumberTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1.0 kB")]
    [InlineData(1234, "1.2 kB")]
    [InlineData(9949, "9.9 kB")]
    [InlineData(9950, "10 kB")]
    [InlineData(999_499, "999 kB")]
    [InlineData(999_500, "1.0 MB")]
    [InlineData(1.5e9, "1.5 GB")]
    [InlineData(1.8e19, "18 EB")]
    public void Bytes_have_a_unit(double bytes, string text) => Assert.Equal(text, ShortNumber.Bytes(bytes));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(99_999, "99999")]
    [InlineData(100_000, "100 k")]
    [InlineData(1_240_000, "1.2 M")]
    public void A_count_is_exact_as_long_as_it_is_short(double count, string text) => Assert.Equal(text, ShortNumber.Count(count));

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(5e-9, "5.0 ns")]
    [InlineData(12e-6, "12 µs")]
    [InlineData(340e-6, "0.3 ms")]
    [InlineData(34e-3, "34 ms")]
    [InlineData(0.34, "0.3 s")]
    [InlineData(3.4, "3.4 s")]
    [InlineData(119, "119 s")]
    [InlineData(150, "2.5 m")]
    [InlineData(7200, "2.0 h")]
    [InlineData(259_200, "3.0 d")]
    public void A_duration_has_a_unit(double seconds, string text) => Assert.Equal(text, ShortNumber.Seconds(seconds, hasUnicode: true));

    [Theory]
    [InlineData(443, "443")]
    [InlineData(-1, "-1")]
    [InlineData(0.98765, "0.988")]
    [InlineData(12.3456, "12.3")]
    [InlineData(1.21e-7, "1.2e-7")]
    public void Any_other_number_is_short(double number, string text) => Assert.Equal(text, ShortNumber.Plain(number));
}
