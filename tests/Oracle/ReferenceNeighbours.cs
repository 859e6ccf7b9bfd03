using System.Buffers.Binary;
using System.Globalization;

namespace FlowMeter.Tests.Oracle;

/// <summary>
/// What a flow's hosts did before it began, from the whole list of earlier flows. Nothing is forgotten here, so it agrees with the meter
/// where few hosts are about. Numbers of different hosts and ports are the estimate that the column's words define: 32 cells by the lowest
/// bits of SplitMix64's mixing step.
/// </summary>
internal static class ReferenceNeighbours
{
    /// <summary>More flows would take hours: every one is compared with all before it.</summary>
    public const int MaxFlows = 1500;

    private const long Second = 1_000_000_000;
    private const long Memory = 600 * Second;

    private static readonly int[] s_windows = [2, 60, 600];

    public static readonly string[] Columns =
    [
        "pair_flows", "pair_gap_us", "pair_gap_cv", "pair_same_size_ratio", "src_dns_5s",
        .. s_windows.SelectMany(window => new[] { "src", "dst" }.SelectMany(role => new[]
        {
            "flows", "peers", "ports", "unanswered_ratio", "short_ratio", "same_service_ratio", "same_peer_ratio",
        }.Select(name => string.Create(CultureInfo.InvariantCulture, $"{role}_{name}_{window}s")))),
    ];

    /// <summary>The values of each flow; the flows are in the order in which they began.</summary>
    public static double[][] Of(ReferenceFlow[] flows)
    {
        Timeline sources = new();
        Timeline destinations = new();
        Timeline pairs = new();
        Timeline peers = new();
        Timeline sourceServices = new();
        Timeline destinationServices = new();
        List<Func<double[]>> rows = [];
        foreach (ReferenceFlow flow in flows)
        {
            string source = flow.Source.Address.ToString();
            string destination = flow.Destination.Address.ToString();
            string service = string.Create(CultureInfo.InvariantCulture, $"{flow.Protocol} {flow.Destination.Port}");
            History ofSource = sources.Before(source, flow);
            History ofDestination = destinations.Before(destination, flow);
            History ofPair = pairs.Before($"{source} {destination} {service}", flow);
            History ofPeers = peers.Before($"{source} {destination}", flow);
            History ofSourceService = sourceServices.Before($"{source} {service}", flow);
            History ofDestinationService = destinationServices.Before($"{destination} {service}", flow);
            rows.Add(() =>
            [
                .. Pair(ofPair, flow),
                ofSource.Live.LastOrDefault(entry => entry.Flow.Destination.Port == 53) is { } dns
                    && flow.FirstNs - dns.Flow.FirstNs <= 5 * Second ? 1 : 0,
                .. s_windows.SelectMany(window => Host(ofSource, ofSourceService, ofPeers, flow, window, other => other.Destination).Concat(
                    Host(ofDestination, ofDestinationService, ofPeers, flow, window, other => other.Source))),
            ]);
        }

        return [.. rows.Select(row => row())];
    }

    private static double[] Pair(History pair, ReferenceFlow flow)
    {
        double[] gaps = [.. pair.Gaps.TakeLast(8)];
        double mean = gaps.Length == 0 ? 0 : gaps.Average();
        double deviation = gaps.Length == 0 ? 0 : Math.Sqrt(gaps.Average(gap => (gap - mean) * (gap - mean)));
        return
        [
            pair.All.Count,
            pair.All.Count == 0 || pair.IsReset ? 0 : pair.Gaps[^1] / 1000,
            gaps.Length < 2 || mean == 0 ? 0 : Round(deviation / mean),
            SameSize(pair, flow),
        ];
    }

    /// <summary>Payloads are remembered in the order in which flows came to twelve packets, which may be long after they began.</summary>
    private static double SameSize(History pair, ReferenceFlow flow)
    {
        if (flow.Packets.Count < 12)
        {
            return 0;
        }

        long[] sizes = [.. pair.AllOfKey.Where(other => other.Packets.Count >= 12 && other.Packets[11].Number < flow.Packets[11].Number)
            .OrderBy(other => other.Packets[11].Number).TakeLast(8).Select(PayloadOfTwelve)];
        long size = PayloadOfTwelve(flow);
        return sizes.Length == 0 ? 0 : sizes.Count(other => Math.Abs(other - size) * 8 <= Math.Max(other, size)) / (double)sizes.Length;
    }

    private static long PayloadOfTwelve(ReferenceFlow flow) => flow.Packets.Take(12).Sum(packet => packet.Payload.Length);

    private static double[] Host(
        History host, History service, History peer, ReferenceFlow flow, int window, Func<ReferenceFlow, ReferenceEndpoint> otherEnd)
    {
        long now = flow.Packets[0].Number;
        double flows = Sum(host, window, _ => true);
        double Share(double part) => flows < 1e-6 ? 0 : Round(Math.Clamp(part / flows, 0, 1));
        bool IsIn(Entry entry) => (host.Clock / (Second / 32)) - (entry.Start / (Second / 32)) <= window * 32;
        return
        [
            flows < 1e-6 ? 0 : Round(flows),
            Different(host.Live.Where(IsIn).Select(entry => Mixed(otherEnd(entry.Flow).Address))),
            Different(host.Live.Where(IsIn).Select(entry => Mixed(Service(entry.Flow)))),
            flows < 1e-6 ? 0 : Round(1 - Math.Clamp(Sum(host, window, other => IsAnswered(other, now)) / flows, 0, 1)),
            flows < 1e-6 ? 0 : Round(1 - Math.Clamp(Sum(host, window, other => IsLong(other, now)) / flows, 0, 1)),
            Share(Sum(service, window, _ => true)),
            Share(Sum(peer, window, _ => true)),
        ];
    }

    private static double Sum(History history, int window, Func<ReferenceFlow, bool> counts) => history.Live
        .Where(entry => counts(entry.Flow))
        .Sum(entry => Math.Exp(-(history.Clock - entry.Start) / (double)Second / window));

    private static bool IsAnswered(ReferenceFlow flow, long before)
    {
        bool first = flow.Packets[0].Forward;
        return flow.Packets.Any(packet => packet.Forward != first && packet.Number < before);
    }

    private static bool IsLong(ReferenceFlow flow, long before) => flow.Packets.Count >= 6 && flow.Packets[5].Number < before;

    /// <summary>Linear counting, one decimal.</summary>
    private static double Different(IEnumerable<ulong> values)
    {
        int hit = Math.Min(values.Select(value => value % 32).Distinct().Count(), 31);
        return Math.Round(-32 * Math.Log(1 - (hit / 32.0)) * 10) / 10;
    }

    private static ulong Service(ReferenceFlow flow) => flow.Destination.Port | ((ulong)flow.Protocol << 32)
        | ((flow.Source.Address.IsIPv6 ? 6UL : 4UL) << 40);

    private static ulong Mixed(ReferenceAddress address)
    {
        // The 16 bytes in network order, an IPv4 address in its mapped place, as two little-endian words.
        byte[] bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, address.IsIPv6 ? address.Value : address.Value | (UInt128)0xFFFF << 32);
        return Mixed(BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8)) ^ Mixed(BinaryPrimitives.ReadUInt64LittleEndian(bytes)));
    }

    private static ulong Mixed(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    private static double Round(double value) => Math.Round(value * 1000) / 1000;

    /// <summary>A flow and the time at which it counts as begun: never before one that began earlier.</summary>
    private sealed record Entry(ReferenceFlow Flow, long Start);

    /// <summary>The flows of one key before a flow that begins.</summary>
    private sealed record History(
        long Clock, IReadOnlyList<Entry> Live, IReadOnlyList<Entry> All, IReadOnlyList<double> Gaps, bool IsReset,
        List<ReferenceFlow> AllOfKey);

    /// <summary>Flows by key. A start that is older than the newest by more than the longest window begins a new list.</summary>
    private sealed class Timeline
    {
        private readonly Dictionary<string, Lane> _lanes = [];

        public History Before(string key, ReferenceFlow flow)
        {
            Lane lane = _lanes.TryGetValue(key, out Lane? known) ? known : _lanes[key] = new Lane();
            bool isReset = lane.All.Count > 0 && flow.FirstNs < lane.Clock - Memory;
            if (isReset)
            {
                lane.Live.Clear();
            }

            bool isFirst = lane.All.Count == 0 || isReset;
            if (!isFirst)
            {
                lane.Gaps.Add(Math.Max(flow.FirstNs - lane.Clock, 0));
            }

            lane.Clock = isFirst ? flow.FirstNs : Math.Max(lane.Clock, flow.FirstNs);
            History before = new(lane.Clock, [.. lane.Live], [.. lane.All], [.. lane.Gaps], isReset, lane.Flows);
            lane.Live.Add(new Entry(flow, lane.Clock));
            lane.All.Add(new Entry(flow, lane.Clock));
            lane.Flows.Add(flow);
            return before;
        }

        private sealed class Lane
        {
            public long Clock { get; set; }

            public List<Entry> Live { get; } = [];

            public List<Entry> All { get; } = [];

            public List<double> Gaps { get; } = [];

            public List<ReferenceFlow> Flows { get; } = [];
        }
    }
}
