using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Engine.Export;

/// <summary>A sink for measurements and for runs that only want the summary.</summary>
internal sealed class NullSink : IFlowSink
{
    public void Write(FlowRecordBlock records, BlockScorer? scores)
    {
    }

    public void Flush()
    {
    }

    public void Dispose()
    {
    }
}
