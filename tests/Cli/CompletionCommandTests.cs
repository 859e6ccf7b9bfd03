namespace FlowMeter.Tests.Cli;

/// <summary>
/// <c>flowmeter completion</c>: a script for each shell. What the scripts then offer is in <see cref="CompletionTests"/>.
/// </summary>
public sealed class CompletionCommandTests
{
    [Theory]
    [InlineData("bash", "complete -o filenames -F _flowmeter flowmeter\n")]
    [InlineData("zsh", "compdef _flowmeter flowmeter; fi\n")]
    [InlineData("fish", "complete -c flowmeter ")]
    public void Each_shell_gets_its_script(string shell, string text)
    {
        (int code, string output, string error) = CommandLine.Run($"completion {shell}");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains(text, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("completion", "SHELL is missing: bash, zsh or fish. See flowmeter completion --help")]
    [InlineData("completion ksh", "SHELL ksh: is not bash, zsh or fish; did you mean zsh? See flowmeter completion --help")]
    public void What_can_not_be_is_refused(string line, string message) => CommandLine.AssertRefused(line, message);
}
