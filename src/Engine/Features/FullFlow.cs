using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Features;

/// <summary>What profile <c>full</c> knows of an ended flow beyond profile <c>extended</c>.</summary>
internal readonly unsafe ref struct FullFlow(FlowContent* own, byte forwardEnd, int distinctSizes, int mostFrequentSize)
{
    /// <summary>What is kept of the flow.</summary>
    public readonly FlowContent* Own = own;

    /// <summary>How the source began.</summary>
    public readonly FirstPayload* Forward = &own->FirstOfA + forwardEnd;

    /// <summary>How the destination began.</summary>
    public readonly FirstPayload* Backward = &own->FirstOfB - forwardEnd;

    /// <summary>From data of the source to data of the destination.</summary>
    public readonly TurnSums* Answers = &own->Data.FromA + forwardEnd;

    /// <summary>From data of the destination to data of the source.</summary>
    public readonly TurnSums* Thinks = &own->Data.FromB - forwardEnd;

    /// <summary>Different signed sizes among the first data packets.</summary>
    public readonly int DistinctSizes = distinctSizes;

    /// <summary>How often the most frequent of them is there.</summary>
    public readonly int MostFrequentSize = mostFrequentSize;
}
