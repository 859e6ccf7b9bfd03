using FlowMeter.Cli;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;
using FlowMeter.Tests.EndToEnd;

namespace FlowMeter.Tests.Cli;

/// <summary><c>flowmeter show</c>: what is typed, and what can not be.</summary>
public sealed class ShowCommandTests
{
    private const string Bare = "show t.csv";

    [Theory]
    [Typed(Bare, "--by src_ip,dst_port", "Query.By", "src_ip dst_port")]
    [Typed(Bare, "--sort bytes,start_time:desc", "Query.Sort", "bytes start_time:desc")]
    [Typed(Bare, "--top 20", "Query.Top", "20")]
    [Typed(Bare, "--columns row,src_ip", "Query.Columns", "row src_ip")]
    [Typed(Bare, "--format jsonl", "Format", "jsonl")]
    [Typed(Bare, "--output o.csv", "Output", "o.csv")]
    [Typed(Bare, "--color never", "Color", "never")]
    [Typed(Bare, "--filter tcp", "Filter", "tcp")]
    [Typed(Bare, "--no-sandbox", "IsSandboxed", "False")]
    [Typed(Bare, "--quiet", "Quiet", "True")]
    [TypedMetering(Bare, "Metering.", judges: true)]
    public void An_option_is_taken(string bare, string words, string member, string value) =>
        CommandLine.AssertTaken(bare, words, member, value);

    [Theory]
    [InlineData("File", "t.csv")]
    [InlineData("Query.Expression", "null")]
    [InlineData("Query.By", "")]
    [InlineData("Query.Sort", "")]
    [InlineData("Query.Top", "null")]
    [InlineData("Format", "null")]
    [InlineData("Output", "-")]
    [InlineData("Color", "auto")]
    [InlineData("CaptureOption", "null")]
    [InlineData("Quiet", "False")]
    public void An_option_that_is_not_given_has_its_default(string member, string value) =>
        Assert.Equal(value, CommandLine.Shown(Bare, member));

    [Theory]
    [InlineData(Bare + " row==1", "Query.Expression", "row==1")]
    [InlineData("show - row==1", "File", "-")]
    [InlineData(Bare + " --profile full", "CaptureOption", "--profile")]
    [InlineData(Bare + " --anonymize key", "CaptureOption", "null")]
    [InlineData(Bare + " --anonymize key --names", "CaptureOption", "--names")]
    [InlineData(Bare + " --idle-timeout 5s --filter tcp", "CaptureOption", "--filter")]
    public void The_rest_of_the_line_is_taken(string line, string member, string value) =>
        Assert.Equal(value, CommandLine.Shown(line, member));

    [Theory]
    [InlineData(
        "show", "FILE is missing: The flow table (CSV, JSON Lines, also as .gz or .zst, or Parquet), or the capture; - for a table on "
        + "standard input. See flowmeter show --help", ExitCode.Usage)]
    [InlineData("show t.csv -o ./t.csv", "-o ./t.csv: is what is shown, too; choose another name.", ExitCode.Usage)]
    [InlineData("show t.csv --by a,,b", "--by a,,b: a name is empty; write columns as src_ip,dst_port. See flowmeter show --help",
        ExitCode.Usage)]
    [InlineData("show t.csv --format tabel", "--format tabel: is not table, csv or jsonl; did you mean table? See flowmeter show --help",
        ExitCode.Usage)]
    [InlineData("show t.csv --format csv -o x.jsonl", "-o x.jsonl: has the ending of jsonl, and --format says csv; give it the ending "
        + ".csv, or leave out --format.", ExitCode.Usage)]
    [InlineData("show t.csv -o x.parquet", "-o x.parquet: rows are written as table, csv, jsonl; give it the ending .csv or .jsonl.",
        ExitCode.Usage)]
    [InlineData("show no-such.csv --profile full", "--profile: is for captures, and no-such.csv is none; leave it out.", ExitCode.Usage)]
    [InlineData("show no-such.csv", "no-such.csv: no such file; check the path.", ExitCode.Failed)]
    public void What_can_not_be_is_refused(string line, string message, int code) => CommandLine.AssertRefused(line, message, code);

    [Theory]
    [InlineData("show t.csv row=1", "  row=1\n     ^\nflowmeter: expression: = is no comparison; write == for equal.\n")]
    [InlineData("show t.csv (row==1", "  (row==1\n  ^\nflowmeter: expression: this parenthesis is never closed.\n")]
    [InlineData("show t.csv a\u4e2d\u0007b==1==2", "  a??b==1==2\n         ^^\nflowmeter: expression: expected and, or, or the end of "
        + "the expression.\n")]
    public void The_place_of_a_fault_is_shown_above_its_line(string line, string error) =>
        Assert.Equal((ExitCode.Usage, "", error), CommandLine.Run(line));

    [Theory]
    [InlineData("--columns row,bytes", "", "--columns")]
    [InlineData("--sort row", "", "--sort")]
    [InlineData("row==3", "  row==3\n  ^^^\n", "expression")]
    public void Rows_have_no_numbers_where_several_workers_give_them(string words, string excerpt, string what)
    {
        string line = $"show {Samples.Office} {words} --format csv -o /dev/null -q";
        Assert.Equal((ExitCode.Done, "", ""), CommandLine.Run($"{line} --workers 1"));
        Assert.Equal(
            (ExitCode.Usage, "", $"{excerpt}flowmeter: {what}: row: with several workers rows have no order and no numbers; leave out "
                + "--workers.\n"),
            CommandLine.Run($"{line} --workers 2"));
    }

    [Fact]
    public void Help_has_each_option_where_it_belongs()
    {
        string Group(string command, string option) => OptionGroup
            .From(Commands.Root().Subcommands.Single(known => known.Name == command))
            .Single(group => group.Options.Any(known => known.Name == option)).Title;
        Assert.Equal(("Rows", "Input"), (Group("show", "--sort"), Group("read", "--sort")));
    }

    [Fact]
    public void Of_a_long_expression_the_part_with_the_fault_is_shown()
    {
        string expression = string.Concat(Enumerable.Repeat("(", 90)) + "row=1";
        string[] lines = CommandLine.Run($"show t.csv {expression}").Error.Split('\n');
        Assert.Equal("=1", lines[0][lines[1].IndexOf('^', StringComparison.Ordinal)..]);
        Assert.All(lines[..2], line => Assert.InRange(line.Length, 1, 80));
    }
}
