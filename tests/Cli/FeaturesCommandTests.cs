namespace FlowMeter.Tests.Cli;

/// <summary><c>flowmeter features</c>: what it prints, and what can not be.</summary>
public sealed class FeaturesCommandTests
{
    [Theory]
    [Typed("features", "--profile cic", "", "cic: ")]
    [Typed("features", "--markdown", "", "# Columns\n")]
    public void An_option_is_taken(string bare, string words, string member, string text)
    {
        Assert.Empty(member);
        CommandLine.AssertPrinted(bare, words, text);
    }

    [Fact]
    public void Without_options_the_first_profile_is_printed() =>
        Assert.StartsWith("flowmeter: ", CommandLine.Run("features").Output, StringComparison.Ordinal);

    [Fact]
    public void An_unknown_profile_is_refused() => CommandLine.AssertRefused(
        "features --profile cci",
        "--profile cci: is not flowmeter, extended, full, cic, appflow or deepfence; did you mean cic? See flowmeter features --help");
}
