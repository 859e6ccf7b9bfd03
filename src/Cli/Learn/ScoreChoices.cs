using FlowMeter.Cli.Options;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Cli.Learn;

/// <summary>What was typed behind <c>flowmeter score</c>.</summary>
internal sealed record ScoreChoices
{
    /// <summary>The table; - is standard input.</summary>
    public required string Table { get; init; }

    /// <summary>The model: a path, or the name of the one inside.</summary>
    public required string ModelPath { get; init; }

    /// <summary>Where scores become verdicts, in place of the model's thresholds.</summary>
    public required ScoreBand? Threshold { get; init; }

    /// <summary>What false alarms may cost, in place of the model's threshold.</summary>
    public required Budget? Budget { get; init; }

    /// <summary>Features that explain each score; 0 for none.</summary>
    public required int Explain { get; init; }

    /// <summary>Where the scored table goes; - is standard output.</summary>
    public required string Output { get; init; }

    /// <summary>Whether the run gives up what it does not need.</summary>
    public required bool IsSandboxed { get; init; }

    /// <summary>Whether only errors and warnings are told.</summary>
    public required bool Quiet { get; init; }
}
