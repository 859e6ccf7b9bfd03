using FlowMeter.Engine.Packets;
using static FlowMeter.Cli.Telemetry.CounterUnit;

namespace FlowMeter.Cli.Telemetry;

/// <content>Where packets went by the verdicts on their flows.</content>
internal static partial class Counters
{
    private const string SplitPackets = "Packets of both parts of the capture: suspicious ones, sent on, and benign ones, spared.";
    private const string SplitBytes = "Bytes on the wire of the packets of both parts.";
    private const string ForwardDrops = "Suspicious packets that were not sent, by reason.";

    /// <summary>The parts of a split capture.</summary>
    public static IReadOnlyList<Counter<DataReduction>> Split { get; } =
    [
        new("suspicious_frames", Packets, SplitPackets, parts => parts.SuspiciousFrames)
        {
            Metric = "flowmeter_split_packets_total",
            Label = ("part", "suspicious"),
            Statistic = "packets sent on {0}",
        },
        new("suspicious_bytes", Bytes, SplitBytes, parts => parts.SuspiciousBytes)
        {
            Metric = "flowmeter_split_bytes_total",
            Label = ("part", "suspicious"),
        },
        new("benign_frames", Packets, SplitPackets, parts => parts.BenignFrames)
        {
            Metric = "flowmeter_split_packets_total",
            Label = ("part", "benign"),
            Statistic = "spared {0}",
        },
        new("benign_bytes", Bytes, SplitBytes, parts => parts.BenignBytes)
        {
            Metric = "flowmeter_split_bytes_total",
            Label = ("part", "benign"),
        },
        new(
            "left_out_frames", Packets, "Packets that no part has, since their addresses could not be replaced.",
            parts => parts.LeftOutFrames)
        {
            Metric = "flowmeter_split_left_out_packets_total",
        },
    ];

    /// <summary>Packets forwarded to another interface, and those that were not.</summary>
    public static IReadOnlyList<Counter<FrameForwarder>> Forward { get; } =
    [
        new("sent", Packets, "Suspicious packets sent to another interface.", forwarder => forwarder.Sent)
        {
            Metric = "flowmeter_forwarded_packets_total",
            Statistic = "forwarded {0}",
        },
        new("queue_drops", Packets, ForwardDrops, forwarder => forwarder.QueueDrops)
        {
            Metric = "flowmeter_forward_dropped_packets_total",
            Label = ("reason", "queue"),
            Words = "too many waited",
        },
        new("send_drops", Packets, ForwardDrops, forwarder => forwarder.SendDrops)
        {
            Metric = "flowmeter_forward_dropped_packets_total",
            Label = ("reason", "send"),
            Words = "interface down or refusing",
        },
        new("too_long", Packets, ForwardDrops, forwarder => forwarder.TooLong)
        {
            Metric = "flowmeter_forward_dropped_packets_total",
            Label = ("reason", "length"),
            Words = "too long for it",
        },
        new("cut", Packets, "Those of them that were captured without their ends.", forwarder => forwarder.Cut)
        {
            Metric = "flowmeter_forwarded_cut_packets_total",
        },
        new("not_sent", Packets, "Suspicious packets that were not sent, for any reason.", NotSent) { Statistic = "not sent {0}" },
    ];

    /// <summary>Suspicious frames that were not sent, for any reason.</summary>
    public static long NotSent(FrameForwarder forwarder) => forwarder.QueueDrops + forwarder.SendDrops + forwarder.TooLong;
}
