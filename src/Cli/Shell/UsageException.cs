namespace FlowMeter.Cli.Shell;

/// <summary>The command line asks for something that can not be; the message is one line that says what and what to do.</summary>
internal sealed class UsageException(string message) : Exception(message)
{
    /// <summary>Lines that show the place of what was typed, above the message; none where it is plain.</summary>
    public IReadOnlyList<string> Excerpt { get; init; } = [];
}
