using System.Numerics;

namespace FlowMeter.Tests.Oracle;

/// <summary>The 39 features of SPEC §4, each the double nearest to the exact value.</summary>
internal static class ReferenceFeatures
{
    private const long NanosecondsPerMicrosecond = 1000;

    public static readonly string[] Columns =
    [
        "duration_us",
        "packets", "fwd_packets", "bwd_packets",
        "bytes", "fwd_bytes", "bwd_bytes",
        "packet_size_mean", "packet_size_std", "packet_size_min", "packet_size_max",
        "fwd_packet_size_mean", "fwd_packet_size_std", "fwd_packet_size_min", "fwd_packet_size_max",
        "bwd_packet_size_mean", "bwd_packet_size_std", "bwd_packet_size_min", "bwd_packet_size_max",
        "iat_mean_us", "iat_std_us", "iat_min_us", "iat_max_us",
        "fwd_iat_total_us", "fwd_iat_mean_us", "fwd_iat_std_us", "fwd_iat_min_us", "fwd_iat_max_us",
        "bwd_iat_total_us", "bwd_iat_mean_us", "bwd_iat_std_us", "bwd_iat_min_us", "bwd_iat_max_us",
        "packets_per_us", "fwd_packets_per_us", "bwd_packets_per_us",
        "bytes_per_us", "fwd_bytes_per_us", "bwd_bytes_per_us",
    ];

    public static double[] Of(ReferenceFlow flow)
    {
        long durationNs = flow.LastNs - flow.FirstNs;
        List<ReferenceFlow.Packet> all = flow.Packets;
        List<ReferenceFlow.Packet> forward = [.. all.Where(packet => packet.Forward)];
        List<ReferenceFlow.Packet> backward = [.. all.Where(packet => !packet.Forward)];
        long[] packets = [all.Count, forward.Count, backward.Count];
        long[] bytes = [Bytes(all), Bytes(forward), Bytes(backward)];
        return
        [
            CorrectRounding.Quotient(durationNs, NanosecondsPerMicrosecond),
            .. packets,
            .. bytes,
            .. Sizes(all).MeanDeviationMinMax(),
            .. Sizes(forward).MeanDeviationMinMax(),
            .. Sizes(backward).MeanDeviationMinMax(),
            .. Gaps(all).MeanDeviationMinMax(),
            .. Gaps(forward).TotalMeanDeviationMinMax(),
            .. Gaps(backward).TotalMeanDeviationMinMax(),
            .. packets.Select(count => PerMicrosecond(count, durationNs)),
            .. bytes.Select(count => PerMicrosecond(count, durationNs)),
        ];
    }

    private static long Bytes(List<ReferenceFlow.Packet> packets) => packets.Sum(packet => packet.Size);

    private static ReferenceStatistics Sizes(List<ReferenceFlow.Packet> packets) => new([.. packets.Select(packet => packet.Size)]);

    /// <summary>Each gap is measured from the newest time so far; a packet from before it has a gap of 0.</summary>
    private static ReferenceStatistics Gaps(List<ReferenceFlow.Packet> packets) => new(GapsNs(packets), NanosecondsPerMicrosecond);

    /// <inheritdoc cref="Gaps"/>
    public static List<long> GapsNs(IReadOnlyList<ReferenceFlow.Packet> packets)
    {
        List<long> gaps = [];
        long newest = packets.Count == 0 ? 0 : packets[0].TimestampNs;
        foreach (ReferenceFlow.Packet packet in packets.Skip(1))
        {
            gaps.Add(Math.Max(0, packet.TimestampNs - newest));
            newest = Math.Max(newest, packet.TimestampNs);
        }
        return gaps;
    }

    private static double PerMicrosecond(long count, long durationNs)
    {
        return durationNs == 0 ? 0 : CorrectRounding.Quotient((BigInteger)count * NanosecondsPerMicrosecond, durationNs);
    }
}
