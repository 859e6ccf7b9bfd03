using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Hosts;

namespace FlowMeter.Engine.Features;

/// <summary>
/// Profile <c>full</c>: the table of <c>extended</c> and 67 features more that carry over to networks nobody has seen: how payloads begin,
/// the turns of the conversation, and what the two hosts did before the flow.
/// </summary>
internal static unsafe class FullProfile
{
    // Ethernet with tags, IPv6 with extension headers, TCP with options: more than nearly all packets have.
    private const int HeadersAtMost = 256;

    // Linear counting (Whang et al. 1990): the estimate for each number of cells hit, one decimal, in thousandths; all hit stands for 31.
    private static readonly ulong[] s_different =
    [
        0, .. Enumerable.Range(1, ContactCells.Cells).Select(hit => 100 * (ulong)Math.Round(
            -ContactCells.Cells * Math.Log(1 - (Math.Min(hit, ContactCells.Cells - 1) / (double)ContactCells.Cells)) * 10)),
    ];

    /// <summary>Makes the profile.</summary>
    public static Profile Create()
    {
        IReadOnlyList<Column> features = Declare();
        return new Profile(
            "full",
            "those of extended and 67 more: how payloads begin, turns, what the hosts did before; best for verdicts",
            [.. FlowMeterProfile.Identity, .. features, Column.OfConnectionState],
            features,
            new FlowRules(),
            minPackets: 1,
            FlowWorker.Create<ContentAndNeighbours>,
            () => new ContentAndNeighboursExtractor())
        {
            ProfileStateBytes = sizeof(FlowContent),
            LooksBack = true,
            SnapLength = HeadersAtMost + (int)PayloadHead.MaxLength,
            Notes = "What hosts did before a flow is told by damped sums: a flow that began t ago counts e^(−t/W) in the window W, so that "
                + "in a steady stream the sum is the number of flows of the last W. Numbers of different hosts and ports are estimates by "
                + "32 "
                + "cells (linear counting): in 19 of 20 cases within 2 of 5, 3 of 10, 7 of 20 and 14 of 40, and 110.9 for all that are "
                + "more. "
                + "The newest 131,072 hosts, 524,288 shares and 262,144 pairs are remembered.",
        };
    }

    /// <summary>Goes through the list of the 67 features behind those of <c>extended</c>.</summary>
    internal static void Visit<TVisitor>(ref TVisitor to, in FullFlow flow)
        where TVisitor : struct, IFeatureVisitor
    {
        to.Group("fwd", "forward");
        VisitPayload(ref to, flow.Forward);
        to.Group("bwd", "backward");
        VisitPayload(ref to, flow.Backward);
        to.Integer(
            "turns", "1", "successive data packets whose directions differ", flow.Answers->Count + flow.Thinks->Count);
        to.Group("answer_time", "times from forward data to backward data that comes next");
        VisitTurns(ref to, flow.Answers);
        to.Group("think_time", "times from backward data to forward data that comes next");
        VisitTurns(ref to, flow.Thinks);
        to.Ratio(
            "data_size_distinct_ratio", "1", "different signed payload sizes / data packets, of the first 83 data packets",
            flow.DistinctSizes, flow.Own->Data.Count);
        to.Ratio(
            "data_size_mode_ratio", "1", "how often the most frequent of these sizes is there / data packets",
            flow.MostFrequentSize, flow.Own->Data.Count);
        to.Ratio(
            "data_gap_cv", "1", "standard deviation / mean of the gaps between data packets; 0 for none",
            Math.Sqrt(ExactVariance.Numerator(flow.Own->Data.Gaps, flow.Own->Data.GapTotal, flow.Own->Data.GapSquares)),
            flow.Own->Data.GapTotal);
        VisitPair(ref to, in flow.Own->Neighbours);
        to.Integer(
            "src_dns_5s", "1", "1 where src began a flow to port 53 in the 5 s before this one, else 0",
            flow.Own->Neighbours.Source.HasDns ? 1u : 0);
        for (int window = 0; window < Damping.Windows; window++)
        {
            to.Group("src", Damping.Seconds[window]);
            VisitHost(ref to, in flow.Own->Neighbours.Source, window);
            to.Group("dst", Damping.Seconds[window]);
            VisitHost(ref to, in flow.Own->Neighbours.Destination, window);
        }
    }

    private static IReadOnlyList<Column> Declare()
    {
        FlowContent nothing = default;
        FeatureDeclarations to = new(FlowMeterProfile.Features);
        ExtendedProfile.Visit(ref to, new ExtendedFlow(&nothing.Payloads, 0, 0, 0));
        Visit(ref to, new FullFlow(&nothing, 0, 0, 0));
        return to.Columns;
    }

    private static void VisitPayload<TVisitor>(ref TVisitor to, FirstPayload* first)
        where TVisitor : struct, IFeatureVisitor
    {
        to.Double(
            "{0}_first_payload_entropy", "bit/byte", "entropy of the first 256 bytes of the first {1} data packet, as captured",
            first->Entropy);
        to.Ratio(
            "{0}_first_payload_printable_ratio", "1", "printable ASCII, tab, CR and LF among these bytes", first->Printable, first->Length);
        to.Ratio("{0}_first_payload_zero_ratio", "1", "zeros among these bytes", first->Zeros, first->Length);
        to.Double(
            "{0}_first_payload_byte", "1", "value of the first of these bytes; −1 for none", first->Length > 0 ? first->FirstByte : -1);
        to.Integer(
            "{0}_first_payload_protocol", "1",
            "what these bytes look like: 0 none, 1 other, 2 TLS, 3 HTTP GET, 4 POST, 5 other method, 6 response, 7 SSH, 8 SMB 1, 9 SMB 2, "
                + "10 FTP/SMTP banner, 11 FTP/SMTP command, 12 SOCKS, 13 MZ, 14 SIP, 15 DNS over TCP, 16 RDP",
            (ulong)first->Protocol);
        to.Ratio(
            "{0}_next_payload_entropy", "bit/byte", "mean entropy of the first 128 bytes of {1} data packets 2 to 5, as captured",
            first->NextEntropies, first->NextSeen);
    }

    private static void VisitTurns<TVisitor>(ref TVisitor to, TurnSums* turns)
        where TVisitor : struct, IFeatureVisitor
    {
        to.Ratio("{0}_mean_us", "µs", "mean of {1}", turns->Total / 1000.0, turns->Count);
        to.Microseconds("{0}_min_us", "shortest of {1}", turns->Minimum);
    }

    private static void VisitPair<TVisitor>(ref TVisitor to, in Neighbours neighbours)
        where TVisitor : struct, IFeatureVisitor
    {
        to.Integer("pair_flows", "1", "earlier flows from src to this port of dst with this protocol", neighbours.PairFlows);
        to.Microseconds("pair_gap_us", "time since the start of the last of them; 0 for none", (ulong)neighbours.PairGap);
        to.Thousandths(
            "pair_gap_cv", "1", "standard deviation / mean of the last eight gaps between their starts; 0 for fewer than two",
            Thousandths(neighbours.PairGapVariation));
        to.Double(
            "pair_same_size_ratio", "1",
            "share of the last eight of them of 12 packets and more whose payload by then differs by at most an eighth of the larger; "
                + "0 for fewer than 12 packets",
            neighbours.PairSameSize);
    }

    private static void VisitHost<TVisitor>(ref TVisitor to, in HostView host, int window)
        where TVisitor : struct, IFeatureVisitor
    {
        to.Thousandths(
            "{0}_flows_{1}s", "1", "earlier flows with this host as {0}, damped with W = {1} s", Thousandths(host.Flows(window)));
        to.Thousandths(
            "{0}_peers_{1}s", "1", "different hosts at the other end of those of the last {1} s", s_different[host.Peers[window]]);
        to.Thousandths("{0}_ports_{1}s", "1", "different destination ports of those of the last {1} s", s_different[host.Ports[window]]);
        to.Thousandths(
            "{0}_unanswered_ratio_{1}s", "1", "share of {0}_flows_{1}s that had no answer yet", Thousandths(host.Unanswered(window)));
        to.Thousandths(
            "{0}_short_ratio_{1}s", "1", "share of {0}_flows_{1}s that had fewer than six packets yet", Thousandths(host.Short(window)));
        to.Thousandths(
            "{0}_same_service_ratio_{1}s", "1", "share of {0}_flows_{1}s with this destination port and protocol",
            Thousandths(host.SameService(window)));
        to.Thousandths(
            "{0}_same_peer_ratio_{1}s", "1", "share of {0}_flows_{1}s with the same host at the other end",
            Thousandths(host.SamePeer(window)));
    }

    /// <summary>
    /// What hosts did has three decimals: sums are kept in single precision, and more digits would only take room in the table.
    /// </summary>
    private static ulong Thousandths(float value) => (ulong)Math.Round(value * 1000.0);
}
