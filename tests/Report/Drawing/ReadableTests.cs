using FlowMeter.Report.Drawing;


namespace FlowMeter.Tests.Report.Drawing;

public sealed class ReadableTests
{
    [Theory]
    [InlineData(0, "0 %")]
    [InlineData(1, "100 %")]
    [InlineData(0.5, "50.0 %")]
    [InlineData(0.9996, "99.96 %")]
    [InlineData(0.99999999, "> 99.9999 %")]
    [InlineData(0.00012, "0.01 %")]
    [InlineData(1e-9, "< 0.0001 %")]
    [InlineData(double.NaN, "–")]
    public void Percent_never_reads_as_all_or_nothing_where_it_is_not(double share, string expected) =>
        Assert.Equal(expected, Plain(Readable.Percent(share)));

    [Theory]
    [InlineData(999, "999")]
    [InlineData(9999, "9,999")]
    [InlineData(12345, "12.3 k")]
    [InlineData(999_999, "1 M")]
    [InlineData(2.5e12, "2.5 T")]
    [InlineData(-40000, "−40 k")]
    [InlineData(0.000012, "1.2·10⁻⁵")]
    [InlineData(0.00001, "10⁻⁵")]
    public void Large_and_small_numbers(double value, string expected) => Assert.Equal(expected, Plain(Readable.Short(value)));

    [Theory]
    [InlineData("µs", 1, "1 µs")]
    [InlineData("µs", 1500, "1.5 ms")]
    [InlineData("ns", 2e9, "2 s")]
    [InlineData("s", 90, "1.5 min")]
    [InlineData("µs", 0, "0 s")]
    [InlineData("byte", 60, "60 B")]
    [InlineData("byte", 1234567, "1.23 MB")]
    [InlineData("1", 17, "17")]
    public void Values_have_the_unit_that_fits(string unit, double value, string expected) =>
        Assert.Equal(expected, Plain(Readable.InUnit(value, unit)));

    [Theory]
    [InlineData(0.9876, "0.988")]
    [InlineData(0.99991, "0.9999")]
    [InlineData(1.0, "1.000")]
    [InlineData(null, "–")]
    public void Figures_have_three_decimals(double? value, string expected) => Assert.Equal(expected, Readable.Figure(value));

    private static string Plain(string text) => text.Replace('\u00A0', ' ');
}
