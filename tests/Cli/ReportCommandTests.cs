using FlowMeter.Cli.Shell;

namespace FlowMeter.Tests.Cli;

/// <summary><c>flowmeter report</c>: what is typed, and what can not be.</summary>
public sealed class ReportCommandTests
{
    [Theory]
    [Typed("report t.csv", "--output r.html", "Page", "r.html")]
    [Typed("report t.csv", "--no-sandbox", "IsSandboxed", "False")]
    [Typed("report t.csv", "--hosts h.csv", "Hosts", "h.csv")]
    [Typed("report t.csv", "--label-column class", "LabelColumn", "class")]
    [Typed("report t.csv", "-o t.htm", "IsNamedByTable", "False")]
    public void An_option_is_taken(string bare, string words, string member, string value) =>
        CommandLine.AssertTaken(bare, words, member, value);

    [Theory]
    [InlineData("report a/t.csv", "a/t.html", "True")]
    [InlineData("report table", "table.html", "True")]
    [InlineData("report -", "-", "False")]
    public void Without_a_name_the_page_has_the_tables(string line, string page, string isNamedByTable) =>
        Assert.Equal((page, isNamedByTable), (CommandLine.Shown(line, "Page"), CommandLine.Shown(line, "IsNamedByTable")));

    [Theory]
    [InlineData(
        "report", "FILE is missing: The flow table: CSV, JSON Lines, also as .gz or .zst, or Parquet; - for standard input. "
        + "See flowmeter report --help", ExitCode.Usage)]
    [InlineData("report t.html", "-o t.html: is the table itself, too; choose another name.", ExitCode.Usage)]
    [InlineData("report t.csv -o t.csv", "-o t.csv: is the table itself, too; choose another name.", ExitCode.Usage)]
    [InlineData("report t.csv --hosts h.csv -o h.csv", "-o h.csv: is the table of --hosts, too; choose another name.", ExitCode.Usage)]
    [InlineData("report no-such.csv", "no-such.csv: no such file; check the path.", ExitCode.Failed)]
    public void What_can_not_be_is_refused(string line, string message, int code) => CommandLine.AssertRefused(line, message, code);
}
