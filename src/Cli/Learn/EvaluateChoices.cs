using FlowMeter.Learning.Evaluation;

namespace FlowMeter.Cli.Learn;

/// <summary>What was typed behind <c>flowmeter evaluate</c>; null where an option was not given.</summary>
internal sealed record EvaluateChoices
{
    /// <summary>The model: a path, or the name of the one inside.</summary>
    public required string ModelPath { get; init; }

    /// <summary>The labelled flows.</summary>
    public required DataChoices Data { get; init; }

    /// <summary>How the threshold is chosen; null for the model's own.</summary>
    public required ThresholdRule? Threshold { get; init; }

    /// <summary>Assumed share of malicious flows.</summary>
    public required double? Prevalence { get; init; }

    /// <summary>Names the draws of the intervals.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Where the evaluation goes, as JSON.</summary>
    public required string? Json { get; init; }

    /// <summary>Where the report goes, as HTML.</summary>
    public required string? Report { get; init; }

    /// <summary>Whether the run gives up what it does not need.</summary>
    public required bool IsSandboxed { get; init; }

    /// <summary>Whether only errors and warnings are told.</summary>
    public required bool Quiet { get; init; }
}
