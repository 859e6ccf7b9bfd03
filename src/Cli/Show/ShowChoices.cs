using FlowMeter.Cli.Options;
using FlowMeter.Learning.Queries;

namespace FlowMeter.Cli.Show;

/// <summary>What was typed behind <c>flowmeter show</c>.</summary>
internal sealed record ShowChoices
{
    /// <summary>The table or the capture; - is a table on standard input.</summary>
    public required string File { get; init; }

    /// <summary>What is asked of it.</summary>
    public required FlowQuery Query { get; init; }

    /// <summary>The format of the answer; null: as its output asks for.</summary>
    public required string? Format { get; init; }

    /// <summary>Where the answer goes; - is standard output.</summary>
    public required string Output { get; init; }

    /// <summary>Whether a table for people has colours.</summary>
    public required string Color { get; init; }

    /// <summary>A BPF expression that the packets of a capture must match.</summary>
    public required string? Filter { get; init; }

    /// <summary>How a capture is metered.</summary>
    public required MeteringChoices Metering { get; init; }

    /// <summary>The first option that is for captures only; null where there is none.</summary>
    public required string? CaptureOption { get; init; }

    /// <summary>Whether the run gives up what it does not need.</summary>
    public required bool IsSandboxed { get; init; }

    /// <summary>Whether only errors and warnings are told.</summary>
    public required bool Quiet { get; init; }
}
