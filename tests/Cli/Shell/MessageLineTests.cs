using FlowMeter.Cli;
using FlowMeter.Cli.Shell;

namespace FlowMeter.Tests.Cli.Shell;

/// <summary>What strangers wrote is text in our messages, and nothing else.</summary>
public sealed class MessageLineTests
{
    [Theory]
    [InlineData("a.pcap: no such file; check the path.", "a.pcap: no such file; check the path.")]
    [InlineData("naïve  日本 \"x\"", "naïve  日本 \"x\"")]
    [InlineData("x\nflowmeter: all is well", "x flowmeter: all is well")]
    [InlineData("x\r\ty", "x  y")]
    [InlineData("\u001b[2J\u0007\u009b1m\u007f", "\\u001B[2J\\u0007\\u009B1m\\u007F")]
    [InlineData("a\u202Eb\u2028c\u2066d\0", "a\\u202Eb\\u2028c\\u2066d\\u0000")]
    public void It_is_one_line_that_a_terminal_only_shows(string message, string line) => Assert.Equal(line, MessageLine.From(message));

    [Fact]
    public void It_has_an_end() => Assert.Equal(new string('a', 4000) + "...", MessageLine.From(new string('a', 1 << 20)));

    [Fact]
    public void The_line_that_says_why_a_command_failed_is_such_a_line()
    {
        using StringWriter output = new();
        using StringWriter error = new();
        Assert.Equal(1, Program.Run(["score", "no\u001b[31msuch\nfile"], output, error));
        Assert.StartsWith("flowmeter: no\\u001B[31msuch file: no such file", error.ToString(), StringComparison.Ordinal);
    }
}
