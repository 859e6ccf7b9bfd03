using FlowMeter.Cli.Shell;

namespace FlowMeter.Tests.Cli;

/// <summary><c>flowmeter top</c>: what is typed, and what can not be.</summary>
public sealed class TopCommandTests
{
    private const string Bare = "top -i lo";

    [Theory]
    [Typed("top", "--interface lo -i eth1 -i lo", "Interfaces", "lo eth1")]
    [Typed(Bare, "--model none", "ModelPath", "none")]
    public void An_option_is_taken(string bare, string words, string member, string value) =>
        CommandLine.AssertTaken(bare, words, member, value);

    [Theory]
    [InlineData("top x.pcap", "File", "x.pcap")]
    [InlineData(Bare, "File", "null")]
    [InlineData(Bare, "ModelPath", "null")]
    public void An_option_that_is_not_given_has_its_default(string line, string member, string value) =>
        Assert.Equal(value, CommandLine.Shown(line, member));

    [Theory]
    [InlineData("top")]
    [InlineData("top x.pcap -i lo")]
    public void Either_a_file_or_interfaces_are_shown(string line) => CommandLine.AssertRefused(
        line, "name a capture, or interfaces with -i: one of the two. See flowmeter top --help", ExitCode.Usage);

    [Theory]
    [InlineData("top -i lo")]
    [InlineData("top no-such.pcap")]
    public void Without_a_terminal_there_is_one_line_about_it(string line) => CommandLine.AssertRefused(
        line,
        "top: is for a terminal, for its keys and its whole screen; write a table with read or capture, or look at the run with --page.",
        ExitCode.Usage);
}
