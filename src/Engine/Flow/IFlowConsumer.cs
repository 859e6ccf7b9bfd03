namespace FlowMeter.Engine.Flow;

/// <summary>Where a worker's ended flows go: one call a block.</summary>
internal interface IFlowConsumer
{
    /// <summary>Takes a block of ended flows over and gives an empty one for it.</summary>
    FlowRecordBlock Exchange(FlowRecordBlock full);

    /// <summary>Takes note of an ended flow that gets no row, since it has too few packets.</summary>
    /// <param name="header">The flow, valid during the call.</param>
    /// <param name="waiting">Flows in the block that is being filled: those that ended before it.</param>
    unsafe void LeaveOut(FlowHeader* header, int waiting);

    /// <summary>Says that no more packets come: from now on the worker may be kept waiting.</summary>
    void EndOfPackets();
}
