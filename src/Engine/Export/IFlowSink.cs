using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Export;

/// <summary>Takes blocks of ended flows with their features and, where there is a model, judgements. One instance a thread.</summary>
internal interface IFlowSink : IDisposable
{
    /// <summary>Takes the flows of a block; what it points to is reused afterwards.</summary>
    /// <exception cref="OutputException">They can not be written.</exception>
    void Write(FlowRecords records, Judgements? judgements);

    /// <summary>Writes what is still held back.</summary>
    void Flush();
}
