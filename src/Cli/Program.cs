using System.CommandLine;
using System.Text;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Observe;
using FlowMeter.Engine.Scoring;
using FlowMeter.Engine.Training;
using FlowMeter.Native;

namespace FlowMeter.Cli;

/// <summary>Main: parse, run, and map what went wrong to one line on stderr and an exit code.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        // What .NET makes of standard output and error at their first use asks a terminal for its keypad mode; these streams ask for nothing.
        Console.SetOut(Plain(Console.OpenStandardOutput()));
        Console.SetError(Plain(Console.OpenStandardError()));
        ParseResult parsed = Commands.Root().Parse(FilesFirst.Of(arguments));
        try
        {
            return parsed.Errors.Count > 0 && parsed.Action is System.CommandLine.Invocation.ParseErrorAction
                ? Fail(TypingError.Of(parsed), ExitCode.Usage)
                : parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (UsageException e)
        {
            return Fail(e.Message, ExitCode.Usage);
        }
        catch (OutputException e) when (e.IsClosedPipe)
        {
            return ExitCode.Done;
        }
        catch (Exception e) when (e is CaptureException or OutputException or ModelException or DataException or PcapException or PrivilegeException or Telemetry.MetricsException or ZstandardException or InsufficientMemoryException)
        {
            return Fail(e.Message, ExitCode.Failed);
        }
    }

    private static StreamWriter Plain(Stream stream) => new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };

    private static int Fail(string message, int code)
    {
        Console.Error.WriteLine($"flowmeter: {string.Join(' ', message.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries))}");
        return code;
    }
}
