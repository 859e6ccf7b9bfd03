using System.Net;
using FlowMeter.Cli.Options;

namespace FlowMeter.Cli.Bench;

/// <summary>What was typed behind <c>flowmeter replay</c>; null where an option was not given.</summary>
internal sealed record ReplayChoices
{
    /// <summary>The capture.</summary>
    public required string File { get; init; }

    /// <summary>How many times it is played.</summary>
    public required long Loops { get; init; }

    /// <summary>Packets a second; null for as fast as it goes.</summary>
    public required long? PacketsPerSecond { get; init; }

    /// <summary>Where a page about the run is served; null: nowhere.</summary>
    public required IPEndPoint? Page { get; init; }

    /// <summary>The file that has the page's token.</summary>
    public required string? PageTokenFile { get; init; }

    /// <summary>Copies played at the same time.</summary>
    public required int Copies { get; init; }

    /// <summary>What is metered and how.</summary>
    public required MeteringChoices Metering { get; init; }
}
