namespace FlowMeter.Cli.Shell;

/// <summary>What the process says to the shell.</summary>
internal static class ExitCode
{
    /// <summary>All is done; a reader that closed its end of a pipe is no failure.</summary>
    public const int Done = 0;

    /// <summary>Something failed; one line on stderr says what.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>SIGHUP: 128 + 1. What was metered has been written.</summary>
    public const int HungUp = 129;

    /// <summary>Ctrl-C: 128 + SIGINT. What was metered has been written.</summary>
    public const int Interrupted = 130;

    /// <summary>SIGTERM: 128 + 15. What was metered has been written.</summary>
    public const int Terminated = 143;
}
