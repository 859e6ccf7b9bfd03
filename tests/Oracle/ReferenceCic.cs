using System.Globalization;
using System.Numerics;

namespace FlowMeter.Tests.Oracle;

/// <summary>SPEC §7: CICFlowMeter's columns, as they were meant. Its flows are those of §2 with an active timeout of 120 s.</summary>
internal static class ReferenceCic
{
    private const long Second = 1_000_000_000;
    private const long Microsecond = 1000;
    private const string Features =
        "Flow Duration,Total Fwd Packet,Total Bwd packets,Total Length of Fwd Packet,Total Length of Bwd Packet," +
        "Fwd Packet Length Max,Fwd Packet Length Min,Fwd Packet Length Mean,Fwd Packet Length Std,Bwd Packet Length Max,Bwd Packet Length "
            + "Min,Bwd Packet Length Mean,Bwd Packet Length Std," +
        "Flow Bytes/s,Flow Packets/s,Flow IAT Mean,Flow IAT Std,Flow IAT Max,Flow IAT Min,Fwd IAT Total,Fwd IAT Mean,Fwd IAT Std,Fwd IAT "
            + "Max,Fwd IAT Min," +
        "Bwd IAT Total,Bwd IAT Mean,Bwd IAT Std,Bwd IAT Max,Bwd IAT Min," +
        "Fwd PSH Flags,Bwd PSH Flags,Fwd URG Flags,Bwd URG Flags,Fwd Header Length,Bwd Header Length,Fwd Packets/s,Bwd Packets/s," +
        "Packet Length Min,Packet Length Max,Packet Length Mean,Packet Length Std,Packet Length Variance," +
        "FIN Flag Count,SYN Flag Count,RST Flag Count,PSH Flag Count,ACK Flag Count,URG Flag Count,CWR Flag Count,ECE Flag Count,Down/Up "
            + "Ratio,Average Packet Size,Fwd Segment Size Avg,Bwd Segment Size Avg," +
        "Fwd Bytes/Bulk Avg,Fwd Packet/Bulk Avg,Fwd Bulk Rate Avg,Bwd Bytes/Bulk Avg,Bwd Packet/Bulk Avg,Bwd Bulk Rate Avg," +
        "Subflow Fwd Packets,Subflow Fwd Bytes,Subflow Bwd Packets,Subflow Bwd Bytes," +
        "FWD Init Win Bytes,Bwd Init Win Bytes,Fwd Act Data Pkts,Fwd Seg Size Min,Active Mean,Active Std,Active Max,Active Min,Idle "
            + "Mean,Idle Std,Idle Max,Idle Min";

    public static readonly string[] IdentityColumns =
        ["Flow ID", "Src IP", "Src Port", "Dst IP", "Dst Port", "Protocol", "Timestamp", "Label"];
    public static readonly string[] NumberColumns = Features.Split(',');
    public static readonly string[] Header = [.. IdentityColumns[..^1], .. NumberColumns, "Label"];

    public static readonly ReferenceMeterOptions Rules = new() { ActiveTimeoutNs = 120 * Second };

    public static ReferenceTable Table(IEnumerable<ReferenceFlow> flows, string label = "NeedManualLabel") =>
        new(IdentityColumns, NumberColumns, [.. flows.Select(flow => new ReferenceRow(Identity(flow, label), Of(flow)))]);

    private static string[] Identity(ReferenceFlow flow, string label)
    {
        string source = flow.Source.Address.ToString();
        string destination = flow.Destination.Address.ToString();
        string sourcePort = flow.Source.Port.ToString(CultureInfo.InvariantCulture);
        string destinationPort = flow.Destination.Port.ToString(CultureInfo.InvariantCulture);
        string protocol = flow.Protocol.ToString(CultureInfo.InvariantCulture);
        return
        [
            $"{source}-{destination}-{sourcePort}-{destinationPort}-{protocol}", source, sourcePort, destination, destinationPort,
            protocol, ReferenceRecord.TimeText(flow.FirstNs), label,
        ];
    }

    private static double[] Of(ReferenceFlow flow)
    {
        List<ReferenceFlow.Packet> all = flow.Packets;
        List<ReferenceFlow.Packet> forward = [.. all.Where(packet => packet.Forward)];
        List<ReferenceFlow.Packet> backward = [.. all.Where(packet => !packet.Forward)];
        long duration = flow.LastNs - flow.FirstNs;
        ReferenceStatistics lengths = Lengths(all);
        ReferenceStatistics forwardGaps = Times(ReferenceFeatures.GapsNs(forward));
        ReferenceStatistics backwardGaps = Times(ReferenceFeatures.GapsNs(backward));
        List<long> gaps = ReferenceFeatures.GapsNs(all);
        int subflows = 1 + gaps.Count(gap => gap > Second);
        (List<long> active, List<long> idle) = Spans(gaps);
        return
        [
            CorrectRounding.Quotient(duration, Microsecond), forward.Count, backward.Count, Bytes(forward), Bytes(backward),
            .. Lengths(forward).MaxMinMeanSampleDeviation(), .. Lengths(backward).MaxMinMeanSampleDeviation(),
            PerSecond(Bytes(all), duration), PerSecond(all.Count, duration),
            .. Times(gaps).MeanSampleDeviationMaxMin(),
            forwardGaps.Total, .. forwardGaps.MeanSampleDeviationMaxMin(),
            backwardGaps.Total, .. backwardGaps.MeanSampleDeviationMaxMin(),
            Flags(forward, 0x08), Flags(backward, 0x08), Flags(forward, 0x20), Flags(backward, 0x20),
            forward.Sum(packet => (long)packet.Payload.HeaderLength), backward.Sum(packet => (long)packet.Payload.HeaderLength),
            PerSecond(forward.Count, duration), PerSecond(backward.Count, duration),
            lengths.Min, lengths.Max, lengths.Mean, lengths.SampleDeviation, lengths.SampleVariance,
            .. new[] { 0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x80, 0x40 }.Select(flag => (double)Flags(all, flag)),
            Over(backward.Count, forward.Count), lengths.Mean, Lengths(forward).Mean, Lengths(backward).Mean,
            .. Bulks(all, forward: true), .. Bulks(all, forward: false),
            Over(forward.Count, subflows), Over(Bytes(forward), subflows), Over(backward.Count, subflows), Over(Bytes(backward), subflows),
            forward.FirstOrDefault().Payload.Window, backward.FirstOrDefault().Payload.Window,
            forward.Count(packet => packet.HasData),
            forward.Select(packet => packet.Payload.HeaderLength).DefaultIfEmpty(0).Min(),
            .. Times(active).MeanSampleDeviationMaxMin(), .. Times(idle).MeanSampleDeviationMaxMin(),
        ];
    }

    /// <summary>Gaps over 5 s are idle; between them, and before and after, lie the spans.</summary>
    private static (List<long> Active, List<long> Idle) Spans(List<long> gaps)
    {
        List<long> idle = [];
        List<long> active = [];
        long span = 0;
        foreach (long gap in gaps)
        {
            if (gap > 5 * Second)
            {
                idle.Add(gap);
                active.Add(span);
                span = 0;
            }
            else
            {
                span += gap;
            }
        }
        active.Add(span);
        return ([.. active.Where(length => length > 0)], idle);
    }

    /// <summary>
    /// Data packets are cut into runs at every change of direction and every gap over a second; runs of four and more are bulks.
    /// </summary>
    private static double[] Bulks(List<ReferenceFlow.Packet> all, bool forward)
    {
        List<List<ReferenceFlow.Packet>> runs = [];
        long newest = 0;
        foreach (ReferenceFlow.Packet packet in all.Where(packet => packet.HasData))
        {
            bool continues = runs.Count > 0 && runs[^1][^1].Forward == packet.Forward && packet.TimestampNs - newest <= Second;
            newest = continues ? Math.Max(newest, packet.TimestampNs) : packet.TimestampNs;
            if (!continues)
            {
                runs.Add([]);
            }
            runs[^1].Add(packet);
        }
        List<ReferenceFlow.Packet>[] bulks = [.. runs.Where(run => run[0].Forward == forward && run.Count >= 4)];
        long bytes = bulks.Sum(Bytes);
        long duration = bulks.Sum(bulk => bulk.Max(packet => packet.TimestampNs) - bulk[0].TimestampNs);
        return [Over(bytes, bulks.Length), Over(bulks.Sum(bulk => bulk.Count), bulks.Length), PerSecond(bytes, duration)];
    }

    private static long Bytes(List<ReferenceFlow.Packet> packets) => packets.Sum(packet => packet.Payload.Length);

    private static int Flags(List<ReferenceFlow.Packet> packets, int flag) => packets.Count(packet => (packet.TcpFlags & flag) != 0);

    private static ReferenceStatistics Lengths(List<ReferenceFlow.Packet> packets) =>
        new([.. packets.Select(packet => packet.Payload.Length)]);

    private static ReferenceStatistics Times(List<long> times) => new(times, Microsecond);

    private static double Over(long numerator, long denominator) => denominator == 0 ? 0 : CorrectRounding.Quotient(numerator, denominator);

    private static double PerSecond(long count, long durationNs) =>
        durationNs == 0 ? 0 : CorrectRounding.Quotient((BigInteger)count * Second, durationNs);
}
