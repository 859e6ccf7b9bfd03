using FlowMeter.Engine.Flow;
using static FlowMeter.Engine.Features.ColumnSource;

namespace FlowMeter.Engine.Features;

/// <summary>Profile <c>deepfence</c> (SPEC §5): the table of Deepfence FlowMeter, with its flow rules, order, units and rounding.</summary>
internal static class DeepfenceProfile
{
    /// <summary>Makes the profile.</summary>
    public static Profile Create()
    {
        FeatureDeclarations features = new([]);
        Visit(ref features, default);
        IReadOnlyList<Column> printed = [.. features.Columns];
        VisitModelOnly(ref features, default);
        return new Profile(
            "deepfence",
            "what Deepfence FlowMeter prints: TCP and UDP flows of 15 packets and more, first 83 packets",
            [
                new("fiveTuple", "", "src--dst--TCP--sport--dport", FiveTuple),
                new("srcIP", "", "address of the first packet's sender", SourceAddress),
                new("dstIP", "", "address of the other end", DestinationAddress),
                new("protocol", "", "TCP or UDP", ProtocolName),
                new("srcPort", "", "port of the first packet's sender", SourcePort),
                new("dstPort", "", "port of the other end", DestinationPort),
                .. printed,
            ],
            features.Columns,
            new FlowRules
            {
                IdleTimeout = FlowRules.Never,
                ActiveTimeout = FlowRules.Never,
                LingerTime = FlowRules.Never,
                EndsOnClose = false,
                ForwardIsFirstSender = true,
                Decode = new()
                {
                    MetersOutermostHeader = true,
                    IsTcpUdpOnly = true,
                    LeavesOutLaterFragments = true,
                    SizeIsCapturedLength = true,
                },
            },
            minPackets: 15,
            FlowWorker.Create<FirstPackets>,
            () => new FirstPacketsExtractor())
        {
            FirstElement = 3001,
            Notes = "The header, order, units and rounding of Deepfence FlowMeter (Go), for its users and their models. "
                + "Mended: source and destination exchanged, port names for numbers; frames with VLAN tags and IPv6 extension headers "
                + "count.",
        };
    }

    /// <summary>Goes through the list of features that are printed.</summary>
    internal static void Visit<TVisitor>(ref TVisitor to, in DeepfenceFlow flow)
        where TVisitor : struct, IFeatureVisitor
    {
        to.Double("flowDuration", "ns", "time of the last packet − time of the first", flow.Duration);
        to.Double("flowLength", "1", "packets, of the first 83", flow.Both.Packets);
        to.Double("fwdFlowLength", "1", "packets from the first packet's sender", flow.Forward.Packets);
        to.Double("bwdFlowLength", "1", "packets to it", flow.Backward.Packets);
        to.Double("packetSizeTotal", "byte", "sum of captured lengths", flow.Both.Bytes);
        to.Double("packetSizeMean", "byte", "mean of captured lengths", flow.Both.SizeMean);
        to.Double("packetSizeStd", "byte", "population standard deviation of captured lengths", flow.Both.SizeDeviation);
        to.Double("packetSizeMin", "byte", "smallest captured length", flow.Both.SizeMinimum);
        to.Double("packetSizeMax", "byte", "largest captured length", flow.Both.SizeMaximum);
        to.Double("fwdPacketSizeTotal", "byte", "sum of forward captured lengths", flow.Forward.Bytes);
        to.Double("bwdPacketSizeTotal", "byte", "sum of backward captured lengths", flow.Backward.Bytes);
        to.Double("fwdPacketSizeMean", "byte", "mean of forward captured lengths", flow.Forward.SizeMean);
        to.Double("bwdPacketSizeMean", "byte", "mean of backward captured lengths", flow.Backward.SizeMean);
        to.Double("fwdPacketSizeStd", "byte", "population standard deviation of forward captured lengths", flow.Forward.SizeDeviation);
        to.Double("bwdPacketSizeStd", "byte", "population standard deviation of backward captured lengths", flow.Backward.SizeDeviation);
        to.Double("fwdPacketSizeMin", "byte", "smallest forward captured length", flow.Forward.SizeMinimum);
        to.Double("bwdPacketSizeMin", "byte", "smallest backward captured length", flow.Backward.SizeMinimum);
        to.Double("fwdPacketSizeMax", "byte", "largest forward captured length", flow.Forward.SizeMaximum);
        to.Double("bwdPacketSizeMax", "byte", "largest backward captured length", flow.Backward.SizeMaximum);
        to.Double("IATMean", "ns", "mean of the forward and the backward gaps taken together, whole µs", flow.Both.GapMean);
        to.Double("IATStd", "ns", "their deviation as the Go program computes it, whole µs", flow.Both.GapDeviation);
        to.Double("IATMin", "ns", "shortest of them", flow.Both.GapMinimum);
        to.Double("IATMax", "ns", "longest of them", flow.Both.GapMaximum);
        to.Double("fwdIATTotal", "ns", "sum of forward gaps", (double)flow.Forward.GapSum);
        to.Double("bwdIATTotal", "ns", "sum of backward gaps", (double)flow.Backward.GapSum);
        to.Double("fwdIATMean", "ns", "mean of forward gaps, whole µs", flow.Forward.GapMean);
        to.Double("bwdIATMean", "ns", "mean of backward gaps, whole µs", flow.Backward.GapMean);
        to.Double("fwdIATStd", "ns", "deviation of forward gaps as the Go program computes it, whole µs", flow.Forward.GapDeviation);
        to.Double("bwdIATStd", "ns", "deviation of backward gaps as the Go program computes it, whole µs", flow.Backward.GapDeviation);
        to.Double("fwdIATMin", "ns", "shortest forward gap", flow.Forward.GapMinimum);
        to.Double("bwdIATMin", "ns", "shortest backward gap", flow.Backward.GapMinimum);
        to.Double("fwdIATMax", "ns", "longest forward gap", flow.Forward.GapMaximum);
        to.Double("bwdIATMax", "ns", "longest backward gap", flow.Backward.GapMaximum);
    }

    /// <summary>Goes through the list of features behind them, which only models take in.</summary>
    internal static void VisitModelOnly<TVisitor>(ref TVisitor to, in DeepfenceFlow flow)
        where TVisitor : struct, IFeatureVisitor
    {
        to.Ratio(
            "flowLengthPerTime", "1/ns", "flowLength / flowDuration, 0 for a duration of 0; for the model only",
            flow.Both.Packets, flow.Duration);
        to.Ratio(
            "fwdFlowLengthPerTime", "1/ns", "fwdFlowLength / flowDuration, 0 for a duration of 0; for the model only",
            flow.Forward.Packets, flow.Duration);
        to.Ratio(
            "bwdFlowLengthPerTime", "1/ns", "bwdFlowLength / flowDuration, 0 for a duration of 0; for the model only",
            flow.Backward.Packets, flow.Duration);
        to.Ratio(
            "packetSizeTotalPerTime", "1/ns", "packetSizeTotal / flowDuration, 0 for a duration of 0; for the model only",
            flow.Both.Bytes, flow.Duration);
        to.Ratio(
            "fwdPacketSizeTotalPerTime", "1/ns", "fwdPacketSizeTotal / flowDuration, 0 for a duration of 0; for the model only",
            flow.Forward.Bytes, flow.Duration);
        to.Ratio(
            "bwdPacketSizeTotalPerTime", "1/ns", "bwdPacketSizeTotal / flowDuration, 0 for a duration of 0; for the model only",
            flow.Backward.Bytes, flow.Duration);
    }
}
