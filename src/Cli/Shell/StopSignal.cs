namespace FlowMeter.Cli.Shell;

/// <summary>
/// Signals end a run in order: the first SIGINT or SIGTERM stops the metering, a second one kills the process as usual. SIGHUP stops it,
/// too, or has a run that has a use for it rotate its files.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    private const int None = -1;

    // Some terminals send the signal before they are gone.
    private static readonly TimeSpan s_goodbye = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly int _terminated;
    private readonly int _hungUp;
    private readonly bool _outlivesTerminal;
    private volatile int _exitCode = None;
    private int _isLooking;
    private bool _isOver;

    /// <summary>Listens from now on.</summary>
    /// <param name="terminated">
    /// The exit code for SIGTERM: what ends by itself was cut short, what runs until it is told to has done its work.
    /// </param>
    /// <param name="hungUp">The exit code for SIGHUP, likewise.</param>
    /// <param name="rotate">What SIGHUP does as long as the terminal is there; null: it ends the run.</param>
    /// <param name="outlivesTerminal">Whether the run goes on without the terminal on which it was started.</param>
    public StopSignal(
        int terminated = Shell.ExitCode.Terminated, int hungUp = Shell.ExitCode.HungUp, Action? rotate = null,
        bool outlivesTerminal = false)
    {
        _terminated = terminated;
        _hungUp = hungUp;
        _outlivesTerminal = outlivesTerminal;
        Rotate = rotate;
        Signals.Begin(this);
    }

    /// <summary>What SIGHUP does as long as the terminal is there; null: it ends the run.</summary>
    public Action? Rotate { get; set; }

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

    /// <summary>Stops the run; false if it has been before.</summary>
    internal bool Stop(bool isInterrupt)
    {
        if (isInterrupt && Terminal.IsWatched && _exitCode == None)
        {
            // The terminal has written ^C; the shell's prompt is to begin on a line of its own.
            Terminal.Error.WriteLine();
        }

        return Stop(isInterrupt ? Shell.ExitCode.Interrupted : _terminated);
    }

    /// <summary>Rotates or stops.</summary>
    internal void HangUp()
    {
        if (Rotate is not { } rotate || IsLeft)
        {
            Stop(_hungUp);
            return;
        }

        rotate();
        if (!_outlivesTerminal && Signals.HadTerminal && Interlocked.Exchange(ref _isLooking, 1) == 0)
        {
            Thread.Sleep(s_goodbye);
            _isLooking = 0;
            if (IsLeft)
            {
                Stop(_hungUp);
            }
        }
    }

    public void Dispose()
    {
        Signals.End();
        lock (_stop)
        {
            _isOver = true;
            _stop.Dispose();
        }
    }

    private bool IsLeft => !_outlivesTerminal && Signals.IsTerminalGone;

    private bool Stop(int exitCode)
    {
        lock (_stop)
        {
            if (_isOver || _exitCode != None)
            {
                return _isOver;
            }

            _exitCode = exitCode;
        }

        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The run is over, and all is done.
        }

        return true;
    }
}
