using FlowMeter.Cli.Shell;

namespace FlowMeter.Tests.Cli;

/// <summary><c>flowmeter packets</c>: what is typed, and what can not be.</summary>
public sealed class PacketsCommandTests
{
    private const string Bare = "packets x.pcap --flow 1";
    private const string Id = "1:mzw4GQ7I3JAfdjdEsBE2d6yV3lE=";

    [Theory]
    [Typed("packets x.pcap", "--flow 17", "Flows", "17")]
    [Typed(Bare, "--flow " + Id, "Flows", "1 " + Id)]
    [Typed(Bare, "--output f.pcap", "Output", "f.pcap")]
    [Typed(Bare, "--filter tcp", "Filter", "tcp")]
    [Typed(Bare, "--no-sandbox", "IsSandboxed", "False")]
    [Typed(Bare, "--quiet", "Quiet", "True")]
    [TypedMetering("packets x.pcap --flow " + Id, "Metering.", judges: true, Anonymizes = false)]
    public void An_option_is_taken(string bare, string words, string member, string value) =>
        CommandLine.AssertTaken(bare, words, member, value);

    [Theory]
    [InlineData("Files", "x.pcap")]
    [InlineData("Output", "-")]
    [InlineData("Filter", "null")]
    [InlineData("Metering.Workers", "null")]
    public void An_option_that_is_not_given_has_its_default(string member, string value) =>
        Assert.Equal(value, CommandLine.Shown(Bare, member));

    [Theory]
    [InlineData("packets x.pcap", "Option '--flow' is required. See flowmeter packets --help", ExitCode.Usage)]
    [InlineData("packets x.pcap --flow 0", NoFlow0, ExitCode.Usage)]
    [InlineData("packets x.pcap --flow 1:abc", NoFlowAbc, ExitCode.Usage)]
    [InlineData(Bare + " --workers 2", "--flow 1: rows of several workers have no fixed order; leave out --workers, or give the flow's "
        + "Community ID.", ExitCode.Usage)]
    [InlineData(Bare + " -o ./x.pcap", "-o ./x.pcap: is an input file, too; choose another name.", ExitCode.Usage)]
    [InlineData(
        Bare + " --anonymize k",
        "--anonymize: no such option of flowmeter packets; flowmeter read has it. See flowmeter packets --help", ExitCode.Usage)]
    [InlineData("packets no-such.pcap --flow 1", "no-such.pcap: no such file; check the path.", ExitCode.Failed)]
    [InlineData("packets - --flow 1", "-: is a pipe, and captures are read twice; record it to a file first.", ExitCode.Usage)]
    public void What_can_not_be_is_refused(string line, string message, int code) => CommandLine.AssertRefused(line, message, code);

    private const string NoFlow0 = "--flow 0: is neither the number of a row, from 1, nor a Community ID as " + Id
        + ". See flowmeter packets --help";
    private const string NoFlowAbc = "--flow 1:abc: is neither the number of a row, from 1, nor a Community ID as " + Id
        + ". See flowmeter packets --help";
}
