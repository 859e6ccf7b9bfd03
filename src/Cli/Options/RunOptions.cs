using System.CommandLine;

namespace FlowMeter.Cli.Options;

/// <summary>The options that every command with a run of the meter has.</summary>
internal static class RunOptions
{
    /// <summary><c>--summary PATH</c>.</summary>
    public static Option<string?> Summary() => new("--summary")
    {
        Description = "Write the counters of the run to this file, as JSON.",
        HelpName = "PATH",
    };

    /// <summary><c>--hosts PATH</c>.</summary>
    public static Option<string?> Hosts() => new("--hosts")
    {
        Description = "Write what each source did in each ten minutes to this file, as CSV: counters, the verdict on it, and scans, sweeps "
            + "and brute force by name.",
        HelpName = "PATH",
    };

    /// <summary><c>--no-sandbox</c>.</summary>
    public static Option<bool> NoSandbox() => new("--no-sandbox")
    {
        Description = "Keep the right to open any file, make any system call and leave core dumps, which a run gives up on Linux.",
    };

    /// <summary><c>--quiet</c>.</summary>
    public static Option<bool> Quiet() => new("--quiet", "-q")
    {
        Description = "No progress and no summary on stderr; errors and warnings only.",
    };
}
