using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Flow;

/// <summary>What a worker is put together from.</summary>
internal sealed record FlowWorkerParts
{
    /// <summary>What to meter; its bound on flows is that of this worker.</summary>
    public required FlowOptions Options { get; init; }

    /// <summary>The hash that all workers share.</summary>
    public required FlowHash Hash { get; init; }

    /// <summary>What is known of fragments, shared by the workers of an observation point; stays the caller's.</summary>
    public required FragmentTable Fragments { get; init; }

    /// <summary>Where ended flows go; stays the caller's.</summary>
    public required IFlowConsumer Consumer { get; init; }

    /// <summary>The block to fill first.</summary>
    public required FlowRecordBlock FirstBlock { get; init; }

    /// <summary>Scores flows at their decision point; null: they are kept as they were there. Becomes the worker's.</summary>
    public IEarlyScorer? EarlyScorer { get; init; }

    /// <summary>Keeps the frames of a worker that is alone on its handle; null: disabled. Becomes the worker's.</summary>
    public IFrameRetention? Frames { get; init; }
}
