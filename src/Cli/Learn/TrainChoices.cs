using FlowMeter.Learning.Training;

namespace FlowMeter.Cli.Learn;

/// <summary>What was typed behind <c>flowmeter train</c>; null where an option was not given.</summary>
internal sealed record TrainChoices
{
    /// <summary>The labelled flows.</summary>
    public required DataChoices Data { get; init; }

    /// <summary>Where the model goes.</summary>
    public required string Output { get; init; }

    /// <summary>Where the evaluation goes, as JSON.</summary>
    public required string? Json { get; init; }

    /// <summary>Where the report goes, as HTML.</summary>
    public required string? Report { get; init; }

    /// <summary>The file that names the source of each file; null if there is none.</summary>
    public required string? Groups { get; init; }

    /// <summary>The column of tables that names the source of each row; null if there is none.</summary>
    public required string? GroupColumn { get; init; }

    /// <summary>Columns of a table to take as features whatever they are called.</summary>
    public required string[] Forced { get; init; }

    /// <summary>Whether the run gives up what it does not need.</summary>
    public required bool IsSandboxed { get; init; }

    /// <summary>Whether only errors and warnings are told.</summary>
    public required bool Quiet { get; init; }

    /// <summary>What to try and how to compare it.</summary>
    public required TrainingOptions Options { get; init; }
}
