using System.CommandLine;
using FlowMeter.Cli;
using FlowMeter.Cli.Options;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Text;

namespace FlowMeter.Tests.Cli;

/// <summary>Every number of every command takes units, by one parser, and is refused with one line.</summary>
public sealed class NumberOptionTests
{
    private const long Second = 1_000_000_000;

    [Theory]
    [InlineData("90", 90 * Second)]
    [InlineData("0.25", Second / 4)]
    [InlineData("1e9", 1_000_000_000 * Second)]
    [InlineData("90s", 90 * Second)]
    [InlineData("500ms", Second / 2)]
    [InlineData("250us", 250_000)]
    [InlineData("1ns", 1)]
    [InlineData("1h30m", 5400 * Second)]
    [InlineData("1.5h", 5400 * Second)]
    [InlineData("2d1h1m1s1ms", ((((((2 * 24) + 1) * 60) + 1) * 60) + 1) * Second + (Second / 1000))]
    [InlineData("9000000000s", 9_000_000_000 * Second)]
    [InlineData("off", FlowRules.Never)]
    public void Times(string text, long nanoseconds) => Assert.Equal(nanoseconds, Value("read", "--idle-timeout", text));

    [Theory]
    [InlineData("70000", 70_000)]
    [InlineData("64M", 64L << 20)]
    [InlineData("64m", 64L << 20)]
    [InlineData("64MiB", 64L << 20)]
    [InlineData("64MB", 64_000_000)]
    [InlineData("1GiB", 1L << 30)]
    [InlineData("1.5GiB", 3L << 29)]
    [InlineData("8000B", 8000)]
    public void Sizes(string text, long bytes) => Assert.Equal(bytes, Value("read", "--max-history", text));

    [Theory]
    [InlineData("64", 64L << 20)]
    [InlineData("64M", 64L << 20)]
    [InlineData("64MB", 64_000_000)]
    [InlineData("1GiB", 1L << 30)]
    public void The_buffer_counts_in_mebibytes_where_no_unit_is_given(string text, long bytes) =>
        Assert.Equal(bytes, Value("capture", "--buffer", text));

    [Theory]
    [InlineData("17", 17)]
    [InlineData("10k", 10_000)]
    [InlineData("10K", 10_000)]
    [InlineData("1.5M", 1_500_000)]
    [InlineData("1e6", 1_000_000)]
    public void Counts(string text, long count) => Assert.Equal(count, Value("read", "--max-flows", text));

    [Theory]
    [InlineData("0.3", 0.3)]
    [InlineData("30%", 0.3)]
    [InlineData("0.5%", 0.005)]
    [InlineData("0.12345678901234567", 0.12345678901234567)]
    [InlineData("0", 0.0)]
    public void Shares(string text, double share) =>
        Assert.Equal(share, Commands.Root().Parse(["evaluate", "t.csv", "--prevalence", text]).GetValue<double?>("--prevalence"));

    [Theory]
    [InlineData("--idle-timeout", "0", "is no time; write off for never, else a time as 90s or 1h30m.")]
    [InlineData("--active-timeout", "0s", "is no time; write off for never, else a time as 90s or 1h30m.")]
    [InlineData("--idle-timeout", "1h1h", Time)]
    [InlineData("--idle-timeout", "30m1h", Time)]
    [InlineData("--idle-timeout", "1h30", Time)]
    [InlineData("--idle-timeout", "-1s", Time)]
    [InlineData("--idle-timeout", "1e10", Time)]
    [InlineData("--idle-timeout", "1e400", Time)]
    [InlineData("--idle-timeout", "79228162514264337593543950335d", Time)]
    [InlineData("--idle-timeout", "10MB", Time)]
    [InlineData("--idle-timeout", "NaN", Time)]
    [InlineData("--idle-timeout", "1 h", Time)]
    [InlineData("--idle-timeout", "h", Time)]
    [InlineData("--idle-timeout", "Off", Time)]
    [InlineData("--max-history", "10s", Size)]
    [InlineData("--max-history", "9999999TiB", Size)]
    [InlineData("--max-history", "4096.5", Size)]
    [InlineData("--max-history", "1k", Size)]
    [InlineData("--min-packets", "1.5", "is not a whole number from 1 to 9223372036854775807, as 10k or 1M.")]
    [InlineData("--min-packets", "10MB", "is not a whole number from 1 to 9223372036854775807, as 10k or 1M.")]
    [InlineData("--workers", "9223372036854775807", "is not a whole number from 1 to 256.")]
    [InlineData("--idle-timeout", "9223372036.854775807", Time)]
    [InlineData("--workers", "1k", "is not a whole number from 1 to 256.")]
    public void What_is_none_gets_one_line(string option, string text, string message) =>
        Assert.Equal(
            $"{option} {text}: {message} See flowmeter read --help",
            TypingError.Describe(Commands.Root().Parse(["read", "x.pcap", $"{option}={text}"])));

    [Theory]
    [InlineData(
        "capture -i lo --duration=0",
        "--duration 0: is no time; write off for never, else a time as 90s or 1h30m. See flowmeter capture --help")]
    [InlineData(
        "capture -i lo --stats-every=0",
        "--stats-every 0: is no time; write off for never, else a time as 90s or 1h30m. See flowmeter capture --help")]
    [InlineData(
        "capture -i lo --snaplen=1M",
        "--snaplen 1M: is not a size from 64B to 262144B, as 64M, 64MB or 1GiB. See flowmeter capture --help")]
    [InlineData(
        "evaluate t.csv --target-fpr=2", "--target-fpr 2: is not a share from 0 to 1, as 0.2 or 20%. See flowmeter evaluate --help")]
    [InlineData(
        "train t.csv -o m --hold-out=95%", "--hold-out 95%: is not a share from 0 to 0.9, as 0.2 or 20%. See flowmeter train --help")]
    public void So_do_the_other_commands(string line, string message) =>
        Assert.Equal(message, TypingError.Describe(Commands.Root().Parse(line.Split(' '))));

    [Fact]
    public void Off_ends_no_flow_and_an_own_idle_timeout_counts_for_DNS_too()
    {
        Command command = new("t");
        MeteringArguments arguments = new(command);
        MeteringPlan plan = MeteringPlan.From(
            arguments.ChoicesOf(command.Parse("--profile appflow --idle-timeout off --active-timeout off")), workers: 1,
            flushesEarly: false);
        Assert.Equal(
            (FlowRules.Never, null, FlowRules.Never),
            (plan.Options.Flow.Rules.IdleTimeout, plan.Options.Flow.Rules.DnsIdleTimeout, plan.Options.Flow.Rules.ActiveTimeout));
    }

    [Fact]
    public void Help_gives_an_example_of_every_time_and_size()
    {
        Option[] options =
            [.. Commands.Root().Subcommands.SelectMany(command => command.Options).Where(option => option.HelpName is "TIME" or "SIZE")];
        Assert.True(options.Length > 10);
        Assert.All(options, option => Assert.True(option.Description!.Split('.')[0].Split(' ', ',', ':', ';').Any(
            word => (option.HelpName == "TIME" ? Quantity.Time(word) : Quantity.Size(word)) > 0), option.Name));
    }

    private const string Time = "is not a time from 1ns to 9000000000s, as 90s, 1h30m or 500ms, or off.";
    private const string Size = "is not a size from 4KiB to 8000000TiB, as 64M, 64MB or 1GiB.";

    private static long? Value(string command, string option, string text)
    {
        ParseResult parsed = Commands.Root().Parse([command, "x", "-i", "lo", option, text]);
        return parsed.GetValue<long?>(option);
    }
}
