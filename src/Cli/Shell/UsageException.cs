namespace FlowMeter.Cli.Shell;

/// <summary>The command line asks for something that can not be; the message is one line that says what and what to do.</summary>
internal sealed class UsageException(string message) : Exception(message);
