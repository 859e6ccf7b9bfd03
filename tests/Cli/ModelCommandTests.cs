namespace FlowMeter.Tests.Cli;

/// <summary><c>flowmeter model</c>: what is typed, and what can not be.</summary>
public sealed class ModelCommandTests
{
    [Theory]
    [Typed("model", "--profile extended", "Profile", "extended")]
    [Typed("model", "--output m.json", "Output", "m.json")]
    public void An_option_is_taken(string bare, string words, string member, string value) =>
        CommandLine.AssertTaken(bare, words, member, value);

    [Fact]
    public void Without_options_the_model_of_the_first_profile_goes_to_standard_output() =>
        Assert.Equal(("flowmeter", "-"), (CommandLine.Shown("model", "Profile"), CommandLine.Shown("model", "Output")));

    [Theory]
    [InlineData("model --profile cic", "--profile cic: is not extended, flowmeter or full. See flowmeter model --help")]
    [InlineData("model x", "x: is one word too many. See flowmeter model --help")]
    public void What_can_not_be_is_refused(string line, string message) => CommandLine.AssertRefused(line, message);
}
