using System.CommandLine;

namespace FlowMeter.Cli.Options;

/// <summary>Options of one purpose, which help, manual page and README show together.</summary>
/// <param name="Title">What they are for.</param>
/// <param name="Options">The options, in the order of their command.</param>
internal sealed record OptionGroup(string Title, IReadOnlyList<Option> Options)
{
    // Fewer fit a screen, and need no order.
    private const int LongList = 10;

    // With a command before it where an option of the same name is for something else there.
    private static readonly (string Title, string[] Names)[] s_groups =
    [
        ("Input",
        [
            "--interface", "--from", "--filter", "--sort", "--direction", "--snaplen", "--buffer", "--no-promiscuous", "--af-xdp",
            "--af-xdp-force", "--decapsulate", "--tunnel-port", "--benign", "--malicious", "--labels", "--label-column", "--positive",
            "--groups", "--group-column", "--flows-per-capture", "--loops", "--pps", "--flows",
        ]),
        ("Rows", ["--flow", "--by", "show --sort", "--top", "--columns"]),
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
            "--output", "--view", "--color", "--to", "--spool", "--ipfix", "--format", "--ecs", "--ipfix-pen", "--ipfix-uniflow",
            "--name", "--rotate", "--label", "--community-id", "--state", "--names", "--anonymize", "--hosts", "--packets",
            "--write-suspicious", "--write-benign", "--headers-only", "--forward-to", "--summary", "--json", "--report",
        ]),
        (
            "Process",
            [
                "--workers", "--pin", "--duration", "--count", "--seed", "--stats-every", "--metrics", "--page", "--page-token-file",
                "--user", "--no-sandbox", "--quiet", "--version", "--help",
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

        ILookup<string, Option> groups = options.ToLookup(option => TitleOf(command, option));
        return [.. s_groups.Where(group => groups.Contains(group.Title))
            .Select(group => new OptionGroup(group.Title, [.. groups[group.Title]]))];
    }

    private static string TitleOf(Command command, Option option) =>
        TitleOf($"{command.Name} {option.Name}") ?? TitleOf(option.Name)
            ?? throw new InvalidOperationException($"{option.Name} of {command.Name} is in no group");

    private static string? TitleOf(string name) => s_groups.FirstOrDefault(group => group.Names.Contains(name)).Title;
}
