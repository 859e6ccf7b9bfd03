using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FlowMeter.Cli.Shell;

/// <summary>
/// The signals of the process, handled from the first instruction to the last. A SIGINT or SIGTERM that comes before the run has begun
/// waits for it, or ends a command that has none after a second; then they are the run's (<see cref="StopSignal"/>); and when it is over
/// they change nothing, as the process is about to end. SIGHUP waits likewise, but ends no command that has no run; neither it nor SIGUSR1
/// kills anything at any time, unless the terminal went away. The runtime ignores SIGPIPE.
/// </summary>
internal static class Signals
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);
    private static readonly Lock s_lock = new();
    private static PosixSignalRegistration[] s_registrations = [];
    private static StopSignal? s_run;
    private static PosixSignal? s_early;
    private static Timer? s_end;
    private static bool s_wasRun;
    private static bool s_hadTerminal;

    /// <summary>What SIGUSR1 asks for; null: nothing.</summary>
    public static Action? Report { get; set; }

    /// <summary>Whether the terminal that the process was started on is gone: a connection dropped, a window was closed.</summary>
    public static bool IsTerminalGone => s_hadTerminal && !HasTerminal();

    /// <summary>Whether the process was started on a terminal, as a service is not.</summary>
    public static bool HadTerminal => s_hadTerminal;

    /// <summary>Handles them from now on. What the process was started to ignore (nohup) stays ignored.</summary>
    public static void Handle()
    {
        s_hadTerminal = HasTerminal();
        s_registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, isInterrupt: true)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, isInterrupt: false)),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, HangUp),
        ];
        if (!OperatingSystem.IsWindows())
        {
            (int first, int second) = OperatingSystem.IsLinux() ? (10, 12) : (30, 31);
            s_registrations =
            [
                .. s_registrations,
                PosixSignalRegistration.Create((PosixSignal)first, Tell),
                PosixSignalRegistration.Create((PosixSignal)second, static context => context.Cancel = true),
            ];
        }
    }

    /// <summary>The signals are this run's, also the one that came before it.</summary>
    public static void Begin(StopSignal run)
    {
        PosixSignal? early;
        lock (s_lock)
        {
            s_run = run;
            (early, s_early) = (s_early, null);
            s_end?.Dispose();
        }

        if (early == PosixSignal.SIGHUP)
        {
            run.HangUp();
        }
        else if (early != null)
        {
            run.Stop(early == PosixSignal.SIGINT);
        }
    }

    /// <summary>The run is over.</summary>
    public static void End()
    {
        lock (s_lock)
        {
            s_run = null;
            s_wasRun = true;
        }
    }

    private static void Stop(PosixSignalContext context, bool isInterrupt)
    {
        lock (s_lock)
        {
            context.Cancel = s_run?.Stop(isInterrupt) ?? (s_wasRun || IsFirst(isInterrupt));
        }
    }

    /// <summary>Keeps a signal that comes before the run; false for a second one, which kills.</summary>
    private static bool IsFirst(bool isInterrupt)
    {
        if (s_early is PosixSignal.SIGINT or PosixSignal.SIGTERM)
        {
            return false;
        }

        s_early = isInterrupt ? PosixSignal.SIGINT : PosixSignal.SIGTERM;
        int exitCode = isInterrupt ? ExitCode.Interrupted : ExitCode.Terminated;
        s_end = new Timer(_ => EndWithoutRun(exitCode), null, s_patience, Timeout.InfiniteTimeSpan);
        return true;
    }

    private static void EndWithoutRun(int exitCode)
    {
        lock (s_lock)
        {
            if (s_run != null || s_wasRun)
            {
                return;
            }
        }

        Environment.Exit(exitCode);
    }

    private static void HangUp(PosixSignalContext context)
    {
        StopSignal? run;
        lock (s_lock)
        {
            run = s_run;
            context.Cancel = run != null || s_wasRun || !IsTerminalGone;
            if (run == null && !s_wasRun && context.Cancel)
            {
                s_early ??= PosixSignal.SIGHUP;
            }
        }

        run?.HangUp();
    }

    private static void Tell(PosixSignalContext context)
    {
        context.Cancel = true;
        Report?.Invoke();
    }

    private static bool HasTerminal()
    {
        try
        {
            // The name of whatever terminal the process has, by tty(4); there is none any more after a hang-up.
            using SafeFileHandle terminal =
                File.OpenHandle("/dev/tty", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
