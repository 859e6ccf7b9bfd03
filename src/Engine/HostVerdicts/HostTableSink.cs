using FlowMeter.Engine.Export;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Hosts;
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
            _flows[i] = EndedFlow.Of(records.Header(i), (long)packets, ContentOf(records, i)) with
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
        table.Add([EndedFlow.Of(header, packets: 0, content: null)]);
    }

    /// <inheritdoc/>
    public void Flush() => sink.Flush();

    /// <inheritdoc/>
    public void Dispose() => sink.Dispose();

    private static FlowContent* ContentOf(FlowRecordBlock records, int index) =>
        records.Columns.Layout.Hosts == null ? null : records.Columns.ProfileState<FlowContent>(FlowColumns.RowOf(index));

    private static double LogOddsOf(double probability)
    {
        const double Nearest = 1e-12;
        double bounded = Math.Clamp(probability, Nearest, 1 - Nearest);
        return Math.Log(bounded / (1 - bounded));
    }
}
