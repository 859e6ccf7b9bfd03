using System.CommandLine;

namespace FlowMeter.Cli.Options;

/// <summary>Options of one purpose, which help, manual page and README show together.</summary>
/// <param name="Title">What they are for.</param>
/// <param name="Options">The options, in the order of their command.</param>
internal sealed record OptionGroup(string Title, IReadOnlyList<Option> Options)
{
    // Fewer fit a screen, and need no order.
    private const int LongList = 10;

    private static readonly (string Title, string[] Names)[] s_groups =
    [
        ("Input",
        [
            "--interface", "--from", "--filter", "--sort", "--direction", "--snaplen", "--buffer", "--no-promiscuous", "--decapsulate",
            "--tunnel-port", "--benign", "--malicious", "--labels", "--label-column", "--positive", "--groups", "--group-column",
            "--flows-per-capture", "--loops", "--pps", "--flows",
        ]),
        ("Flows", ["--profile", "--local-net", "--idle-timeout", "--active-timeout", "--min-packets", "--max-flows", "--max-history"]),
        ("Training",
        [
            "--force-feature", "--transform", "--pairs", "--hash", "--feature-groups", "--penalty", "--class-weight", "--C", "--folds",
            "--split", "--hold-out",
            "--keep-malicious",
        ]),
        ("Verdicts",
        [
            "--model", "--threshold", "--budget", "--decide-after", "--explain", "--target-recall", "--target-fpr", "--best-f1",
            "--target-fnr", "--prevalence",
        ]),
        ("Output",
        [
            "--output", "--to", "--spool", "--ipfix", "--format", "--ecs", "--ipfix-pen", "--ipfix-uniflow", "--name", "--rotate",
            "--label", "--community-id", "--hosts", "--packets", "--write-suspicious", "--write-benign", "--forward-to", "--summary",
            "--json", "--report",
        ]),
        (
            "Process",
            [
                "--workers", "--pin", "--duration", "--count", "--seed", "--stats-every", "--metrics", "--user", "--no-sandbox", "--quiet",
                "--version", "--help",
            ]),
    ];

    /// <summary>The groups of a command; one of all its options where there are few.</summary>
    /// <exception cref="InvalidOperationException">An option is in no group.</exception>
    public static IReadOnlyList<OptionGroup> From(Command command)
    {
        Option[] options = [.. command.Options.Where(option => !option.Hidden)];
        if (options.Length <= LongList)
        {
            return [new OptionGroup("", options)];
        }

        if (options.FirstOrDefault(option => !s_groups.Any(group => group.Names.Contains(option.Name))) is { } stray)
        {
            throw new InvalidOperationException($"{stray.Name} of {command.Name} is in no group");
        }

        return [.. s_groups
            .Select(group => new OptionGroup(group.Title, [.. options.Where(option => group.Names.Contains(option.Name))]))
            .Where(group => group.Options.Count > 0)];
    }
}
