namespace FlowMeter.Cli.Learn;

/// <summary>What was typed behind <c>flowmeter report</c>.</summary>
internal sealed record ReportChoices
{
    /// <summary>The table; - is standard input.</summary>
    public required string Table { get; init; }

    /// <summary>The table of hosts; null: none.</summary>
    public string? Hosts { get; init; }

    /// <summary>The column of labels; null: none.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>Where the page goes; - is standard output.</summary>
    public required string Page { get; init; }

    /// <summary>Whether the run gives up what it does not need.</summary>
    public required bool IsSandboxed { get; init; }

    /// <summary>Whether the page has the table's name with another ending, so that the user has to be told of it.</summary>
    public required bool IsNamedByTable { get; init; }
}
