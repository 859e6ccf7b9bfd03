using System.Runtime.CompilerServices;
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
    public static IReadOnlyList<Column> Features { get; } = Declare();

    /// <summary>Makes the profile.</summary>
    public static Profile Create() => new(
        "flowmeter",
        "39 statistics a flow (the default)",
        [.. Identity, .. Features],
        Features,
        new FlowRules(),
        minPackets: 1,
        FlowWorker.Create<SizesAndGaps>,
        () => new SizesAndGapsExtractor());

    /// <summary>Goes through the list of features. Inlined: all places are constants then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static unsafe void Visit<TVisitor>(ref TVisitor to, in FlowSums flow)
        where TVisitor : struct, IColumnVisitor
    {
        int duration = to.Microseconds("duration_us", "end_time − start_time", flow.Duration);
        int packets = to.Integer("packets", "1", "packets of the flow", flow.Packets);
        int forwardPackets = to.Integer("fwd_packets", "1", "packets sent by src", flow.Forward.Packets);
        int backwardPackets = to.Integer("bwd_packets", "1", "packets sent by dst", flow.Backward.Packets);
        int bytes = to.Integer("bytes", "byte", "sum of packet sizes (wire length, link header included)", flow.Bytes);
        int forwardBytes = to.Integer("fwd_bytes", "byte", "sum of forward packet sizes", flow.Forward.Bytes);
        int backwardBytes = to.Integer("bwd_bytes", "byte", "sum of backward packet sizes", flow.Backward.Bytes);

        to.Group("packet_size", "packet sizes");
        VisitSizes(ref to, bytes, packets, ExactVariance.Numerator(flow.Packets, flow.Bytes, flow.Squares), flow.Minimum, flow.Maximum);
        to.Group("fwd_packet_size", "forward packet sizes");
        VisitSizes(ref to, forwardBytes, forwardPackets, flow.Forward);
        to.Group("bwd_packet_size", "backward packet sizes");
        VisitSizes(ref to, backwardBytes, backwardPackets, flow.Backward);

        to.Group("iat", "gaps between successive packets");
        VisitGaps(ref to, packets, flow.Packets, flow.Duration, flow.Gaps);
        to.Microseconds("fwd_iat_total_us", "sum of gaps between successive forward packets", flow.Forward.GapTotal);
        to.Group("fwd_iat", "gaps between successive forward packets");
        VisitGaps(ref to, forwardPackets, flow.Forward.Packets, flow.Forward.GapTotal, flow.Forward.Gaps);
        to.Microseconds("bwd_iat_total_us", "sum of gaps between successive backward packets", flow.Backward.GapTotal);
        to.Group("bwd_iat", "gaps between successive backward packets");
        VisitGaps(ref to, backwardPackets, flow.Backward.Packets, flow.Backward.GapTotal, flow.Backward.Gaps);

        to.Ratio("packets_per_us", "1/µs", "packets / duration_us, 0 for a duration of 0", packets, duration);
        to.Ratio("fwd_packets_per_us", "1/µs", "fwd_packets / duration_us, 0 for a duration of 0", forwardPackets, duration);
        to.Ratio("bwd_packets_per_us", "1/µs", "bwd_packets / duration_us, 0 for a duration of 0", backwardPackets, duration);
        to.Ratio("bytes_per_us", "byte/µs", "bytes / duration_us, 0 for a duration of 0", bytes, duration);
        to.Ratio("fwd_bytes_per_us", "byte/µs", "fwd_bytes / duration_us, 0 for a duration of 0", forwardBytes, duration);
        to.Ratio("bwd_bytes_per_us", "byte/µs", "bwd_bytes / duration_us, 0 for a duration of 0", backwardBytes, duration);
    }

    private static unsafe IReadOnlyList<Column> Declare()
    {
        EndpointSums silent = default;
        FeatureDeclarations to = new([]);
        Visit(ref to, FlowSums.CreateEmpty(&silent));
        return to.Columns;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void VisitSizes<TVisitor>(ref TVisitor to, int bytes, int packets, in DirectionSums direction)
        where TVisitor : struct, IColumnVisitor =>
        VisitSizes(
            ref to,
            bytes,
            packets,
            ExactVariance.Numerator(direction.Packets, direction.Bytes, direction.Squares),
            direction.Minimum,
            direction.Maximum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void VisitSizes<TVisitor>(ref TVisitor to, int bytes, int packets, double numerator, uint minimum, uint maximum)
        where TVisitor : struct, IColumnVisitor
    {
        to.Ratio("{0}_mean", "byte", "mean of {1}", bytes, packets);
        to.Deviation("{0}_std", "byte", "population standard deviation of {1}", numerator, packets);
        to.Integer("{0}_min", "byte", "smallest of {1}", minimum);
        to.Integer("{0}_max", "byte", "largest of {1}", maximum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void VisitGaps<TVisitor>(ref TVisitor to, int packets, ulong count, ulong total, GapSums* gaps)
        where TVisitor : struct, IColumnVisitor
    {
        bool hasGaps = count > 1;
        to.GapMean("{0}_mean_us", "mean of {1}", total, packets);
        to.GapDeviation(
            "{0}_std_us", "population standard deviation of {1}",
            hasGaps ? ExactVariance.Numerator(count - 1, total, gaps->Squares) : 0);
        to.Microseconds("{0}_min_us", "shortest of {1}", hasGaps ? gaps->Minimum : 0);
        to.Microseconds("{0}_max_us", "longest of {1}", hasGaps ? gaps->Maximum : 0);
    }
}
