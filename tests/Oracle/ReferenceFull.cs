using System.Numerics;

namespace FlowMeter.Tests.Oracle;

/// <summary>Profile `full`: the columns of §8, then content, turns and neighbours, slow and exact.</summary>
internal static class ReferenceFull
{
    /// <summary>What a row says as text: the columns of §4, and the connection state behind the numbers.</summary>
    public static readonly string[] IdentityColumns = [.. ReferenceRecord.IdentityColumns, "connection_state"];

    public static readonly string[] NumberColumns =
    [
        .. ReferenceExtended.NumberColumns,
        .. Payload("fwd"), .. Payload("bwd"),
        "turns", "answer_time_mean_us", "answer_time_min_us", "think_time_mean_us", "think_time_min_us",
        "data_size_distinct_ratio", "data_size_mode_ratio", "data_gap_cv",
        .. ReferenceNeighbours.Columns,
    ];

    public static ReferenceTable Table(IEnumerable<ReferenceFlow> flows)
    {
        ReferenceFlow[] all = [.. flows.OrderBy(flow => flow.Packets[0].Number)];
        double[][] neighbours = all.Length > ReferenceNeighbours.MaxFlows
            ? [.. all.Select(_ => Array.ConvertAll(ReferenceNeighbours.Columns, _ => double.NaN))]
            : ReferenceNeighbours.Of(all);
        return new ReferenceTable(
            IdentityColumns,
            NumberColumns,
            [.. all.Select((flow, i) => new ReferenceRow(
                [.. ReferenceRecord.Of(flow).Row().Identity, ReferenceConnection.Of(flow)],
                [.. ReferenceExtended.Of(flow), .. Content(flow), .. neighbours[i]]))]);
    }

    /// <summary>Bits a byte: the sum of p·log₂(1/p) over the values that are there.</summary>
    public static double Entropy(string bytes) => bytes.GroupBy(value => value).Sum(
        value => value.Count() / (double)bytes.Length * Math.Log2(bytes.Length / (double)value.Count()));

    private static string[] Payload(string direction) =>
    [
        .. new[] { "entropy", "printable_ratio", "zero_ratio", "byte", "protocol" }.Select(name => $"{direction}_first_payload_{name}"),
        $"{direction}_next_payload_entropy",
    ];

    private static double[] Content(ReferenceFlow flow)
    {
        ReferenceFlow.Packet[] data = [.. flow.Packets.Where(packet => packet.HasData)];
        List<long> gaps = ReferenceFeatures.GapsNs(data);
        (ReferenceFlow.Packet Before, ReferenceFlow.Packet After, long Gap)[] turns =
            [.. data.Zip(data.Skip(1), gaps).Where(pair => pair.First.Forward != pair.Second.Forward)];
        long[] sizes = [.. data.Take(83).Select(
            packet => Math.Min(packet.Payload.Length, 65_535) * (packet.Forward ? 1 : -1))];
        return
        [
            .. First(data.Where(packet => packet.Forward), flow.Protocol),
            .. First(data.Where(packet => !packet.Forward), flow.Protocol),
            turns.Length,
            .. MeanAndLeast([.. turns.Where(turn => turn.Before.Forward).Select(turn => turn.Gap)]),
            .. MeanAndLeast([.. turns.Where(turn => !turn.Before.Forward).Select(turn => turn.Gap)]),
            sizes.Length == 0 ? 0 : (double)sizes.Distinct().Count() / sizes.Length,
            sizes.Length == 0 ? 0 : (double)sizes.GroupBy(size => size).Max(size => size.Count()) / sizes.Length,
            Variation(gaps),
        ];
    }

    private static double[] First(IEnumerable<ReferenceFlow.Packet> packets, byte protocol)
    {
        ReferencePayload[] payloads = [.. packets.Take(5).Select(packet => packet.Payload)];
        string first = payloads.Length == 0 ? "" : payloads[0].Head;
        string[] next = [.. payloads.Skip(1).Where(payload => payload.Head != "").Select(
            payload => payload.Head[..Math.Min(payload.Head.Length, 128)])];
        return
        [
            first == "" ? 0 : Entropy(first),
            first == "" ? 0 : first.Count(value => value is >= ' ' and <= '~' or '\t' or '\r' or '\n') / (double)first.Length,
            first == "" ? 0 : first.Count(value => value == 0) / (double)first.Length,
            first == "" ? -1 : first[0],
            payloads.Length == 0 ? 0 : ReferenceProtocols.Of(payloads[0], protocol),
            next.Length == 0 ? 0 : next.Average(Entropy),
        ];
    }

    private static double[] MeanAndLeast(long[] times) =>
        times.Length == 0
            ? [0, 0]
            : [(double)times.Aggregate(BigInteger.Zero, (sum, time) => sum + time) / times.Length / 1000, times.Min() / 1000.0];

    private static double Variation(List<long> gaps)
    {
        ReferenceStatistics statistics = new(gaps);
        return statistics.Mean == 0 ? 0 : statistics.Deviation / statistics.Mean;
    }
}
