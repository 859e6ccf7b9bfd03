using FlowMeter.Cli.Options;

namespace FlowMeter.Cli.Extract;

/// <summary>What was typed behind <c>flowmeter packets</c>.</summary>
internal sealed record PacketsChoices
{
    /// <summary>Captures in the order in which they are read.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>The flows: numbers of rows and Community IDs.</summary>
    public required IReadOnlyList<FlowChoice> Flows { get; init; }

    /// <summary>Where the packets go; - is standard output.</summary>
    public required string Output { get; init; }

    /// <summary>A BPF expression that packets must match to be metered.</summary>
    public required string? Filter { get; init; }

    /// <summary>How the captures are metered.</summary>
    public required MeteringChoices Metering { get; init; }

    /// <summary>Whether the run gives up what it does not need.</summary>
    public required bool IsSandboxed { get; init; }

    /// <summary>Whether only errors and warnings are told.</summary>
    public required bool Quiet { get; init; }
}
