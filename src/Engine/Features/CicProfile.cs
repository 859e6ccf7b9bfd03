using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Observe;
using static FlowMeter.Engine.Features.ColumnSource;

namespace FlowMeter.Engine.Features;

/// <summary>Profile <c>cic</c> (SPEC §7): the table of CICFlowMeter, in its order and units, with its published defects mended.</summary>
internal static class CicProfile
{
    private static readonly IReadOnlyList<Column> s_features = FlowMeterProfile.Number(
    [
        new("Flow Duration", "µs", "newest time − time of the first packet", Microseconds),
        new("Total Fwd Packet", "1", "forward packets", Whole),
        new("Total Bwd packets", "1", "backward packets", Whole),
        new("Total Length of Fwd Packet", "byte", "sum of forward payloads", Whole),
        new("Total Length of Bwd Packet", "byte", "sum of backward payloads", Whole),
        .. Lengths("Fwd", "forward payloads"),
        .. Lengths("Bwd", "backward payloads"),
        new("Flow Bytes/s", "byte/s", "payload bytes / Flow Duration, 0 for a duration of 0", Real),
        new("Flow Packets/s", "1/s", "packets / Flow Duration, 0 for a duration of 0", Real),
        .. Times("Flow IAT", "gaps between successive packets"),
        new("Fwd IAT Total", "µs", "sum of gaps between successive forward packets", Microseconds),
        .. Times("Fwd IAT", "gaps between successive forward packets"),
        new("Bwd IAT Total", "µs", "sum of gaps between successive backward packets", Microseconds),
        .. Times("Bwd IAT", "gaps between successive backward packets"),
        new("Fwd PSH Flags", "1", "forward packets with PSH", Whole),
        new("Bwd PSH Flags", "1", "backward packets with PSH", Whole),
        new("Fwd URG Flags", "1", "forward packets with URG", Whole),
        new("Bwd URG Flags", "1", "backward packets with URG", Whole),
        new("Fwd Header Length", "byte", "sum of forward transport headers", Whole),
        new("Bwd Header Length", "byte", "sum of backward transport headers", Whole),
        new("Fwd Packets/s", "1/s", "forward packets / Flow Duration, 0 for a duration of 0", Real),
        new("Bwd Packets/s", "1/s", "backward packets / Flow Duration, 0 for a duration of 0", Real),
        new("Packet Length Min", "byte", "smallest payload", Whole),
        new("Packet Length Max", "byte", "largest payload", Whole),
        new("Packet Length Mean", "byte", "mean of payloads", Real),
        new("Packet Length Std", "byte", "sample standard deviation of payloads", Real),
        new("Packet Length Variance", "byte²", "sample variance of payloads", Real),
        .. new[] { "FIN", "SYN", "RST", "PSH", "ACK", "URG", "CWR", "ECE" }.Select(flag => new Column($"{flag} Flag Count", "1", $"packets with TCP flag {flag}", Whole)),
        new("Down/Up Ratio", "1", "backward packets / forward packets, a real number; 0 without forward packets", Real),
        new("Average Packet Size", "byte", "mean of payloads", Real),
        new("Fwd Segment Size Avg", "byte", "mean of forward payloads", Real),
        new("Bwd Segment Size Avg", "byte", "mean of backward payloads", Real),
        .. Bulks("Fwd", "forward"),
        .. Bulks("Bwd", "backward"),
        new("Subflow Fwd Packets", "1", "forward packets / (1 + gaps over 1 s)", Real),
        new("Subflow Fwd Bytes", "byte", "forward payload bytes / (1 + gaps over 1 s)", Real),
        new("Subflow Bwd Packets", "1", "backward packets / (1 + gaps over 1 s)", Real),
        new("Subflow Bwd Bytes", "byte", "backward payload bytes / (1 + gaps over 1 s)", Real),
        new("FWD Init Win Bytes", "byte", "TCP window, unscaled, of the first forward packet; 0 if there is none", Whole),
        new("Bwd Init Win Bytes", "byte", "TCP window, unscaled, of the first backward packet; 0 if there is none", Whole),
        new("Fwd Act Data Pkts", "1", "forward packets with payload", Whole),
        new("Fwd Seg Size Min", "byte", "smallest forward transport header; 0 without forward packets", Whole),
        .. Times("Active", "spans between gaps over 5 s that last longer than 0"),
        .. Times("Idle", "gaps over 5 s between successive packets"),
    ]);

    /// <summary>Makes the profile.</summary>
    public static unsafe Profile Create() => new(
        "cic",
        "CICFlowMeter's table of 84 columns, its published defects mended",
        [
            new("Flow ID", "", "src-dst-sport-dport-protocol", FlowId),
            new("Src IP", "", "address of the forward end", SourceAddress),
            new("Src Port", "", "port of the forward end; 0 for protocols without ports", SourcePort),
            new("Dst IP", "", "address of the other end", DestinationAddress),
            new("Dst Port", "", "port of the other end; 0 for protocols without ports", DestinationPort),
            new("Protocol", "", "IANA protocol number", Protocol),
            new("Timestamp", "UTC", "time of the first packet, RFC 3339", StartTime),
            .. s_features,
            new("Label", "", "--label, NeedManualLabel by default", Label),
        ],
        s_features,
        new FlowRules { ActiveTimeout = 120 * CaptureTime.Second },
        leastPackets: 1,
        parts => new AccountingWorker<PayloadsAndBulks>(parts),
        () => new PayloadsAndBulksExtractor())
    {
        OwnBytes = sizeof(BulksAndSpans),
        Notes = "CICFlowMeter's header, order and units. Lengths are payloads by the headers' own fields, deviations the sample's. Mended: the first packet counted twice, flags and bulks of one "
            + "direction only, the last window for the first, flows cut at the first FIN, Infinity and NaN, integer division, local time of 12 hours. A flow ends after 120 s at the latest.",
    };

    private static Column[] Lengths(string prefix, string what) =>
    [
        new($"{prefix} Packet Length Max", "byte", $"largest of {what}", Whole),
        new($"{prefix} Packet Length Min", "byte", $"smallest of {what}", Whole),
        new($"{prefix} Packet Length Mean", "byte", $"mean of {what}", Real),
        new($"{prefix} Packet Length Std", "byte", $"sample standard deviation of {what}", Real),
    ];

    private static Column[] Times(string prefix, string what) =>
    [
        new($"{prefix} Mean", "µs", $"mean of {what}", Real),
        new($"{prefix} Std", "µs", $"sample standard deviation of {what}", Real),
        new($"{prefix} Max", "µs", $"longest of {what}", Microseconds),
        new($"{prefix} Min", "µs", $"shortest of {what}", Microseconds),
    ];

    private static Column[] Bulks(string prefix, string direction) =>
    [
        new($"{prefix} Bytes/Bulk Avg", "byte", $"payload bytes in {direction} bulks / bulks: runs of 4 data packets and more, gaps of 1 s at most, no data packet of the other direction between", Real),
        new($"{prefix} Packet/Bulk Avg", "1", $"packets in {direction} bulks / bulks", Real),
        new($"{prefix} Bulk Rate Avg", "byte/s", $"payload bytes in {direction} bulks / their durations", Real),
    ];
}
