using System.Globalization;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Oracle;

/// <summary>SPEC §6 with a dictionary: its own flow rules, the list of a flow's packets, and every number from the sorted list.</summary>
internal static class ReferenceAppFlow
{
    private const long Second = 1_000_000_000;
    private static readonly string[] s_lengths =
        ["min", "max", "mean", "median", "mode", "standard_deviation", "variance", "coefficient_of_variation", "skewness"];
    private static readonly string[] s_differences =
        ["min", "max", "mean", "median", "standard_deviation", "variance", "mode", "coefficient_of_variation", "skewness"];

    public static readonly string[] IdentityColumns = ["flow_id", "timestamp", "src_ip", "src_port", "dst_ip", "dst_port", "protocol"];

    public static readonly string[] NumberColumns =
    [
        "duration", "packets_numbers", "receiving_packets_numbers", "sending_packets_numbers", "success_packets_numbers",
        "success_packets_rate", "packets_rate", "receiving_packets_rate", "sending_packets_rate", .. Of(s_lengths, "packets_len"),
        .. Of(s_lengths, "receiving_packets_len"), .. Of(s_lengths, "sending_packets_len"),
        .. Of(s_differences, "receiving_packets_delta_len"), .. Of(s_differences, "sending_packets_delta_len"),
        .. Of(s_differences[1..^1], "receiving_packets_delta_time"), "skewness_sreceiving_packets_delta_time",
        .. Of(s_differences, "sending_packets_delta_time"),
    ];

    public static ReferenceTable Run(IEnumerable<Frame> frames)
    {
        ReferenceDecoder decoder = new();
        Dictionary<ReferenceFlowKey, ReferenceFlow> live = [];
        List<ReferenceFlow> flows = [];
        foreach (Frame frame in frames)
        {
            ReferencePacket packet = decoder.Decode(frame);
            if (packet.Outcome != ReferenceOutcome.Metered || packet.Protocol is not (6 or 17) || packet.Source.Address.IsIPv6)
            {
                continue;
            }
            ReferenceFlowKey key = ReferenceFlowKey.Of(packet);
            if (!live.TryGetValue(key, out ReferenceFlow? flow) || IsOver(flow, frame.TimestampNs))
            {
                flow = new ReferenceFlow(packet.Protocol, packet.Source, packet.Destination);
                live[key] = flow;
                flows.Add(flow);
            }
            flow.Add(packet, frame.TimestampNs, frame.OriginalLength);
        }
        return new ReferenceTable(
            IdentityColumns, NumberColumns, [.. flows.Select(flow => new ReferenceRow(Identity(flow), Numbers(flow)))]);
    }

    private static bool IsOver(ReferenceFlow flow, long now)
    {
        long idle = flow.Source.Port == 53 || flow.Destination.Port == 53 ? 30 * Second : 5000 * Second;
        return flow.HasTwoFinsOrReset || now - flow.LastNs > idle || now - flow.FirstNs > 120_000 * Second;
    }

    private static IEnumerable<string> Of(IEnumerable<string> statistics, string what) =>
        statistics.Select(statistic => $"{statistic}_{what}");

    private static string[] Identity(ReferenceFlow flow)
    {
        string start = ReferenceRecord.TimeText(flow.FirstNs);
        string source = flow.Source.Address.ToString();
        string destination = flow.Destination.Address.ToString();
        string sourcePort = flow.Source.Port.ToString(CultureInfo.InvariantCulture);
        string destinationPort = flow.Destination.Port.ToString(CultureInfo.InvariantCulture);
        int[] ports = [flow.Source.Port, flow.Destination.Port];
        string protocol = ports.Contains(80) ? "HTTP" : ports.Contains(443) ? "HTTPS" : ports.Contains(53) ? "DNS" : "Others";
        string stamp = start[..26].Replace('T', ' ');
        return
        [
            string.Join("--", stamp, source, sourcePort, destination, destinationPort), start, source, sourcePort, destination,
            destinationPort, protocol,
        ];
    }

    private static double[] Numbers(ReferenceFlow flow)
    {
        List<ReferenceFlow.Packet> all = flow.Packets;
        List<ReferenceFlow.Packet> forward = [.. all.Where(packet => packet.Forward)];
        List<ReferenceFlow.Packet> backward = [.. all.Where(packet => !packet.Forward)];
        int successes = all.Count(packet => packet.Payload.IsSuccess);
        return
        [
            CorrectRounding.Quotient(Duration(all), Second), all.Count, forward.Count, backward.Count,
            successes, Rate(successes, Duration(all)), Rate(all.Count, Duration(all)), Rate(forward.Count, Duration(forward)),
            Rate(backward.Count, Duration(backward)), .. Lengths(all).InOrder(s_lengths), .. Lengths(forward).InOrder(s_lengths),
            .. Lengths(backward).InOrder(s_lengths),
            .. Differences([.. forward.Select(packet => packet.Size)], 1).InOrder(s_differences),
            .. Differences([.. backward.Select(packet => packet.Size)], 1).InOrder(s_differences),
            .. Differences([.. forward.Select(packet => packet.TimestampNs).Order()], Second).InOrder(s_differences[1..]),
            .. Differences([.. backward.Select(packet => packet.TimestampNs).Order()], Second).InOrder(s_differences),
        ];
    }

    private static ReferenceList Lengths(List<ReferenceFlow.Packet> packets) => new([.. packets.Select(packet => packet.Size)], 1);

    private static ReferenceList Differences(long[] values, long unit) =>
        new([.. values.Zip(values.Skip(1), (first, second) => second - first)], unit);

    private static long Duration(List<ReferenceFlow.Packet> packets) =>
        packets.Count == 0 ? 0 : packets.Max(packet => packet.TimestampNs) - packets.Min(packet => packet.TimestampNs);

    private static double Rate(int count, long durationNs) =>
        count <= 1 ? 0 : durationNs <= 0 ? -1 : CorrectRounding.Quotient((System.Numerics.BigInteger)count * Second, durationNs);
}
