using FlowMeter.Engine.Brokers;
using FlowMeter.Engine.Output;

namespace FlowMeter.Cli.Collect;

/// <summary>What was typed behind <c>flowmeter collect</c>.</summary>
internal sealed record CollectChoices
{
    /// <summary>The broker that messages are taken from.</summary>
    public required BrokerAddress From { get; init; }

    /// <summary>Where the tables go: files, whose name may have the time.</summary>
    public required string Output { get; init; }

    /// <summary>When the next file begins.</summary>
    public required Rotation Rotation { get; init; }

    /// <summary>Whether the run gives up what it does not need.</summary>
    public required bool IsSandboxed { get; init; }

    /// <summary>Whether only errors and warnings are told.</summary>
    public required bool Quiet { get; init; }
}
