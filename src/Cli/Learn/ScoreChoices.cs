namespace FlowMeter.Cli.Learn;

/// <summary>What was typed behind <c>flowmeter score</c>.</summary>
internal sealed record ScoreChoices
{
    /// <summary>The table; - is standard input.</summary>
    public required string Table { get; init; }

    /// <summary>The model: a path, or the name of the one inside.</summary>
    public required string ModelPath { get; init; }

    /// <summary>Where the scored table goes; - is standard output.</summary>
    public required string Output { get; init; }

    /// <summary>Whether only errors and warnings are told.</summary>
    public required bool Quiet { get; init; }
}
