using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Features;

/// <summary>
/// Profile <c>extended</c> (SPEC §8): the table of <c>flowmeter</c> and 57 features more, which tell benign from malicious where sizes and
/// gaps of frames do not.
/// </summary>
internal static unsafe class ExtendedProfile
{
    /// <summary>Makes the profile.</summary>
    public static Profile Create()
    {
        IReadOnlyList<Column> features = Declare();
        return new Profile(
            "extended",
            "the 39 statistics and 57 more: payload sizes, TCP flags, the first ten data packets",
            [.. FlowMeterProfile.Identity, .. features],
            features,
            new FlowRules(),
            minPackets: 1,
            FlowWorker.Create<PayloadsAndFlags>,
            () => new PayloadsAndFlagsExtractor())
        {
            ProfileStateBytes = sizeof(PayloadSums),
        };
    }

    /// <summary>Goes through the list of the 57 features behind those of <c>flowmeter</c>.</summary>
    internal static void Visit<TVisitor>(ref TVisitor to, in ExtendedFlow flow)
        where TVisitor : struct, IFeatureVisitor
    {
        to.Integer("payload_bytes", "byte", "sum of payload sizes", flow.Forward->Bytes + flow.Backward->Bytes);
        to.Integer("fwd_payload_bytes", "byte", "sum of forward payload sizes", flow.Forward->Bytes);
        to.Integer("bwd_payload_bytes", "byte", "sum of backward payload sizes", flow.Backward->Bytes);
        to.Integer("data_packets", "1", "packets with payload", flow.ForwardData + flow.BackwardData);
        to.Integer("fwd_data_packets", "1", "forward packets with payload", flow.ForwardData);
        to.Integer("bwd_data_packets", "1", "backward packets with payload", flow.BackwardData);
        to.Group("fwd_payload_size", "payload sizes of all forward packets");
        VisitSizes(ref to, flow.Forward, flow.ForwardPackets);
        to.Group("bwd_payload_size", "payload sizes of all backward packets");
        VisitSizes(ref to, flow.Backward, flow.BackwardPackets);
        to.Group("fwd_data_size", "payload sizes of forward data packets");
        VisitSizes(ref to, flow.Forward, flow.ForwardData);
        to.Group("bwd_data_size", "payload sizes of backward data packets");
        VisitSizes(ref to, flow.Backward, flow.BackwardData);
        to.Integer("direction_changes", "1", "successive packets of the flow whose directions differ", flow.Own->Changes);
        to.Ratio(
            "data_packet_ratio", "1", "data_packets / packets",
            flow.ForwardData + flow.BackwardData, flow.ForwardPackets + flow.BackwardPackets);
        to.Ratio("fwd_payload_ratio", "1", "fwd_payload_bytes / payload_bytes, 0 without payload", flow.Forward->Bytes, flow.Bytes);
        to.Ratio(
            "direction_change_ratio", "1", "direction_changes / packets",
            flow.Own->Changes, flow.ForwardPackets + flow.BackwardPackets);
        to.Group("fwd", "forward");
        VisitFlags(ref to, flow.Forward);
        to.Group("bwd", "backward");
        VisitFlags(ref to, flow.Backward);
        for (int place = 0; place < PayloadSums.Kept; place++)
        {
            to.Group(place + 1, place);
            to.Double(
                "data_{0}", "byte", "payload size of data packet {0} of the flow, negative for a backward one; 0 where there is none",
                flow.SignedLength(place));
        }

        for (int place = 1; place < PayloadSums.Kept; place++)
        {
            to.Group(place + 1, place);
            to.Microseconds("data_{0}_gap_us", "gap between data packets {1} and {0}; 0 where there is none", flow.Own->Gaps[place - 1]);
        }
    }

    private static IReadOnlyList<Column> Declare()
    {
        PayloadSums nothing = default;
        FeatureDeclarations to = new(FlowMeterProfile.Features);
        Visit(ref to, new ExtendedFlow(&nothing, 0, 0, 0));
        return to.Columns;
    }

    /// <summary>Sizes over <paramref name="packets"/>, of which those without payload add nothing to any sum.</summary>
    private static void VisitSizes<TVisitor>(ref TVisitor to, PayloadSide* side, ulong packets)
        where TVisitor : struct, IFeatureVisitor
    {
        ulong data = side->Counters[PayloadSide.DataPackets];
        UInt128 squares = new(side->Counters[PayloadSide.Carries], side->Squares);
        to.Ratio("{0}_mean", "byte", "mean of {1}", side->Bytes, packets);
        to.Ratio(
            "{0}_std", "byte", "population standard deviation of {1}",
            Math.Sqrt(ExactVariance.Numerator(packets, side->Bytes, squares)), packets);
        to.Integer("{0}_min", "byte", "smallest of {1}", data == 0 || packets > data ? 0 : side->Minimum);
        to.Integer("{0}_max", "byte", "largest of {1}", side->Maximum);
    }

    private static void VisitFlags<TVisitor>(ref TVisitor to, PayloadSide* side)
        where TVisitor : struct, IFeatureVisitor
    {
        to.Integer("{0}_fin_packets", "1", "{1} packets with TCP flag FIN", side->Counters[0]);
        to.Integer("{0}_syn_packets", "1", "{1} packets with TCP flag SYN", side->Counters[1]);
        to.Integer("{0}_rst_packets", "1", "{1} packets with TCP flag RST", side->Counters[2]);
        to.Integer("{0}_psh_packets", "1", "{1} packets with TCP flag PSH", side->Counters[3]);
        to.Integer("{0}_ack_packets", "1", "{1} packets with TCP flag ACK", side->Counters[4]);
        to.Integer("{0}_urg_packets", "1", "{1} packets with TCP flag URG", side->Counters[5]);
    }
}
