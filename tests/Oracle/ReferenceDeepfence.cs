using System.Globalization;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Oracle;

/// <summary>SPEC §5: flows that never end, of which the first 83 packets count.</summary>
internal static class ReferenceDeepfence
{
    private const int PacketsAtMost = 83;
    private const int PacketsAtLeast = 15;
    private const byte Tcp = 6;
    private const byte Udp = 17;

    public static readonly string[] IdentityColumns = ["fiveTuple", "srcIP", "dstIP", "protocol", "srcPort", "dstPort"];

    /// <summary>All 39, in SPEC's order.</summary>
    public static readonly string[] Columns = [.. IdentityColumns, .. ReferenceDeepfenceFeatures.Columns];

    /// <summary>The rows; with a model also `verdict` among the identity columns and `score` among the numbers.</summary>
    public static ReferenceTable Run(IEnumerable<Frame> frames, ReferenceDeepfenceModel? model = null)
    {
        ReferenceDecoder decoder = new();
        Dictionary<ReferenceFlowKey, ReferenceFlow> flows = [];
        foreach (Frame frame in frames)
        {
            ReferencePacket packet = decoder.Decode(frame);
            if (packet.Outcome != ReferenceOutcome.Metered || packet.IsLaterFragment || packet.Protocol is not (Tcp or Udp))
            {
                continue;
            }
            ReferenceFlowKey key = ReferenceFlowKey.Of(packet);
            if (!flows.TryGetValue(key, out ReferenceFlow? flow))
            {
                flow = new ReferenceFlow(packet.Protocol, packet.Source, packet.Destination);
                flows.Add(key, flow);
            }
            if (flow.Packets.Count < PacketsAtMost)
            {
                flow.Add(packet, frame.TimestampNs, frame.Captured.Length);
            }
        }
        IEnumerable<ReferenceFlow> longEnough = flows.Values.Where(
            flow => flow.Packets.Count >= PacketsAtLeast && flow.Packets[^1].TimestampNs >= flow.FirstNs);
        return model is null
            ? new ReferenceTable(IdentityColumns, ReferenceDeepfenceFeatures.Columns, [.. longEnough.Select(Row)])
            : new ReferenceTable(
                [.. IdentityColumns, "verdict"],
                [.. ReferenceDeepfenceFeatures.Columns, "score"],
                [.. longEnough.Select(flow => ScoredRow(flow, model))]);
    }

    private static ReferenceRow Row(ReferenceFlow flow) => new(Identity(flow), ReferenceDeepfenceFeatures.Of(flow));

    private static ReferenceRow ScoredRow(ReferenceFlow flow, ReferenceDeepfenceModel model)
    {
        double[] features = ReferenceDeepfenceFeatures.Of(flow);
        double score = model.Probability([.. features, .. ReferenceDeepfenceFeatures.ModelOnly(flow)]);
        return new ReferenceRow([.. Identity(flow), score >= 0.5 ? "malicious" : "benign"], [.. features, score]);
    }

    private static string[] Identity(ReferenceFlow flow)
    {
        string source = flow.Source.Address.ToString();
        string destination = flow.Destination.Address.ToString();
        string protocol = flow.Protocol == Tcp ? "TCP" : "UDP";
        string sourcePort = flow.Source.Port.ToString(CultureInfo.InvariantCulture);
        string destinationPort = flow.Destination.Port.ToString(CultureInfo.InvariantCulture);
        string fiveTuple = string.Join("--", source, destination, protocol, sourcePort, destinationPort);
        return [fiveTuple, source, destination, protocol, sourcePort, destinationPort];
    }
}
