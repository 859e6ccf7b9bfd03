using System.CommandLine;
using FlowMeter.Engine.Observe;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;
using FlowMeter.Native;

namespace FlowMeter.Cli;

/// <summary>Main: parse, run, and map what went wrong to one line on stderr and an exit code.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        ParseResult parsed = Commands.Root().Parse(FilesFirst.Of(arguments));
        try
        {
            return parsed.Errors.Count > 0 && parsed.Action is System.CommandLine.Invocation.ParseErrorAction
                ? Fail(TypingError.Of(parsed), ExitCode.Usage)
                : parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = Terminal.Out, Error = Terminal.Error });
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

    private static int Fail(string message, int code)
    {
        Terminal.Error.WriteLine($"flowmeter: {string.Join(' ', message.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries))}");
        return code;
    }
}
