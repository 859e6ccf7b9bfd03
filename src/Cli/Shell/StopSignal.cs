using System.Runtime.InteropServices;

namespace FlowMeter.Cli.Shell;

/// <summary>SIGINT and SIGTERM end a run in order: the first one stops the metering, a second one kills the process as usual.</summary>
internal sealed class StopSignal : IDisposable
{
    private const int None = -1;

    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private volatile int _exitCode = None;

    /// <summary>Listens from now on.</summary>
    /// <param name="terminated">
    /// The exit code for SIGTERM: what ends by itself was cut short, what runs until it is told to has done its work.
    /// </param>
    public StopSignal(int terminated = Shell.ExitCode.Terminated)
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, Shell.ExitCode.Interrupted));
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, terminated));
    }

    /// <summary>Cancelled at the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>The exit code that the signal asks for, or null if there was none.</summary>
    public int? ExitCode => _exitCode == None ? null : _exitCode;

    /// <summary>Runs work that leaves nothing when it is stopped, and returns its exit code or the signal's.</summary>
    public int Run(Func<int> work)
    {
        try
        {
            return work();
        }
        catch (OperationCanceledException) when (ExitCode is not null)
        {
            return ExitCode.Value;
        }
    }

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _stop.Dispose();
    }

    private void Stop(PosixSignalContext context, int exitCode)
    {
        if (_exitCode == None)
        {
            context.Cancel = true;
            if (exitCode == Shell.ExitCode.Interrupted && Terminal.IsWatched)
            {
                // The terminal has written ^C; the shell's prompt is to begin on a line of its own.
                Terminal.Error.WriteLine();
            }

            _exitCode = exitCode;
            _stop.Cancel();
        }
    }
}
