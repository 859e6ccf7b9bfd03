using FlowMeter.Cli;
using FlowMeter.Cli.Shell;

namespace FlowMeter.Library;

/// <summary>What is said of an exception where none may pass.</summary>
internal static class Failure
{
    /// <summary>One line, and the exit code.</summary>
    public static (string Message, int Code) Of(Exception e)
    {
        (string message, int code) = Program.Describe(e) ?? ($"a defect of FlowMeter; please report it. {e}", ExitCode.Failed);
        return (string.Join(' ', message.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)), code);
    }
}
