namespace FlowMeter.Engine.Flow;

/// <summary>Ten packets of a flow's history: two cache lines.</summary>
internal unsafe struct HistoryBlock
{
    /// <summary>Packets of a block.</summary>
    public const int Capacity = 10;

    /// <summary>Times from the flow's first packet on, ns, doubled; the lowest bit is 1 for packets from endpoint B.</summary>
    public fixed long Times[Capacity];

    /// <summary>Lengths on the wire, byte.</summary>
    public fixed uint Lengths[Capacity];

    /// <summary>The block behind this one in its chain.</summary>
    public uint Next;

    /// <summary>The chain behind this one, while both wait to be used again.</summary>
    public uint NextChain;
}
