using FlowMeter.Cli.Top;

namespace FlowMeter.Tests.Cli.Top;

public sealed class TopTextTests
{
    [Theory]
    [InlineData("abcdef", 4, false, "abc…")]
    [InlineData("abcdef", 1, false, "…")]
    [InlineData("abcdef", 0, false, "")]
    [InlineData("abcd", 4, false, "abcd")]
    [InlineData("ab", 4, false, "ab  ")]
    [InlineData("ab", 4, true, "  ab")]
    [InlineData("abcdef", 4, true, "abc…")]
    public void A_text_fills_its_cell(string text, int width, bool isRight, string expected)
    {
        Assert.Equal(expected, new TopText(true).Fit(text, width, isRight));
        Assert.Equal(expected.Replace('…', '~'), new TopText(false).Fit(text, width, isRight));
    }
}
