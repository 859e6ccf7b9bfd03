using System.Numerics;

namespace FlowMeter.Tests.Oracle;

/// <summary>
/// The numbers of SPEC §5. Times are nanoseconds, but means and deviations of gaps are worked out in whole microseconds, cut
/// toward zero at every step.
/// </summary>
internal static class ReferenceDeepfenceFeatures
{
    private const long Microsecond = 1000;

    public static readonly string[] Columns =
    [
        "flowDuration", "flowLength", "fwdFlowLength", "bwdFlowLength",
        "packetSizeTotal", "packetSizeMean", "packetSizeStd", "packetSizeMin", "packetSizeMax",
        "fwdPacketSizeTotal", "bwdPacketSizeTotal", "fwdPacketSizeMean", "bwdPacketSizeMean",
        "fwdPacketSizeStd", "bwdPacketSizeStd", "fwdPacketSizeMin", "bwdPacketSizeMin", "fwdPacketSizeMax", "bwdPacketSizeMax",
        "IATMean", "IATStd", "IATMin", "IATMax",
        "fwdIATTotal", "bwdIATTotal", "fwdIATMean", "bwdIATMean",
        "fwdIATStd", "bwdIATStd", "fwdIATMin", "bwdIATMin", "fwdIATMax", "bwdIATMax",
    ];

    public static double[] Of(ReferenceFlow flow)
    {
        List<ReferenceFlow.Packet> forward = Direction(flow, forward: true);
        List<ReferenceFlow.Packet> backward = Direction(flow, forward: false);
        ReferenceStatistics sizes = Sizes(flow.Packets);
        ReferenceStatistics forwardSizes = Sizes(forward);
        ReferenceStatistics backwardSizes = Sizes(backward);
        long[] forwardGaps = Gaps(forward);
        long[] backwardGaps = Gaps(backward);
        long[] gaps = [.. forwardGaps, .. backwardGaps];
        return
        [
            Duration(flow), flow.Packets.Count, forward.Count, backward.Count,
            sizes.Total, sizes.Mean, sizes.Deviation, sizes.Min, sizes.Max,
            forwardSizes.Total, backwardSizes.Total, forwardSizes.Mean, backwardSizes.Mean,
            forwardSizes.Deviation, backwardSizes.Deviation,
            forwardSizes.Min, backwardSizes.Min, forwardSizes.Max, backwardSizes.Max,
            MeanGap(gaps), GapDeviation(gaps), Min(gaps), Max(gaps),
            (double)Sum(forwardGaps), (double)Sum(backwardGaps), MeanGap(forwardGaps), MeanGap(backwardGaps),
            GapDeviation(forwardGaps), GapDeviation(backwardGaps),
            Min(forwardGaps), Min(backwardGaps), Max(forwardGaps), Max(backwardGaps),
        ];
    }

    /// <summary>The six the model sees behind the others: counts and sizes over the duration.</summary>
    public static double[] ModelOnly(ReferenceFlow flow)
    {
        List<ReferenceFlow.Packet> forward = Direction(flow, forward: true);
        List<ReferenceFlow.Packet> backward = Direction(flow, forward: false);
        long[] totals =
        [
            flow.Packets.Count, forward.Count, backward.Count,
            flow.Packets.Sum(packet => packet.Size), forward.Sum(packet => packet.Size), backward.Sum(packet => packet.Size),
        ];
        long duration = Duration(flow);
        // A rate over a duration of 0 is 0 (SPEC §3). Where time ran backwards the duration, and so the rate, is negative.
        return [.. totals.Select(total => duration == 0 ? 0 : total / (double)duration)];
    }

    /// <summary>The last counted packet's time minus the first's, wherever the newest is.</summary>
    private static long Duration(ReferenceFlow flow) => flow.Packets[^1].TimestampNs - flow.FirstNs;

    private static List<ReferenceFlow.Packet> Direction(ReferenceFlow flow, bool forward)
    {
        return [.. flow.Packets.Where(packet => packet.Forward == forward)];
    }

    private static ReferenceStatistics Sizes(List<ReferenceFlow.Packet> packets) => new([.. packets.Select(packet => packet.Size)]);

    private static long[] Gaps(List<ReferenceFlow.Packet> packets)
    {
        return [.. packets.Skip(1).Zip(packets, (packet, before) => packet.TimestampNs - before.TimestampNs)];
    }

    private static BigInteger Sum(long[] gaps) => gaps.Aggregate(BigInteger.Zero, (sum, gap) => sum + gap);

    private static long Min(long[] gaps) => gaps.Length == 0 ? 0 : gaps.Min();

    private static long Max(long[] gaps) => gaps.Length == 0 ? 0 : gaps.Max();

    // Integer division truncates, as a conversion to whole microseconds does.
    private static long MeanGap(long[] gaps) => gaps.Length == 0 ? 0 : (long)(Sum(gaps) / Microsecond / gaps.Length * Microsecond);

    /// <summary>All gaps count in the divisor, all but the list's first in the sum.</summary>
    private static long GapDeviation(long[] gaps)
    {
        if (gaps.Length < 2)
        {
            return 0;
        }
        long mean = MeanGap(gaps);
        BigInteger squares = 0;
        foreach (long gap in gaps.Skip(1))
        {
            BigInteger deviation = (gap - mean) / Microsecond;
            squares += deviation * deviation;
        }
        // The floor of a root is the floor of the root of the floor, so the division may truncate first.
        return (long)CorrectRounding.FloorOfSquareRoot(squares / gaps.Length) * Microsecond;
    }
}
