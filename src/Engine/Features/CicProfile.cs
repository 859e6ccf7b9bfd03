using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Flow;
using static FlowMeter.Engine.Features.ColumnSource;

namespace FlowMeter.Engine.Features;

/// <summary>Profile <c>cic</c> (SPEC §7): the table of CICFlowMeter, in its order and units, with its published defects mended.</summary>
internal static unsafe class CicProfile
{
    private const double Microsecond = 1e3;
    private const int Psh = 3;
    private const int Urg = 5;

    /// <summary>Makes the profile.</summary>
    public static Profile Create()
    {
        IReadOnlyList<Column> features = Declare();
        return new Profile(
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
                .. features,
                new("Label", "", "--label, NeedManualLabel by default", Label),
            ],
            features,
            new FlowRules { ActiveTimeout = 120 * CaptureTime.Second },
            minPackets: 1,
            FlowWorker.Create<PayloadsAndBulks>,
            () => new PayloadsAndBulksExtractor())
        {
            ProfileStateBytes = sizeof(BulksAndSpans),
            FirstElement = 1001,
            Notes = "CICFlowMeter's header, order and units. Lengths are payloads by the headers' own fields, deviations the sample's. "
                + "Mended: the first packet counted twice, flags and bulks of one direction only, the last window for the first, "
                + "flows cut at the first FIN, Infinity and NaN, integer division, local time of 12 hours. "
                + "A flow ends after 120 s at the latest.",
        };
    }

    /// <summary>Goes through the list of features.</summary>
    internal static void Visit<TVisitor>(ref TVisitor to, in CicFlow flow)
        where TVisitor : struct, IFeatureVisitor
    {
        BulksAndSpans* own = flow.Own;
        int forwardEnd = flow.ForwardEnd;
        int backwardEnd = 1 - forwardEnd;
        DirectionSums forward = flow.Sums.Forward;
        DirectionSums backward = flow.Sums.Backward;
        to.Microseconds("Flow Duration", "newest time − time of the first packet", flow.Sums.Duration);
        to.Integer("Total Fwd Packet", "1", "forward packets", forward.Packets);
        to.Integer("Total Bwd packets", "1", "backward packets", backward.Packets);
        to.Integer("Total Length of Fwd Packet", "byte", "sum of forward payloads", forward.Bytes);
        to.Integer("Total Length of Bwd Packet", "byte", "sum of backward payloads", backward.Bytes);
        to.Group("Fwd", "forward payloads");
        VisitLengths(ref to, in forward);
        to.Group("Bwd", "backward payloads");
        VisitLengths(ref to, in backward);
        to.Ratio("Flow Bytes/s", "byte/s", "payload bytes / Flow Duration, 0 for a duration of 0", flow.Sums.Bytes, flow.Seconds);
        to.Ratio("Flow Packets/s", "1/s", "packets / Flow Duration, 0 for a duration of 0", flow.Sums.Packets, flow.Seconds);
        to.Group("Flow IAT", "gaps between successive packets");
        VisitTimes(ref to, flow.Sums.Packets - 1, flow.Sums.Duration, flow.Sums.Gaps);
        to.Microseconds("Fwd IAT Total", "sum of gaps between successive forward packets", forward.GapTotal);
        to.Group("Fwd IAT", "gaps between successive forward packets");
        VisitTimes(ref to, Math.Max(forward.Packets, 1) - 1, forward.GapTotal, forward.Gaps);
        to.Microseconds("Bwd IAT Total", "sum of gaps between successive backward packets", backward.GapTotal);
        to.Group("Bwd IAT", "gaps between successive backward packets");
        VisitTimes(ref to, Math.Max(backward.Packets, 1) - 1, backward.GapTotal, backward.Gaps);
        to.Integer("Fwd PSH Flags", "1", "forward packets with PSH", flow.FlagsOf(forwardEnd, Psh, BulksAndSpans.PshA));
        to.Integer("Bwd PSH Flags", "1", "backward packets with PSH", flow.FlagsOf(backwardEnd, Psh, BulksAndSpans.PshA));
        to.Integer("Fwd URG Flags", "1", "forward packets with URG", flow.FlagsOf(forwardEnd, Urg, BulksAndSpans.UrgA));
        to.Integer("Bwd URG Flags", "1", "backward packets with URG", flow.FlagsOf(backwardEnd, Urg, BulksAndSpans.UrgA));
        to.Integer("Fwd Header Length", "byte", "sum of forward transport headers", own->HeaderBytes[forwardEnd]);
        to.Integer("Bwd Header Length", "byte", "sum of backward transport headers", own->HeaderBytes[backwardEnd]);
        to.Ratio("Fwd Packets/s", "1/s", "forward packets / Flow Duration, 0 for a duration of 0", forward.Packets, flow.Seconds);
        to.Ratio("Bwd Packets/s", "1/s", "backward packets / Flow Duration, 0 for a duration of 0", backward.Packets, flow.Seconds);
        to.Integer("Packet Length Min", "byte", "smallest payload", flow.Sums.Minimum);
        to.Integer("Packet Length Max", "byte", "largest payload", flow.Sums.Maximum);
        to.Ratio("Packet Length Mean", "byte", "mean of payloads", flow.Sums.Bytes, flow.Sums.Packets);
        double variance = SampleVariance(flow.Sums.Packets, flow.Sums.Bytes, flow.Sums.Squares);
        to.Double("Packet Length Std", "byte", "sample standard deviation of payloads", Math.Sqrt(variance));
        to.Double("Packet Length Variance", "byte²", "sample variance of payloads", variance);
        to.Integer("FIN Flag Count", "1", "packets with TCP flag FIN", own->Flags[0]);
        to.Integer("SYN Flag Count", "1", "packets with TCP flag SYN", own->Flags[1]);
        to.Integer("RST Flag Count", "1", "packets with TCP flag RST", own->Flags[2]);
        to.Integer("PSH Flag Count", "1", "packets with TCP flag PSH", own->Flags[Psh]);
        to.Integer("ACK Flag Count", "1", "packets with TCP flag ACK", own->Flags[4]);
        to.Integer("URG Flag Count", "1", "packets with TCP flag URG", own->Flags[Urg]);
        to.Integer("CWR Flag Count", "1", "packets with TCP flag CWR", own->Flags[7]);
        to.Integer("ECE Flag Count", "1", "packets with TCP flag ECE", own->Flags[6]);
        to.Ratio(
            "Down/Up Ratio", "1", "backward packets / forward packets, a real number; 0 without forward packets",
            backward.Packets, forward.Packets);
        to.Ratio("Average Packet Size", "byte", "mean of payloads", flow.Sums.Bytes, flow.Sums.Packets);
        to.Ratio("Fwd Segment Size Avg", "byte", "mean of forward payloads", forward.Bytes, forward.Packets);
        to.Ratio("Bwd Segment Size Avg", "byte", "mean of backward payloads", backward.Bytes, backward.Packets);
        to.Group("Fwd", "forward");
        VisitBulks(ref to, own, forwardEnd);
        to.Group("Bwd", "backward");
        VisitBulks(ref to, own, backwardEnd);
        double subflows = 1.0 + own->LongGaps;
        to.Double("Subflow Fwd Packets", "1", "forward packets / (1 + gaps over 1 s)", forward.Packets / subflows);
        to.Double("Subflow Fwd Bytes", "byte", "forward payload bytes / (1 + gaps over 1 s)", forward.Bytes / subflows);
        to.Double("Subflow Bwd Packets", "1", "backward packets / (1 + gaps over 1 s)", backward.Packets / subflows);
        to.Double("Subflow Bwd Bytes", "byte", "backward payload bytes / (1 + gaps over 1 s)", backward.Bytes / subflows);
        to.Integer(
            "FWD Init Win Bytes", "byte", "TCP window, unscaled, of the first forward packet; 0 if there is none",
            own->Windows[forwardEnd]);
        to.Integer(
            "Bwd Init Win Bytes", "byte", "TCP window, unscaled, of the first backward packet; 0 if there is none",
            own->Windows[backwardEnd]);
        to.Integer("Fwd Act Data Pkts", "1", "forward packets with payload", own->Counts[BulksAndSpans.DataPackets + forwardEnd]);
        to.Integer(
            "Fwd Seg Size Min", "byte", "smallest forward transport header; 0 without forward packets",
            forward.Packets == 0 ? (byte)0 : own->MinHeader[forwardEnd]);
        GapSums active = flow.Active;
        to.Group("Active", "spans between gaps over 5 s that last longer than 0");
        VisitTimes(ref to, flow.ActiveSpans, flow.ActiveTime, &active);
        to.Group("Idle", "gaps over 5 s between successive packets");
        VisitTimes(ref to, own->IdleGaps, own->IdleTime, &own->Idle);
    }

    private static IReadOnlyList<Column> Declare()
    {
        EndpointSums silent = default;
        BulksAndSpans nothing = default;
        FeatureDeclarations to = new([]);
        Visit(ref to, new CicFlow(FlowSums.CreateEmpty(&silent), &nothing, forwardEnd: 0, last: 0));
        return to.Columns;
    }

    private static void VisitLengths<TVisitor>(ref TVisitor to, in DirectionSums direction)
        where TVisitor : struct, IFeatureVisitor
    {
        to.Integer("{0} Packet Length Max", "byte", "largest of {1}", direction.Maximum);
        to.Integer("{0} Packet Length Min", "byte", "smallest of {1}", direction.Minimum);
        to.Ratio("{0} Packet Length Mean", "byte", "mean of {1}", direction.Bytes, direction.Packets);
        to.Double(
            "{0} Packet Length Std", "byte", "sample standard deviation of {1}",
            Math.Sqrt(SampleVariance(direction.Packets, direction.Bytes, direction.Squares)));
    }

    /// <summary>The features of <paramref name="count"/> times, whose sum is <paramref name="total"/> ns.</summary>
    private static void VisitTimes<TVisitor>(ref TVisitor to, ulong count, ulong total, GapSums* times)
        where TVisitor : struct, IFeatureVisitor
    {
        to.Ratio("{0} Mean", "µs", "mean of {1}", total, count * Microsecond);
        to.Double(
            "{0} Std", "µs", "sample standard deviation of {1}",
            Math.Sqrt(SampleVariance(count, total, times->Squares)) / Microsecond);
        to.Microseconds("{0} Max", "longest of {1}", count == 0 ? 0 : times->Maximum);
        to.Microseconds("{0} Min", "shortest of {1}", count == 0 ? 0 : times->Minimum);
    }

    private static void VisitBulks<TVisitor>(ref TVisitor to, BulksAndSpans* own, int end)
        where TVisitor : struct, IFeatureVisitor
    {
        double bulks = own->Counts[BulksAndSpans.Bulks + end];
        to.Ratio(
            "{0} Bytes/Bulk Avg",
            "byte",
            "payload bytes in {1} bulks / bulks: runs of 4 data packets and more, gaps of 1 s at most, "
                + "no data packet of the other direction between",
            own->BulkBytes[end],
            bulks);
        to.Ratio("{0} Packet/Bulk Avg", "1", "packets in {1} bulks / bulks", own->Counts[BulksAndSpans.BulkPackets + end], bulks);
        to.Ratio(
            "{0} Bulk Rate Avg", "byte/s", "payload bytes in {1} bulks / their durations",
            own->BulkBytes[end], own->BulkTime[end] / CicFlow.Second);
    }

    private static double SampleVariance(ulong count, ulong sum, UInt128 squares) =>
        count < 2 ? 0 : ExactVariance.Numerator(count, sum, squares) / ((double)count * (count - 1));
}
