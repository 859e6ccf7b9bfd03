using System.Globalization;

namespace FlowMeter.Tests.Oracle;

/// <summary>SPEC §8: the columns of §4, and 57 more.</summary>
internal static class ReferenceExtended
{
    private static readonly string[] s_flags = ["fin", "syn", "rst", "psh", "ack", "urg"];

    public static readonly string[] NumberColumns =
    [
        .. ReferenceFeatures.Columns,
        "payload_bytes", "fwd_payload_bytes", "bwd_payload_bytes",
        "data_packets", "fwd_data_packets", "bwd_data_packets",
        .. Sizes("fwd_payload_size"), .. Sizes("bwd_payload_size"), .. Sizes("fwd_data_size"), .. Sizes("bwd_data_size"),
        "direction_changes", "data_packet_ratio", "fwd_payload_ratio", "direction_change_ratio",
        .. s_flags.Select(flag => $"fwd_{flag}_packets"), .. s_flags.Select(flag => $"bwd_{flag}_packets"),
        .. Enumerable.Range(1, 10).Select(i => string.Create(CultureInfo.InvariantCulture, $"data_{i}")),
        .. Enumerable.Range(2, 9).Select(i => string.Create(CultureInfo.InvariantCulture, $"data_{i}_gap_us")),
    ];

    public static ReferenceTable Table(IEnumerable<ReferenceFlow> flows) => new(
        ReferenceRecord.IdentityColumns,
        NumberColumns,
        [.. flows.Select(flow => new ReferenceRow(ReferenceRecord.Of(flow).Row().Identity, Of(flow)))]);

    public static double[] Of(ReferenceFlow flow)
    {
        ReferenceFlow.Packet[] all = [.. flow.Packets];
        ReferenceFlow.Packet[] forward = [.. all.Where(packet => packet.Forward)];
        ReferenceFlow.Packet[] backward = [.. all.Where(packet => !packet.Forward)];
        ReferenceFlow.Packet[] data = [.. all.Where(packet => packet.HasData)];
        long[] bytes = [Bytes(all), Bytes(forward), Bytes(backward)];
        int changes = all.Zip(all.Skip(1)).Count(pair => pair.First.Forward != pair.Second.Forward);
        ReferenceFlow.Packet[] firstData = [.. data.Take(10)];
        List<long> gaps = ReferenceFeatures.GapsNs(firstData);
        return
        [
            .. ReferenceFeatures.Of(flow),
            .. bytes.Select(sum => (double)sum),
            data.Length, data.Count(packet => packet.Forward), data.Count(packet => !packet.Forward),
            .. Statistics(forward), .. Statistics(backward),
            .. Statistics(forward.Where(packet => packet.HasData)), .. Statistics(backward.Where(packet => packet.HasData)),
            changes,
            CorrectRounding.Quotient(data.Length, all.Length),
            bytes[0] == 0 ? 0 : CorrectRounding.Quotient(bytes[1], bytes[0]),
            CorrectRounding.Quotient(changes, all.Length),
            .. Flags(forward), .. Flags(backward),
            .. Padded(firstData.Select(packet => packet.Forward ? packet.Payload.Length : (double)-packet.Payload.Length), 10),
            .. Padded(gaps.Select(gap => CorrectRounding.Quotient(gap, 1000)), 9),
        ];
    }

    private static string[] Sizes(string prefix) => [$"{prefix}_mean", $"{prefix}_std", $"{prefix}_min", $"{prefix}_max"];

    private static long Bytes(ReferenceFlow.Packet[] packets) => packets.Sum(packet => packet.Payload.Length);

    private static double[] Statistics(IEnumerable<ReferenceFlow.Packet> packets) =>
        new ReferenceStatistics([.. packets.Select(packet => packet.Payload.Length)]).MeanDeviationMinMax();

    private static IEnumerable<double> Flags(ReferenceFlow.Packet[] packets) =>
        Enumerable.Range(0, s_flags.Length).Select(bit => (double)packets.Count(packet => (packet.TcpFlags & (1 << bit)) != 0));

    private static IEnumerable<double> Padded(IEnumerable<double> values, int count) =>
        values.Concat(Enumerable.Repeat(0.0, count)).Take(count);
}
