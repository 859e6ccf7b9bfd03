using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Observe;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Packets;

namespace FlowMeter.Cli.Telemetry;

/// <summary>Where the telemetry of a capture reads its counters. Borrowed: whoever made them keeps them until the telemetry is disposed.</summary>
internal sealed record TelemetrySources
{
    /// <summary>The counters of the workers.</summary>
    public required MeteringTotals Totals { get; init; }

    /// <summary>Live flows at most, all workers together.</summary>
    public required long FlowLimit { get; init; }

    /// <summary>The interfaces, with what they lost and how their workers progress.</summary>
    public required LiveCapture Capture { get; init; }

    /// <summary>The output of the table.</summary>
    public required ResilientOutput Output { get; init; }

    /// <summary>Where frames go by verdict; null if they go nowhere.</summary>
    public required FrameRouting? Routing { get; init; }
}
