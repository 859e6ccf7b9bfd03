namespace FlowMeter.Engine.Synthetic;

/// <summary>What a synthetic capture holds. Two captures of the same options are the same bytes.</summary>
public sealed record TrafficOptions
{
    /// <summary>The least <see cref="FrameSize"/>: what Ethernet carries, without the frame check sequence.</summary>
    public const int MinFrameSize = 60;

    /// <summary>The greatest <see cref="FrameSize"/>: more would not fit the length fields of IP.</summary>
    public const int MaxFrameSize = 65_535;

    /// <summary>Frames in the capture.</summary>
    public long Packets { get; init; } = 1_000_000;

    /// <summary>
    /// Flows alive at a time. With <see cref="PacketsPerFlow"/> at 0 also the number of flows in all: each of them has at least one packet.
    /// </summary>
    public int ConcurrentFlows { get; init; } = 100_000;

    /// <summary>
    /// Packets after which a flow ends and one with a new 5-tuple takes its place, so that the capture holds exactly
    /// Packets / PacketsPerFlow flows (the last one takes the remainder). 0: flows last as long as the capture.
    /// </summary>
    public int PacketsPerFlow { get; init; }

    /// <summary>
    /// Bytes of every frame from the Ethernet header on. Headers that need more (IPv6 with TCP: 74) get it. Ignored with
    /// <see cref="Imix"/>.
    /// </summary>
    public int FrameSize { get; init; } = 64;

    /// <summary>
    /// Simple IMIX instead of one size: frames of 64, 576 and 1500 bytes, 7 : 4 : 1. TCP segments that carry no data (SYN, FIN and their
    /// answers) are small frames then and do not take part in the draw.
    /// </summary>
    public bool Imix { get; init; }

    /// <summary>Share of the flows that run over IPv6, 0 to 1.</summary>
    public double IPv6Share { get; init; }

    /// <summary>Share of the flows that are UDP, 0 to 1. The others are TCP.</summary>
    public double UdpShare { get; init; } = 0.2;

    /// <summary>How packets spread over the concurrent flows.</summary>
    public FlowDistribution Distribution { get; init; }

    /// <summary>
    /// The s of <see cref="FlowDistribution.Zipf"/>. At 1 the same seed gives the same bytes on every machine; at other values the last bit
    /// of a power is the C library's, and a draw in some billions may differ between two of them.
    /// </summary>
    public double ZipfExponent { get; init; } = 1;

    /// <summary>Mean rate of the timestamps, 1 to 1e9. Gaps are uniform between 0 and twice their mean.</summary>
    public double PacketsPerSecond { get; init; } = 1_000_000;

    /// <summary>Bytes kept of a frame.</summary>
    public int SnapLength { get; init; } = 262_144;

    /// <summary>Timestamps in nanoseconds (magic a1b23c4d) instead of microseconds.</summary>
    public bool Nanoseconds { get; init; }

    /// <summary>Names the capture: other seed, other flows, order and times.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Flows in the whole capture.</summary>
    public long TotalFlows => PacketsPerFlow == 0 ? ConcurrentFlows : ((Packets - 1) / PacketsPerFlow) + 1;

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One of them is outside its range; the parameter's name is the option's.</exception>
    public void Validate()
    {
        Check(Packets >= 1, nameof(Packets), Packets, "must be at least 1");
        Check(ConcurrentFlows >= 1, nameof(ConcurrentFlows), ConcurrentFlows, "must be at least 1");
        Check(PacketsPerFlow >= 0, nameof(PacketsPerFlow), PacketsPerFlow, "must be 0 (no end) or more");
        Check(
            PacketsPerFlow > 0 || ConcurrentFlows <= Packets, nameof(ConcurrentFlows), ConcurrentFlows,
            "must not exceed the number of packets");
        Check(TotalFlows <= SyntheticFlow.MaxFlows, nameof(Packets), Packets, $"must not make more than {SyntheticFlow.MaxFlows} flows");
        Check(FrameSize is >= MinFrameSize and <= MaxFrameSize, nameof(FrameSize), FrameSize, $"must be {MinFrameSize} to {MaxFrameSize}");
        Check(IPv6Share is >= 0 and <= 1, nameof(IPv6Share), IPv6Share, "must be 0 to 1");
        Check(UdpShare is >= 0 and <= 1, nameof(UdpShare), UdpShare, "must be 0 to 1");
        Check(Enum.IsDefined(Distribution), nameof(Distribution), Distribution, "must be uniform or zipf");
        Check(ZipfExponent is > 0 and <= 10, nameof(ZipfExponent), ZipfExponent, "must be above 0 and at most 10");
        Check(PacketsPerSecond is >= 1 and <= 1e9, nameof(PacketsPerSecond), PacketsPerSecond, "must be 1 to 1e9");
        Check(SnapLength >= 1, nameof(SnapLength), SnapLength, "must be at least 1");
    }

    private static void Check(bool holds, string option, object value, string rule)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(option, value, $"{option} {rule}.");
        }
    }
}
