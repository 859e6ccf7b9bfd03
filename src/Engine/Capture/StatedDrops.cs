namespace FlowMeter.Engine.Capture;

/// <summary>
/// What a pcapng file says was lost before it was written. Statistics blocks count from the start of their section, so the last one of an
/// interface counts.
/// </summary>
/// <param name="Interface">Frames that interfaces dropped (isb_ifdrop), over all interfaces and sections.</param>
/// <param name="System">Frames that the operating system dropped (isb_osdrop), likewise.</param>
/// <param name="BetweenPackets">
/// Frames lost between packets, by the packets' own word (epb_dropcount, and the obsolete block's drops count).
/// </param>
public sealed record StatedDrops(long Interface, long System, long BetweenPackets)
{
    /// <summary>No drops, or none stated.</summary>
    public static StatedDrops None { get; } = new(0, 0, 0);

    /// <summary>All together.</summary>
    public long Total => Interface + System + BetweenPackets;

    /// <summary>The sum of two.</summary>
    public StatedDrops Plus(StatedDrops other) =>
        new(Interface + other.Interface, System + other.System, BetweenPackets + other.BetweenPackets);
}
