using System.CommandLine;
using System.CommandLine.Help;
using FlowMeter.Cli;
using FlowMeter.Cli.Help;

namespace FlowMeter.Tests.Rules;

/// <summary>The manual page says what the help says, word for word.</summary>
public sealed class ManualPageTests
{
    [Fact]
    public void Every_command_option_and_argument_is_described_as_in_the_help()
    {
        string page = Plain(ManualPage.Format(Commands.Root()));
        Command[] commands = [.. Commands.Root().Subcommands.Where(command => !command.Hidden)];
        Assert.True(commands.Length >= 5, "the commands were found");
        foreach (Command command in commands)
        {
            string section = page.Split($"\n.SH \"FLOWMETER {command.Name.ToUpperInvariant()}\"\n")[1].Split("\n.SH ")[0];
            Assert.Contains(command.Description!, section, StringComparison.Ordinal);
            Assert.All(
                command.Arguments,
                argument => Assert.Contains($"\n.TP\n{argument.Name}\n{argument.Description}\n", section, StringComparison.Ordinal));
            Assert.All(
                command.Options.Where(option => option is not HelpOption),
                option => Assert.Contains(
                    $"{option.Name}{(option.HelpName == null ? "" : " " + option.HelpName)}\n{option.Description}\n", section,
                    StringComparison.Ordinal));
            Assert.All(Examples.LinesOf(command), example => Assert.Contains($"\n{example}\n", section, StringComparison.Ordinal));
            Assert.NotEmpty(Examples.LinesOf(command));
        }
    }

    [Theory]
    [InlineData("FILES", ".partial", "/etc/default/flowmeter", "/var/lib/flowmeter")]
    [InlineData("SIGNALS", "SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1")]
    [InlineData("EXIT STATUS", "\n0\n", "\n1\n", "\n2\n", "130", "143")]
    public void It_has_the_sections_that_other_pages_have(string title, params string[] words)
    {
        string section = Plain(ManualPage.Format(Commands.Root())).Split($"\n.SH \"{title}\"\n")[1].Split("\n.SH ")[0];
        Assert.All(words, word => Assert.Contains(word, section, StringComparison.Ordinal));
    }

    [Fact]
    public void The_command_that_prints_it_is_not_in_the_help() =>
        Assert.True(Commands.Root().Subcommands.Single(command => command.Name == "manual").Hidden);

    /// <summary>What man(1) makes of the page's text, requests left as they are.</summary>
    private static string Plain(string page) => page
        .Replace("\\fB", "", StringComparison.Ordinal).Replace("\\fI", "", StringComparison.Ordinal).Replace(
            "\\fR", "", StringComparison.Ordinal)
        .Replace("\\-", "-", StringComparison.Ordinal).Replace("\\(ti", "~", StringComparison.Ordinal).Replace(
            "\\(ha", "^", StringComparison.Ordinal)
        .Replace("\\(ga", "`", StringComparison.Ordinal).Replace("\\(aq", "'", StringComparison.Ordinal)
        .Replace("\\&", "", StringComparison.Ordinal).Replace("\\e", "\\", StringComparison.Ordinal);
}
