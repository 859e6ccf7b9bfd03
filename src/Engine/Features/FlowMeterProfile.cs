using FlowMeter.Engine.Flow;
using static FlowMeter.Engine.Features.ColumnSource;

namespace FlowMeter.Engine.Features;

/// <summary>Profile <c>flowmeter</c> (SPEC §4): the default table of 39 features.</summary>
internal static class FlowMeterProfile
{
    /// <summary>The columns that say which flow it is.</summary>
    public static IReadOnlyList<Column> Identity { get; } =
    [
        new("start_time", "UTC", "time of the first packet, RFC 3339", StartTime),
        new("end_time", "UTC", "newest time of the flow, RFC 3339", EndTime),
        new("src_ip", "", "address of the forward end", SourceAddress),
        new("src_port", "", "port of the forward end; 0 for protocols without ports", SourcePort),
        new("dst_ip", "", "address of the other end", DestinationAddress),
        new("dst_port", "", "port of the other end; 0 for protocols without ports", DestinationPort),
        new("protocol", "", "IANA protocol number", Protocol),
        new("end_reason", "", "idle, active, end, forced or resources (IPFIX flowEndReason)", EndReason),
    ];

    /// <summary>The 39 features.</summary>
    public static IReadOnlyList<Column> Features { get; } = Number(
    [
        new("duration_us", "µs", "end_time − start_time", Microseconds),
        new("packets", "1", "packets of the flow", Whole),
        new("fwd_packets", "1", "packets sent by src", Whole),
        new("bwd_packets", "1", "packets sent by dst", Whole),
        new("bytes", "byte", "sum of packet sizes (wire length, link header included)", Whole),
        new("fwd_bytes", "byte", "sum of forward packet sizes", Whole),
        new("bwd_bytes", "byte", "sum of backward packet sizes", Whole),
        .. Sizes("packet_size", "packet sizes"),
        .. Sizes("fwd_packet_size", "forward packet sizes"),
        .. Sizes("bwd_packet_size", "backward packet sizes"),
        .. Gaps("iat", "gaps between successive packets"),
        new("fwd_iat_total_us", "µs", "sum of gaps between successive forward packets", Microseconds),
        .. Gaps("fwd_iat", "gaps between successive forward packets"),
        new("bwd_iat_total_us", "µs", "sum of gaps between successive backward packets", Microseconds),
        .. Gaps("bwd_iat", "gaps between successive backward packets"),
        new("packets_per_us", "1/µs", "packets / duration_us, 0 for a duration of 0", Real),
        new("fwd_packets_per_us", "1/µs", "fwd_packets / duration_us, 0 for a duration of 0", Real),
        new("bwd_packets_per_us", "1/µs", "bwd_packets / duration_us, 0 for a duration of 0", Real),
        new("bytes_per_us", "byte/µs", "bytes / duration_us, 0 for a duration of 0", Real),
        new("fwd_bytes_per_us", "byte/µs", "fwd_bytes / duration_us, 0 for a duration of 0", Real),
        new("bwd_bytes_per_us", "byte/µs", "bwd_bytes / duration_us, 0 for a duration of 0", Real),
    ]);

    /// <summary>Makes the profile.</summary>
    public static Profile Create() => new(
        "flowmeter",
        "39 statistics a flow (the default)",
        [.. Identity, .. Features],
        Features,
        new FlowRules(),
        leastPackets: 1,
        parts => new AccountingWorker<SizesAndGaps>(parts),
        () => new SizesAndGapsExtractor());

    /// <summary>Numbers columns as features, in their order.</summary>
    internal static IReadOnlyList<Column> Number(IReadOnlyList<Column> columns) =>
        [.. columns.Select((column, index) => column with { Feature = index })];

    /// <summary>Mean, deviation, least and most of sizes.</summary>
    internal static Column[] Sizes(string prefix, string what) =>
    [
        new($"{prefix}_mean", "byte", $"mean of {what}", Real),
        new($"{prefix}_std", "byte", $"population standard deviation of {what}", Real),
        new($"{prefix}_min", "byte", $"smallest of {what}", Whole),
        new($"{prefix}_max", "byte", $"largest of {what}", Whole),
    ];

    private static Column[] Gaps(string prefix, string what) =>
    [
        new($"{prefix}_mean_us", "µs", $"mean of {what}", Real),
        new($"{prefix}_std_us", "µs", $"population standard deviation of {what}", Real),
        new($"{prefix}_min_us", "µs", $"shortest of {what}", Microseconds),
        new($"{prefix}_max_us", "µs", $"longest of {what}", Microseconds),
    ];
}
