using FlowMeter.Cli;
using FlowMeter.Cli.Learn;
using FlowMeter.Cli.Options;

namespace FlowMeter.Tests.Cli;

/// <summary>A mistyped line gets one sentence with what was meant, and where to read on.</summary>
public sealed class TypingErrorTests
{
    [Theory]
    [InlineData("rad x.pcap", "rad: no such command; did you mean read? See flowmeter read --help")]
    [InlineData("captrue -i eth0", "captrue: no such command; did you mean capture? See flowmeter capture --help")]
    [InlineData("READ x.pcap", "READ: no such command; did you mean read? See flowmeter read --help")]
    [InlineData("eval x.csv", "eval: no such command; did you mean evaluate? See flowmeter evaluate --help")]
    [InlineData("fly", "fly: no such command. See flowmeter --help")]
    [InlineData("capture.pcap", "capture.pcap: is no command; did you mean flowmeter read capture.pcap? See flowmeter read --help")]
    [InlineData(
        "capture.pcap -o x.csv",
        "capture.pcap: is no command; did you mean flowmeter read capture.pcap -o x.csv? See flowmeter read --help")]
    [InlineData("flows.csv", "flows.csv: is no command; did you mean flowmeter report flows.csv? See flowmeter report --help")]
    [InlineData(
        "--filter tcp x.pcap",
        "--filter: is an option of a command; did you mean flowmeter read --filter tcp x.pcap? See flowmeter read --help")]
    [InlineData("--versoin", "--versoin: no such option; did you mean --version? See flowmeter --help")]
    [InlineData("read --protile cic x.pcap", "--protile: no such option; did you mean --profile? See flowmeter read --help")]
    [InlineData("read x.pcap --idle-timout=3", "--idle-timout: no such option; did you mean --idle-timeout? See flowmeter read --help")]
    [InlineData("score x.csv --modle m.json", "--modle: no such option; did you mean --model? See flowmeter score --help")]
    [InlineData("score --modle m.json x.csv", "--modle: no such option; did you mean --model? See flowmeter score --help")]
    [InlineData("capture -i eth0 --rotat 1h", "--rotat: no such option; did you mean --rotate? See flowmeter capture --help")]
    [InlineData("model --ouput x", "--ouput: no such option; did you mean --output? See flowmeter model --help")]
    [InlineData(
        "read x.pcap --labels t.tsv", "--labels: no such option of flowmeter read; flowmeter train has it. See flowmeter read --help")]
    [InlineData("read x.pcap --zebra", "--zebra: no such option; a file of that name is written ./--zebra. See flowmeter read --help")]
    [InlineData(
        "read x.pcap --profile cci",
        "--profile cci: is not flowmeter, extended, full, cic, appflow or deepfence; did you mean cic? See flowmeter read --help")]
    [InlineData("completion bsh", "SHELL bsh: is not bash, zsh or fish; did you mean bash? See flowmeter completion --help")]
    [InlineData("score a.csv b.csv", "b.csv: is one word too many. See flowmeter score --help")]
    public void It_is_told_what_was_meant(string line, string expected) =>
        Assert.Equal(expected, TypingError.Describe(Commands.Root().Parse(FilesFirst.Reorder(line.Split(' ')))));

    [Theory]
    [InlineData("read")]
    [InlineData("score")]
    [InlineData("replay")]
    public void A_missing_file_is_told_with_what_it_should_be(string command)
    {
        string error = TypingError.Describe(Commands.Root().Parse(command));
        Assert.StartsWith("FILE is missing: ", error, StringComparison.Ordinal);
        Assert.EndsWith($". See flowmeter {command} --help", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("help")]
    [InlineData("help read")]
    [InlineData("-V")]
    [InlineData("")]
    public void What_asks_for_help_is_no_error(string line) => Assert.Empty(Commands.Root().Parse(line).Errors);

    [Theory]
    [InlineData("read", "read")]
    [InlineData("raed", "read")]
    [InlineData("rea", "read")]
    [InlineData("gen", "generate")]
    [InlineData("re", null)]
    [InlineData("xyz", null)]
    [InlineData("", null)]
    [InlineData("--", null)]
    public void The_nearest_word_is_near(string typed, string? meant) =>
        Assert.Equal(meant, NearestWord.Find(typed, ["read", "report", "generate"]));
}
