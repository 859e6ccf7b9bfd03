namespace FlowMeter.Tests.Cli;

/// <summary><c>flowmeter manual</c>: the page is printed, though the command is hidden. What the page says is in Rules.</summary>
public sealed class ManualCommandTests
{
    [Fact]
    public void The_page_is_printed()
    {
        (int code, string output, string error) = CommandLine.Run("manual");
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith(".TH FLOWMETER 1 ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_word_too_many_is_refused() =>
        CommandLine.AssertRefused("manual x", "x: is one word too many. See flowmeter manual --help");
}
