using FlowMeter.Engine.Scoring;

namespace FlowMeter.Cli.Learn;

/// <summary>What was typed behind <c>flowmeter tune</c>; null where an option was not given.</summary>
internal sealed record TuneChoices
{
    /// <summary>The model: a path, or the name of the one inside.</summary>
    public required string ModelPath { get; init; }

    /// <summary>The user's captures.</summary>
    public required DataChoices Data { get; init; }

    /// <summary>What false alarms may cost; null for the default.</summary>
    public required Budget? Budget { get; init; }

    /// <summary>Where the model goes.</summary>
    public required string Output { get; init; }

    /// <summary>What the model is called; null for its file's name.</summary>
    public required string? Name { get; init; }

    /// <summary>Where the evaluation goes, as JSON.</summary>
    public required string? Json { get; init; }

    /// <summary>Whether the run gives up what it does not need.</summary>
    public required bool IsSandboxed { get; init; }

    /// <summary>Whether only errors and warnings are told.</summary>
    public required bool Quiet { get; init; }
}
