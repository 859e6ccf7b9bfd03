using FlowMeter.Cli.Shell;

namespace FlowMeter.Tests.Cli;

/// <summary><c>flowmeter score</c>: what is typed, and what can not be.</summary>
public sealed class ScoreCommandTests
{
    private const string Bare = "score t.csv";

    [Theory]
    [Typed(Bare, "--model m.json", "ModelPath", "m.json")]
    [Typed(Bare, "--threshold 0.3,1", "Threshold", "0.3,1")]
    [Typed(Bare, "--budget bytes=5%", "Budget", "5 % of the bytes of benign flows")]
    [Typed(Bare, "--explain 20", "Explain", "20")]
    [Typed(Bare, "--no-sandbox", "IsSandboxed", "False")]
    [Typed(Bare, "--output j.csv", "Output", "j.csv")]
    [Typed(Bare, "--quiet", "Quiet", "True")]
    public void An_option_is_taken(string bare, string words, string member, string value) =>
        CommandLine.AssertTaken(bare, words, member, value);

    [Theory]
    [InlineData("Table", "t.csv")]
    [InlineData("ModelPath", "builtin")]
    [InlineData("Output", "-")]
    [InlineData("Quiet", "False")]
    public void An_option_that_is_not_given_has_its_default(string member, string value) =>
        Assert.Equal(value, CommandLine.Shown(Bare, member));

    [Fact]
    public void Standard_input_may_go_to_standard_output() => Assert.Equal("-", CommandLine.Shown("score -", "Output"));

    [Theory]
    [InlineData(
        "score", "FILE is missing: The flow table: CSV, JSON Lines, also as .gz or .zst, or Parquet; - for standard input. "
        + "See flowmeter score --help", ExitCode.Usage)]
    [InlineData("score t.csv -o ./t.csv", "-o ./t.csv: is the table itself, too; choose another name.", ExitCode.Usage)]
    [InlineData("score t.csv --model=", "Required argument missing for option: '--model'. See flowmeter score --help", ExitCode.Usage)]
    [InlineData("score t.csv --threshold 0.5,0.4", "--threshold 0.5,0.4: is not a score from 0 to 1, as 0.5 or 50%, or two of them, the "
        + "lower one first. See flowmeter score --help", ExitCode.Usage)]
    [InlineData("score t.csv --budget lots", "--budget lots: is not a share of flows as 5%, of bytes as bytes=5%, or alarms a day as "
        + "20/day. See flowmeter score --help", ExitCode.Usage)]
    [InlineData("score no-such.csv", "no-such.csv: no such file; check the path.", ExitCode.Failed)]
    public void What_can_not_be_is_refused(string line, string message, int code) => CommandLine.AssertRefused(line, message, code);
}
