using System.CommandLine;
using System.CommandLine.Invocation;
using FlowMeter.Cli.Http;
using FlowMeter.Cli.Learn;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;
using FlowMeter.Native;

namespace FlowMeter.Cli;

/// <summary>Main: parse, run, and map what went wrong to one line on stderr and an exit code.</summary>
internal static class Program
{
    // Standard error may be a pipe whose reader has stopped, and a signal has to end the process all the same.
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(2);

    private static int Main(string[] arguments)
    {
        if (!OperatingSystem.IsWindows())
        {
            Descriptors.ReserveStandard();
        }

        AppDomain.CurrentDomain.UnhandledException += (_, failure) => EndAt((Exception)failure.ExceptionObject);

        // Before the first thread.
        RunSandbox.Prepare();
        Signals.Handle();
        int code = Run(arguments, Terminal.Out, Terminal.Error);
        Terminal.Error.Finish(s_lastWords);
        return code;
    }

    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">The words behind the program's name.</param>
    /// <param name="output">Where commands that print print.</param>
    /// <param name="error">Where the line goes that says what went wrong.</param>
    /// <returns>The exit code.</returns>
    internal static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        int Fail(string message, int code)
        {
            string line = string.Join(' ', message.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
            error.WriteLine($"flowmeter: {MessageLine.From(line)}");
            return code;
        }

        ParseResult parsed = Commands.Root().Parse(FilesFirst.Reorder(arguments));
        try
        {
            return parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction
                ? Fail(TypingError.Describe(parsed), ExitCode.Usage)
                : parsed.Invoke(new InvocationConfiguration
                {
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                    Output = output,
                    Error = error,
                });
        }
        catch (OutputException e) when (e.IsClosedPipe)
        {
            return ExitCode.Done;
        }
        catch (Exception e) when (Describe(e) is { } failure)
        {
            foreach (string line in e is UsageException usage ? usage.Excerpt : [])
            {
                error.WriteLine(line);
            }

            return Fail(failure.Message, failure.Code);
        }
    }

    /// <summary>What to say of a failure, and its exit code; null: it is a defect of the program.</summary>
    internal static (string Message, int Code)? Describe(Exception e) => e switch
    {
        UsageException => (e.Message, ExitCode.Usage),
        CaptureException or OutputException or ModelException or DataException or PcapException or PrivilegeException or ListenException
            or ZstandardException or InsufficientMemoryException => (e.Message, ExitCode.Failed),
        _ when SystemFailure.Is(e) => (SystemFailure.Describe(e), ExitCode.Failed),
        _ => null,
    };

    /// <summary>
    /// What nobody catches, on whatever thread: a defect of the program, or the system had no room even for a thread that takes signals.
    /// The runtime would write as much, wait for whoever reads it, and abort.
    /// </summary>
    private static void EndAt(Exception failure)
    {
        Terminal.Error.WriteLine(SystemFailure.Is(failure)
            ? $"flowmeter: {SystemFailure.Describe(failure)}"
            : $"flowmeter: a defect of the program has ended the run; please report it. {failure}");
        Terminal.Error.Finish(s_lastWords);
        Environment.Exit(ExitCode.Failed);
    }
}
