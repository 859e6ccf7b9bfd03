using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Engine.Export;

/// <summary>Takes blocks of ended flows with their features and, where there is a model, scores. One instance a thread.</summary>
internal interface IFlowSink : IDisposable
{
    /// <summary>Takes the flows of a block; what it points to is reused afterwards.</summary>
    /// <exception cref="OutputException">They can not be written.</exception>
    void Write(FlowRecordBlock records, BlockScorer? scores);

    /// <summary>Takes note of an ended flow that gets no row.</summary>
    /// <param name="header">The flow, valid during the call.</param>
    /// <param name="block">The number of the worker's block that was being filled when it ended.</param>
    /// <param name="waiting">Flows in that block by then.</param>
    unsafe void LeaveOut(FlowHeader* header, long block, int waiting)
    {
    }

    /// <summary>Writes what is still held back.</summary>
    void Flush();
}
