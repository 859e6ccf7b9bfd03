using FlowMeter.Engine.Flow;
using static FlowMeter.Engine.Features.ColumnSource;

namespace FlowMeter.Engine.Features;

/// <summary>Profile <c>extended</c> (SPEC §8): the table of <c>flowmeter</c> and 57 features more, which tell benign from malicious where sizes and gaps of frames do not.</summary>
internal static class ExtendedProfile
{
    private static readonly string[] s_flags = ["fin", "syn", "rst", "psh", "ack", "urg"];

    private static readonly IReadOnlyList<Column> s_features = FlowMeterProfile.Number(
    [
        .. FlowMeterProfile.Features,
        new("payload_bytes", "byte", "sum of payload sizes", Whole),
        new("fwd_payload_bytes", "byte", "sum of forward payload sizes", Whole),
        new("bwd_payload_bytes", "byte", "sum of backward payload sizes", Whole),
        new("data_packets", "1", "packets with payload", Whole),
        new("fwd_data_packets", "1", "forward packets with payload", Whole),
        new("bwd_data_packets", "1", "backward packets with payload", Whole),
        .. FlowMeterProfile.Sizes("fwd_payload_size", "payload sizes of all forward packets"),
        .. FlowMeterProfile.Sizes("bwd_payload_size", "payload sizes of all backward packets"),
        .. FlowMeterProfile.Sizes("fwd_data_size", "payload sizes of forward data packets"),
        .. FlowMeterProfile.Sizes("bwd_data_size", "payload sizes of backward data packets"),
        new("direction_changes", "1", "successive packets of the flow whose directions differ", Whole),
        new("data_packet_ratio", "1", "data_packets / packets", Real),
        new("fwd_payload_ratio", "1", "fwd_payload_bytes / payload_bytes, 0 without payload", Real),
        new("direction_change_ratio", "1", "direction_changes / packets", Real),
        .. Flags("fwd", "forward"),
        .. Flags("bwd", "backward"),
        .. Enumerable.Range(1, PayloadSums.Kept).Select(place =>
            new Column($"data_{place}", "byte", $"payload size of data packet {place} of the flow, negative for a backward one; 0 where there is none", Real)),
        .. Enumerable.Range(2, PayloadSums.Kept - 1).Select(place =>
            new Column($"data_{place}_gap_us", "µs", $"gap between data packets {place - 1} and {place}; 0 where there is none", Microseconds)),
    ]);

    /// <summary>Makes the profile.</summary>
    public static unsafe Profile Create() => new(
        "extended",
        "the 39 statistics and 57 more: payload sizes, TCP flags, the first ten data packets",
        [.. FlowMeterProfile.Identity, .. s_features],
        s_features,
        new FlowRules(),
        leastPackets: 1,
        parts => new AccountingWorker<PayloadsAndFlags>(parts),
        () => new PayloadsAndFlagsExtractor())
    {
        OwnBytes = sizeof(PayloadSums),
    };

    private static IEnumerable<Column> Flags(string prefix, string direction) =>
        s_flags.Select(flag => new Column($"{prefix}_{flag}_packets", "1", $"{direction} packets with TCP flag {flag.ToUpperInvariant()}", Whole));
}
