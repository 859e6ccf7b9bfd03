namespace FlowMeter.Cli.Learn;

/// <summary>What was typed behind <c>flowmeter model</c>.</summary>
internal sealed record ModelChoices
{
    /// <summary>The profile whose model is written.</summary>
    public required string Profile { get; init; }

    /// <summary>Where it goes; - is standard output.</summary>
    public required string Output { get; init; }
}
