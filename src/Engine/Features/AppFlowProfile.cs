using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Flow;
using static FlowMeter.Engine.Features.ColumnSource;

namespace FlowMeter.Engine.Features;

/// <summary>Profile <c>appflow</c> (SPEC §6): the table of AppFlowMeter, whose medians and modes need every packet of a flow.</summary>
internal static unsafe class AppFlowProfile
{
    /// <summary>Makes the profile.</summary>
    public static Profile Create()
    {
        IReadOnlyList<Column> features = Declare();
        return new Profile(
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
                .. features,
            ],
            features,
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
            minPackets: 1,
            FlowWorker.Create<PacketHistory>,
            () => new PacketHistoryExtractor())
        {
            ProfileStateBytes = sizeof(FlowHistory),
            KeepsHistory = true,
            FirstElement = 2001,
            Notes = "AppFlowMeter's (Python) header and order, for IPv4 TCP and UDP. Exact, from the whole list of a flow's lengths and "
                + "times, "
                + "not estimated. A flow with two FINs or one RST takes no more packets. Idle timeout 5000 s, 30 s where a port is 53; "
                + "active timeout "
                + "120,000 s. Mended: NaN is 0. Memory is bounded by `--max-history`.",
        };
    }

    /// <summary>Goes through the list of features.</summary>
    internal static void Visit<TVisitor>(ref TVisitor to, in AppFlowLists flow)
        where TVisitor : struct, IFeatureVisitor
    {
        to.Double("duration", "s", "latest − earliest time", flow.Duration);
        to.Integer("packets_numbers", "1", "packets of the flow", flow.Packets);
        to.Integer("receiving_packets_numbers", "1", "forward packets: those to dst", flow.Forward);
        to.Integer("sending_packets_numbers", "1", "backward packets: those from dst", flow.Backward);
        to.Integer("success_packets_numbers", "1", "packets whose TCP payload begins with an HTTP status line of 200", flow.Successes);
        to.Double(
            "success_packets_rate", "1/s", "success_packets_numbers / duration; 0 for fewer than two, −1 for a duration of 0",
            Rate(flow.Successes, flow.Duration));
        to.Double(
            "packets_rate", "1/s", "packets / duration; 0 for fewer than two, −1 for a duration of 0",
            Rate(flow.Packets, flow.Duration));
        to.Double(
            "receiving_packets_rate", "1/s", "forward packets / their own duration; 0 for fewer than two, −1 for a duration of 0",
            Rate(flow.Forward, flow.ForwardDuration));
        to.Double(
            "sending_packets_rate", "1/s", "backward packets / their own duration; 0 for fewer than two, −1 for a duration of 0",
            Rate(flow.Backward, flow.BackwardDuration));
        to.Group("packets_len", "lengths of all packets");
        VisitLengths(ref to, in flow.Lengths);
        to.Group("receiving_packets_len", "lengths of forward packets");
        VisitLengths(ref to, in flow.ForwardLengths);
        to.Group("sending_packets_len", "lengths of backward packets");
        VisitLengths(ref to, in flow.BackwardLengths);
        to.Group("receiving_packets_delta_len", "differences of successive forward lengths");
        VisitDifferences(ref to, "byte", "byte²", in flow.ForwardLengthDifferences);
        to.Group("sending_packets_delta_len", "differences of successive backward lengths");
        VisitDifferences(ref to, "byte", "byte²", in flow.BackwardLengthDifferences);
        to.Group("receiving_packets_delta_time", "gaps between forward times, sorted");
        VisitForwardGaps(ref to, in flow.ForwardGaps);
        to.Group("sending_packets_delta_time", "gaps between backward times, sorted");
        VisitDifferences(ref to, "s", "s²", in flow.BackwardGaps);
    }

    private static IReadOnlyList<Column> Declare()
    {
        FeatureDeclarations to = new([]);
        Visit(ref to, default);
        return to.Columns;
    }

    private static double Rate(ulong packets, double duration) => packets <= 1 ? 0 : duration <= 0 ? -1 : packets / duration;

    private static void VisitLengths<TVisitor>(ref TVisitor to, in ListStatistics list)
        where TVisitor : struct, IFeatureVisitor
    {
        to.Double("min_{0}", "byte", "smallest of {1}", list.Minimum);
        to.Double("max_{0}", "byte", "largest of {1}", list.Maximum);
        to.Double("mean_{0}", "byte", "mean of {1}", list.Mean);
        to.Double("median_{0}", "byte", "median of {1}; of an even count the mean of the middle two", list.Median);
        to.Double("mode_{0}", "byte", "most frequent of {1}, the smallest among ties", list.Mode);
        to.Double("standard_deviation_{0}", "byte", "population standard deviation of {1}", list.Deviation);
        to.Double("variance_{0}", "byte²", "population variance of {1}", list.Variance);
        to.Double("coefficient_of_variation_{0}", "1", "standard deviation / mean of {1}, 0 for a mean of 0", list.Variation);
        to.Double("skewness_{0}", "1", "m3 / m2^1.5 of {1}, 0 where m2 is 0", list.Skewness);
    }

    private static void VisitDifferences<TVisitor>(ref TVisitor to, string unit, string square, in ListStatistics list)
        where TVisitor : struct, IFeatureVisitor
    {
        to.Double("min_{0}", unit, "smallest of {1}", list.Minimum);
        VisitVariation(ref to, unit, square, in list);
        to.Double("skewness_{0}", "1", "m3 / m2^1.5 of {1}, 0 where m2 is 0", list.Skewness);
    }

    /// <summary>The program has no minimum here, and one of its names has a letter too many, which notebooks expect.</summary>
    private static void VisitForwardGaps<TVisitor>(ref TVisitor to, in ListStatistics list)
        where TVisitor : struct, IFeatureVisitor
    {
        VisitVariation(ref to, "s", "s²", in list);
        to.Double("skewness_s{0}", "1", "m3 / m2^1.5 of {1}, 0 where m2 is 0", list.Skewness);
    }

    private static void VisitVariation<TVisitor>(ref TVisitor to, string unit, string square, in ListStatistics list)
        where TVisitor : struct, IFeatureVisitor
    {
        to.Double("max_{0}", unit, "largest of {1}", list.Maximum);
        to.Double("mean_{0}", unit, "mean of {1}", list.Mean);
        to.Double("median_{0}", unit, "median of {1}; of an even count the mean of the middle two", list.Median);
        to.Double("standard_deviation_{0}", unit, "population standard deviation of {1}", list.Deviation);
        to.Double("variance_{0}", square, "population variance of {1}", list.Variance);
        to.Double("mode_{0}", unit, "most frequent of {1}, the smallest among ties", list.Mode);
        to.Double("coefficient_of_variation_{0}", "1", "standard deviation / mean of {1}, 0 for a mean of 0", list.Variation);
    }
}
