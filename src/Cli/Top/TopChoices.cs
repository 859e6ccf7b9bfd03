namespace FlowMeter.Cli.Top;

/// <summary>What was typed behind <c>flowmeter top</c>; null where an option was not given.</summary>
internal sealed record TopChoices
{
    /// <summary>The capture to replay; null: interfaces are captured.</summary>
    public required string? File { get; init; }

    /// <summary>Interfaces by name, each once.</summary>
    public required IReadOnlyList<string> Interfaces { get; init; }

    /// <summary>The model that judges flows.</summary>
    public required string? ModelPath { get; init; }
}
