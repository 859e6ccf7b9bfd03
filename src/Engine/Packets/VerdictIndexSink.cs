using FlowMeter.Engine.Export;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Engine.Packets;

/// <summary>Notes every flow in an index on its way to another sink, which becomes its own.</summary>
internal sealed class VerdictIndexSink(VerdictIndex index, IFlowSink sink) : IFlowSink
{
    /// <inheritdoc/>
    public unsafe void Write(FlowRecordBlock records, BlockScorer? scores)
    {
        sink.Write(records, scores);
        for (int i = 0; i < records.Count; i++)
        {
            index.Add(
                records.Header(i), OrderOf(records.Number, i), scores?.VerdictOf(i), scores?.Probability(i) ?? 0,
                index.Selection?.Take(records.Header(i)) == true);
        }
    }

    /// <inheritdoc/>
    public unsafe void LeaveOut(FlowHeader* header, long block, int waiting)
    {
        sink.LeaveOut(header, block, waiting);
        index.AddLeftOut(header, OrderOf(block, waiting) - 1);
    }

    /// <inheritdoc/>
    public void Flush() => sink.Flush();

    /// <inheritdoc/>
    public void Dispose() => sink.Dispose();

    /// <summary>
    /// Where in its worker's sequence a flow ended, by its block and its place there; the numbers between two flows are for one that did
    /// not come out.
    /// </summary>
    private static long OrderOf(long block, int place) => (((block * (FlowRecordBlock.Capacity + 1)) + place) * 2) + 1;
}
