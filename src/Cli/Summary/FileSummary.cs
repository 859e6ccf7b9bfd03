using FlowMeter.Engine.Observe;

namespace FlowMeter.Cli.Summary;

/// <summary>One input file of a run.</summary>
/// <param name="Name">What was typed.</param>
/// <param name="Frames">Frames read of it, before any filter.</param>
/// <param name="InterfaceDrops">Frames that it says its interfaces dropped (isb_ifdrop of pcapng).</param>
/// <param name="SystemDrops">Frames that it says the system dropped (isb_osdrop).</param>
/// <param name="PacketDrops">Frames that its packets say were lost before them (epb_dropcount).</param>
/// <param name="Error">Why it was not read to its end; null if it was.</param>
internal sealed record FileSummary(string Name, long Frames, long InterfaceDrops, long SystemDrops, long PacketDrops, string? Error)
{
    /// <summary>Takes what was counted.</summary>
    public static FileSummary[] Of(CaptureFiles files) =>
        [.. files.Files.Select(file => new FileSummary(file.Path, file.Frames, file.Drops.Interface, file.Drops.System, file.Drops.BetweenPackets, file.Failure?.Message))];
}
