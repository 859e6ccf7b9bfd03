using FlowMeter.Engine.Synthetic;

namespace FlowMeter.Cli.Bench;

/// <summary>What was typed behind <c>flowmeter generate</c>.</summary>
internal sealed record GenerateChoices
{
    /// <summary>Where the capture goes; - is standard output.</summary>
    public required string Output { get; init; }

    /// <summary>What it holds.</summary>
    public required TrafficOptions Traffic { get; init; }
}
