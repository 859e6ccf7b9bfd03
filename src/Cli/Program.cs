using System.CommandLine;
using System.CommandLine.Invocation;
using System.Security.Cryptography;
using FlowMeter.Cli.Learn;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;
using FlowMeter.Cli.Telemetry;
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

        // Before the first thread.
        RunSandbox.Prepare();
        Signals.Handle();
        AppDomain.CurrentDomain.UnhandledException += (_, failure) => EndAt(failure.ExceptionObject);
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
        catch (UsageException e)
        {
            return Fail(e.Message, ExitCode.Usage);
        }
        catch (OutputException e) when (e.IsClosedPipe)
        {
            return ExitCode.Done;
        }
        catch (Exception e) when (e is CaptureException or OutputException or ModelException or DataException or PcapException
            or PrivilegeException or MetricsException or ZstandardException or InsufficientMemoryException)
        {
            return Fail(e.Message, ExitCode.Failed);
        }
        catch (Exception e) when (e.GetBaseException() is IOException or UnauthorizedAccessException or NotSupportedException
            or CryptographicException or OutOfMemoryException)
        {
            // What nobody expects to fail: the name of the working folder, random bytes, a thread.
            return Fail(
                $"the system failed: {e.GetBaseException().Message.TrimEnd('.')}; try again, and look what it lacks.", ExitCode.Failed);
        }
    }

    /// <summary>
    /// A defect of the program, on whatever thread. The runtime would write the same line, wait for whoever reads it, and abort.
    /// </summary>
    private static void EndAt(object failure)
    {
        Terminal.Error.WriteLine($"flowmeter: a defect of the program has ended the run; please report it. {failure}");
        Terminal.Error.Finish(s_lastWords);
        Environment.Exit(ExitCode.Failed);
    }
}
