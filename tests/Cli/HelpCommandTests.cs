using System.CommandLine;
using FlowMeter.Cli;

namespace FlowMeter.Tests.Cli;

/// <summary><c>flowmeter help</c>, <c>--help</c> of every command, <c>--version</c>: what they print, and what can not be.</summary>
public sealed class HelpCommandTests
{
    [Theory]
    [Typed("read", "--help", "", "flowmeter read <FILE>... [options]\n")]
    [Typed("show", "--help", "", "flowmeter show <FILE> [<EXPRESSION>] [options]\n")]
    [Typed("packets", "--help", "", "flowmeter packets <FILE>... [options]\n")]
    [Typed("collect", "--help", "", "flowmeter collect [options]\n")]
    [Typed("train", "--help", "", "flowmeter train [<FILE>...] [options]\n")]
    [Typed("evaluate", "--help", "", "flowmeter evaluate [<FILE>...] [options]\n")]
    [Typed("tune", "--help", "", "flowmeter tune [options]\n")]
    [Typed("score", "--help", "", "flowmeter score <FILE> [options]\n")]
    [Typed("report", "--help", "", "flowmeter report <FILE> [options]\n")]
    [Typed("capture", "--help", "", "flowmeter capture [options]\n")]
    [Typed("key x", "--help", "", "flowmeter key [options]\n")]
    [Typed("interfaces x", "--help", "", "flowmeter interfaces [options]\n")]
    [Typed("features", "--help", "", "flowmeter features [options]\n")]
    [Typed("model x", "--help", "", "flowmeter model [options]\n")]
    [Typed("top -i lo", "--help", "", "flowmeter top [<FILE>] [options]\n")]
    [Typed("replay", "--help", "", "flowmeter replay <FILE> [options]\n")]
    [Typed("generate", "--help", "", "flowmeter generate <OUT> [options]\n")]
    [Typed("completion", "--help", "", "flowmeter completion <SHELL> [options]\n")]
    [Typed("help read", "--help", "", "flowmeter help [<COMMAND>] [options]\n")]
    [Typed("manual x", "--help", "", "flowmeter manual [options]\n")]
    [Typed("x", "--help", "", "flowmeter [command] [options]\n")]
    [Typed("", "--version", "", "flowmeter 0.")]
    [Typed("--version", "--verbose", "", "sandbox: ")]
    public void An_option_is_taken(string bare, string words, string member, string text)
    {
        Assert.Empty(member);
        CommandLine.AssertPrinted(bare, words, text);
    }

    [Fact]
    public void Help_of_a_command_is_what_the_command_says_of_itself()
    {
        foreach (Command command in Commands.Root().Subcommands.Where(command => !command.Hidden))
        {
            Assert.Equal(CommandLine.Run($"{command.Name} --help"), CommandLine.Run($"help {command.Name}"));
        }
    }

    [Fact]
    public void Without_words_the_program_explains_itself() => Assert.Equal(CommandLine.Run("--help"), CommandLine.Run("help"));

    [Theory]
    [InlineData("help raed", "raed: no such command; did you mean read? See flowmeter read --help")]
    [InlineData("help fly", "fly: no such command. See flowmeter --help")]
    [InlineData("help manual", "manual: no such command. See flowmeter --help")]
    public void An_unknown_command_is_refused(string line, string message) => CommandLine.AssertRefused(line, message);
}
