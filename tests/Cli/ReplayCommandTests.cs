using FlowMeter.Cli.Shell;

namespace FlowMeter.Tests.Cli;

/// <summary><c>flowmeter replay</c>: what is typed, and what can not be.</summary>
public sealed class ReplayCommandTests
{
    private const string Bare = "replay x.pcap";

    [Theory]
    [Typed(Bare, "--loops 10k", "Loops", "10000")]
    [Typed(Bare, "--pps 1M", "PacketsPerSecond", "1000000")]
    [Typed(Bare, "--flows x8", "Copies", "8")]
    [Typed(Bare, "--page 9477", "Page", "127.0.0.1:9477")]
    [Typed(Bare, "--page-token-file t.txt", "PageTokenFile", "t.txt")]
    [TypedMetering(Bare, "Metering.", judges: true)]
    public void An_option_is_taken(string bare, string words, string member, string value) =>
        CommandLine.AssertTaken(bare, words, member, value);

    [Theory]
    [InlineData("File", "x.pcap")]
    [InlineData("Loops", "1")]
    [InlineData("PacketsPerSecond", "null")]
    [InlineData("Copies", "1")]
    [InlineData("Metering.ModelPath", "null")]
    public void An_option_that_is_not_given_has_its_default(string member, string value) =>
        Assert.Equal(value, CommandLine.Shown(Bare, member));

    [Theory]
    [InlineData("replay", "FILE is missing: The capture to play. See flowmeter replay --help", ExitCode.Usage)]
    [InlineData(Bare + " --flows x0", "--flows x0: write it as x1 to x1024. See flowmeter replay --help", ExitCode.Usage)]
    [InlineData(
        Bare + " --loops 0", "--loops 0: is not a whole number from 1 to 2147483647, as 10k or 1M. See flowmeter replay --help",
        ExitCode.Usage)]
    [InlineData("replay no-such.pcap", "no-such.pcap: no such file; check the path.", ExitCode.Failed)]
    public void What_can_not_be_is_refused(string line, string message, int code) => CommandLine.AssertRefused(line, message, code);
}
