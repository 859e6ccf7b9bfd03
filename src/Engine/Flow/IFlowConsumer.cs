namespace FlowMeter.Engine.Flow;

/// <summary>Where a worker's ended flows go: one call a block.</summary>
internal interface IFlowConsumer
{
    /// <summary>Takes a block of ended flows over and gives an empty one for it.</summary>
    FlowRecords Exchange(FlowRecords full);

    /// <summary>Says that no more packets come: from now on the worker may be kept waiting.</summary>
    void EndOfPackets();
}
