using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Observe;
using static FlowMeter.Engine.Features.ColumnSource;

namespace FlowMeter.Engine.Features;

/// <summary>Profile <c>appflow</c> (SPEC §6): the table of AppFlowMeter, whose medians and modes need every packet of a flow.</summary>
internal static class AppFlowProfile
{
    /// <summary>The features of lengths and of their differences, which come before those of times.</summary>
    public const int LengthFeatures = (3 * 9) + (2 * 9);

    private static readonly IReadOnlyList<Column> s_features = FlowMeterProfile.Number(
    [
        new("duration", "s", "latest − earliest time", Real),
        new("packets_numbers", "1", "packets of the flow", Whole),
        new("receiving_packets_numbers", "1", "forward packets: those to dst", Whole),
        new("sending_packets_numbers", "1", "backward packets: those from dst", Whole),
        new("success_packets_numbers", "1", "packets whose TCP payload begins with an HTTP status line of 200", Whole),
        new("success_packets_rate", "1/s", "success_packets_numbers / duration; 0 for fewer than two, −1 for a duration of 0", Real),
        new("packets_rate", "1/s", "packets / duration; 0 for fewer than two, −1 for a duration of 0", Real),
        new("receiving_packets_rate", "1/s", "forward packets / their own duration; 0 for fewer than two, −1 for a duration of 0", Real),
        new("sending_packets_rate", "1/s", "backward packets / their own duration; 0 for fewer than two, −1 for a duration of 0", Real),
        .. Lengths("packets_len", "lengths of all packets"),
        .. Lengths("receiving_packets_len", "lengths of forward packets"),
        .. Lengths("sending_packets_len", "lengths of backward packets"),
        .. Differences("receiving_packets_delta_len", "byte", "differences of successive forward lengths"),
        .. Differences("sending_packets_delta_len", "byte", "differences of successive backward lengths"),
        .. Differences("receiving_packets_delta_time", "s", "gaps between forward times, sorted").Skip(1).Select(AsPublished),
        .. Differences("sending_packets_delta_time", "s", "gaps between backward times, sorted"),
    ]);

    /// <summary>Makes the profile.</summary>
    public static unsafe Profile Create() => new(
        "appflow",
        "AppFlowMeter's table of 78 columns: medians, modes and skewness of lengths and gaps",
        [
            new("flow_id", "", "YYYY-MM-DD HH:MM:SS.ffffff--src--sport--dst--dport, UTC", StampedFlowId),
            new("timestamp", "UTC", "time of the first packet, RFC 3339", StartTime),
            new("src_ip", "", "address of the first packet's sender", SourceAddress),
            new("src_port", "", "port of the first packet's sender", SourcePort),
            new("dst_ip", "", "address of the other end", DestinationAddress),
            new("dst_port", "", "port of the other end", DestinationPort),
            new("protocol", "", "HTTP (a port is 80), HTTPS (443), DNS (53) or Others", ApplicationName),
            .. s_features,
        ],
        s_features,
        new FlowRules
        {
            IdleTimeout = 5000 * CaptureTime.Second,
            DnsIdleTimeout = 30 * CaptureTime.Second,
            ActiveTimeout = 120_000 * CaptureTime.Second,

            // What is closed takes no more packets, however soon they come.
            LingerTime = long.MinValue,
            ClosesOnTwoFins = true,
            ForwardIsFirstSender = true,
            Decode = new() { IsTcpUdpOnly = true, IsIPv4Only = true },
        },
        leastPackets: 1,
        parts => new AccountingWorker<PacketHistory>(parts),
        () => new PacketHistoryExtractor())
    {
        OwnBytes = sizeof(FlowHistory),
        KeepsHistory = true,
        Notes = "AppFlowMeter's (Python) header and order, for IPv4 TCP and UDP. Exact, from the whole list of a flow's lengths and times, not estimated. A flow with two FINs or one RST takes no more "
            + "packets. Idle timeout 5000 s, 30 s where a port is 53; active timeout 120,000 s. Mended: NaN is 0. Memory is bounded by `--max-history`.",
    };

    private static Column[] Lengths(string of, string what) =>
    [
        new($"min_{of}", "byte", $"smallest of {what}", Real),
        new($"max_{of}", "byte", $"largest of {what}", Real),
        new($"mean_{of}", "byte", $"mean of {what}", Real),
        new($"median_{of}", "byte", $"median of {what}; of an even count the mean of the middle two", Real),
        new($"mode_{of}", "byte", $"most frequent of {what}, the smallest among ties", Real),
        new($"standard_deviation_{of}", "byte", $"population standard deviation of {what}", Real),
        new($"variance_{of}", "byte²", $"population variance of {what}", Real),
        new($"coefficient_of_variation_{of}", "1", $"standard deviation / mean of {what}, 0 for a mean of 0", Real),
        new($"skewness_{of}", "1", $"m3 / m2^1.5 of {what}, 0 where m2 is 0", Real),
    ];

    private static IEnumerable<Column> Differences(string of, string unit, string what) =>
    [
        new($"min_{of}", unit, $"smallest of {what}", Real),
        new($"max_{of}", unit, $"largest of {what}", Real),
        new($"mean_{of}", unit, $"mean of {what}", Real),
        new($"median_{of}", unit, $"median of {what}; of an even count the mean of the middle two", Real),
        new($"standard_deviation_{of}", unit, $"population standard deviation of {what}", Real),
        new($"variance_{of}", unit + "²", $"population variance of {what}", Real),
        new($"mode_{of}", unit, $"most frequent of {what}, the smallest among ties", Real),
        new($"coefficient_of_variation_{of}", "1", $"standard deviation / mean of {what}, 0 for a mean of 0", Real),
        new($"skewness_{of}", "1", $"m3 / m2^1.5 of {what}, 0 where m2 is 0", Real),
    ];

    /// <summary>One of the program's names has a letter too many, which notebooks expect.</summary>
    private static Column AsPublished(Column column) =>
        column.Name == "skewness_receiving_packets_delta_time" ? column with { Name = "skewness_sreceiving_packets_delta_time" } : column;
}
