using FlowMeter.Engine.Export;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Engine.HostVerdicts;

/// <summary>Tells a table of hosts of every flow on its way to another sink, which becomes its own.</summary>
internal sealed unsafe class HostTableSink(HostTable table, IFlowSink sink) : IFlowSink
{
    private readonly HostFlow[] _flows = new HostFlow[FlowRecordBlock.Capacity];

    /// <inheritdoc/>
    public void Write(FlowRecordBlock records, BlockScorer? scores)
    {
        sink.Write(records, scores);
        for (int i = 0; i < records.Count; i++)
        {
            ulong packets = records.WholeVolume(i).Packets;
            bool isJudged = scores != null && packets >= (ulong)table.MinPackets;
            _flows[i] = Of(records.Header(i), (long)packets) with
            {
                LogOdds = isJudged ? LogOddsOf(scores!.Probability(i)) : null,
                IsMalicious = isJudged && scores!.VerdictOf(i) == Verdict.Malicious,
            };
        }

        table.Add(_flows.AsSpan(0, records.Count));
    }

    /// <inheritdoc/>
    public void LeaveOut(FlowHeader* header, long block, int waiting)
    {
        sink.LeaveOut(header, block, waiting);
        table.Add([Of(header, 0)]);
    }

    /// <inheritdoc/>
    public void Flush() => sink.Flush();

    /// <inheritdoc/>
    public void Dispose() => sink.Dispose();

    private static HostFlow Of(FlowHeader* header, long packets)
    {
        bool forwardIsB = FlowIdText.ForwardIsB(header);
        (ulong Upper, ulong Lower, ushort Port) a = (header->Key.AUpper, header->Key.ALower, header->Key.PortA);
        (ulong Upper, ulong Lower, ushort Port) b = (header->Key.BUpper, header->Key.BLower, header->Key.PortB);
        ((ulong Upper, ulong Lower, ushort Port) source, (ulong Upper, ulong Lower, ushort Port) destination) = forwardIsB
            ? (b, a)
            : (a, b);
        const FlowState Both = FlowState.SeenA | FlowState.SeenB;
        return new HostFlow(
            new TalkKey(
                source.Upper, source.Lower, destination.Upper, destination.Lower, destination.Port, header->Key.Protocol, header->Version),
            header->Last, packets, (header->State & Both) == Both, (header->State & FlowState.Reset) != 0, null, false);
    }

    private static double LogOddsOf(double probability)
    {
        const double Nearest = 1e-12;
        double bounded = Math.Clamp(probability, Nearest, 1 - Nearest);
        return Math.Log(bounded / (1 - bounded));
    }
}
