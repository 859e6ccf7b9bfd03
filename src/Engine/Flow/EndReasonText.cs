using System.Text;

namespace FlowMeter.Engine.Flow;

/// <summary>How end reasons are spelled in every output (SPEC §2).</summary>
public static class EndReasonText
{
    /// <summary>All reasons for which a flow ends, in the order in which outputs have them.</summary>
    public static IReadOnlyList<FlowEndReason> All { get; } =
    [
        FlowEndReason.IdleTimeout, FlowEndReason.ActiveTimeout, FlowEndReason.EndOfFlowDetected, FlowEndReason.ForcedEnd,
        FlowEndReason.LackOfResources,
    ];

    /// <summary>The word for a reason as UTF-8.</summary>
    public static ReadOnlySpan<byte> Utf8(FlowEndReason reason) => reason switch
    {
        FlowEndReason.IdleTimeout => "idle"u8,
        FlowEndReason.ActiveTimeout => "active"u8,
        FlowEndReason.EndOfFlowDetected => "end"u8,
        FlowEndReason.ForcedEnd => "forced"u8,
        _ => "resources"u8,
    };

    /// <summary>The word for a reason.</summary>
    public static string Name(FlowEndReason reason) => Encoding.ASCII.GetString(Utf8(reason));
}
