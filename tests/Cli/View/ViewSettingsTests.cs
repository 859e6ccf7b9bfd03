using FlowMeter.Cli.View;

namespace FlowMeter.Tests.Cli.View;

/// <summary>What a terminal takes.</summary>
public sealed class ViewSettingsTests
{
    [Theory]
    [InlineData("120", 80, 120)]
    [InlineData("", 100, 100)]
    [InlineData("wide", 100, 100)]
    [InlineData("5", 100, 40)]
    [InlineData("99999", 100, 1000)]
    [InlineData(null, 20, 40)]
    [InlineData(null, 0, 0)]
    [InlineData("90", 0, 90)]
    public void The_variable_comes_before_what_the_terminal_says(string? columns, int known, int width) =>
        Assert.Equal(width, ViewSettings.WidthOf(columns, known));

    [Theory]
    [InlineData("auto", true, null, "xterm", true)]
    [InlineData("auto", false, null, "xterm", false)]
    [InlineData("auto", true, "1", "xterm", false)]
    [InlineData("auto", true, "", "xterm", true)]
    [InlineData("auto", true, null, "dumb", false)]
    [InlineData("auto", true, null, null, false)]
    [InlineData("always", false, "1", "dumb", true)]
    [InlineData("never", true, null, "xterm", false)]
    public void Colours_are_for_terminals_that_have_them_and_people_who_want_them(
        string color, bool isTerminal, string? noColor, string? term, bool isColoured) =>
        Assert.Equal(isColoured, ViewSettings.IsColoured(color, isTerminal, name => name == "NO_COLOR" ? noColor : term));
}
