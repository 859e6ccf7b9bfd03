using System.CommandLine;
using FlowMeter.Engine.Output;

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

    /// <summary><c>--rotate WHEN</c>.</summary>
    public static Option<string[]> Rotate()
    {
        Option<string[]> rotate = new("--rotate")
        {
            Description = "Begin a new file every 60s, 5m, 1h30m or 1d, on the clock, or before it grows above 100MB or 1GiB. Both: "
                + "1h,100MB. SIGHUP does it now.",
            HelpName = "WHEN",
        };
        rotate.Validators.Add(result =>
        {
            try
            {
                _ = Rotation.Parse(result.Tokens.Select(token => token.Value));
            }
            catch (FormatException e)
            {
                result.AddError($"--rotate: {e.Message}");
            }
        });
        return rotate;
    }

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

    /// <summary><c>--quiet</c> of a command without a summary.</summary>
    public static Option<bool> QuietNotes() => new("--quiet", "-q")
    {
        Description = "No progress and no notes on stderr; errors and warnings only.",
    };

    /// <summary><c>--filter BPF</c> of a command that reads captures.</summary>
    public static Option<string?> Filter() => new("--filter")
    {
        Description = "Meter only packets that match this BPF expression (man pcap-filter).",
        HelpName = "BPF",
    };
}
