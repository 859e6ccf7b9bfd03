namespace FlowMeter.Engine.Flow;

/// <summary>Twelve words of a flow's history, as many as fit beside the counts of the flow.</summary>
internal unsafe struct HistoryBlock
{
    /// <summary>Words of a block.</summary>
    public const int Capacity = 12;

    /// <summary>Packets (<see cref="HistoryWord"/>).</summary>
    public fixed ulong Words[Capacity];

    /// <summary>The block behind this one in its chain.</summary>
    public uint Next;

    /// <summary>The chain behind this one, while both wait to be used again.</summary>
    public uint NextChain;
}
