using FlowMeter.Engine.Flow;
using static FlowMeter.Engine.Features.ColumnSource;

namespace FlowMeter.Engine.Features;

/// <summary>Profile <c>deepfence</c> (SPEC §5): the table of Deepfence FlowMeter, with its flow rules, order, units and rounding.</summary>
internal static class DeepfenceProfile
{
    private static readonly IReadOnlyList<Column> Header = FlowMeterProfile.Number(
    [
        new("flowDuration", "ns", "time of the last packet − time of the first", Real),
        new("flowLength", "1", "packets, of the first 83", Real),
        new("fwdFlowLength", "1", "packets from the first packet's sender", Real),
        new("bwdFlowLength", "1", "packets to it", Real),
        new("packetSizeTotal", "byte", "sum of captured lengths", Real),
        new("packetSizeMean", "byte", "mean of captured lengths", Real),
        new("packetSizeStd", "byte", "population standard deviation of captured lengths", Real),
        new("packetSizeMin", "byte", "smallest captured length", Real),
        new("packetSizeMax", "byte", "largest captured length", Real),
        .. Pair("PacketSizeTotal", "byte", "sum of {0} captured lengths"),
        .. Pair("PacketSizeMean", "byte", "mean of {0} captured lengths"),
        .. Pair("PacketSizeStd", "byte", "population standard deviation of {0} captured lengths"),
        .. Pair("PacketSizeMin", "byte", "smallest {0} captured length"),
        .. Pair("PacketSizeMax", "byte", "largest {0} captured length"),
        new("IATMean", "ns", "mean of the forward and the backward gaps taken together, whole µs", Real),
        new("IATStd", "ns", "their deviation as the Go program computes it, whole µs", Real),
        new("IATMin", "ns", "shortest of them", Real),
        new("IATMax", "ns", "longest of them", Real),
        .. Pair("IATTotal", "ns", "sum of {0} gaps"),
        .. Pair("IATMean", "ns", "mean of {0} gaps, whole µs"),
        .. Pair("IATStd", "ns", "deviation of {0} gaps as the Go program computes it, whole µs"),
        .. Pair("IATMin", "ns", "shortest {0} gap"),
        .. Pair("IATMax", "ns", "longest {0} gap"),
    ]);

    private static readonly IReadOnlyList<Column> ModelOnly =
    [
        .. new[] { "flowLength", "fwdFlowLength", "bwdFlowLength", "packetSizeTotal", "fwdPacketSizeTotal", "bwdPacketSizeTotal" }.Select((name, index) =>
            new Column($"{name}PerTime", "1/ns", $"{name} / flowDuration, 0 for a duration of 0; for the model only", Real, Header.Count + index)),
    ];

    /// <summary>Makes the profile.</summary>
    public static Profile Create() => new(
        "deepfence",
        "what Deepfence FlowMeter prints: TCP and UDP flows of 15 packets and more, first 83 packets",
        [
            new("fiveTuple", "", "src--dst--TCP--sport--dport", FiveTuple),
            new("srcIP", "", "address of the first packet's sender", SourceAddress),
            new("dstIP", "", "address of the other end", DestinationAddress),
            new("protocol", "", "TCP or UDP", ProtocolName),
            new("srcPort", "", "port of the first packet's sender", SourcePort),
            new("dstPort", "", "port of the other end", DestinationPort),
            .. Header,
        ],
        [.. Header, .. ModelOnly],
        new FlowRules
        {
            IdleTimeout = FlowRules.Never,
            ActiveTimeout = FlowRules.Never,
            LingerTime = FlowRules.Never,
            EndsOnClose = false,
            ForwardIsFirstSender = true,
            Decode = new() { MetersOutermostHeader = true, IsTcpUdpOnly = true, LeavesOutLaterFragments = true, SizeIsCapturedLength = true },
        },
        leastPackets: 15,
        parts => new AccountingWorker<FirstPackets>(parts),
        () => new FirstPacketsExtractor())
    {
        Notes = "The header, order, units and rounding of Deepfence FlowMeter (Go), for its users and their models. Mended: source and destination exchanged, port names for numbers; "
            + "frames with VLAN tags and IPv6 extension headers count.",
    };

    private static Column[] Pair(string name, string unit, string meaning) =>
    [
        new($"fwd{name}", unit, string.Format(System.Globalization.CultureInfo.InvariantCulture, meaning, "forward"), Real),
        new($"bwd{name}", unit, string.Format(System.Globalization.CultureInfo.InvariantCulture, meaning, "backward"), Real),
    ];
}
