namespace FlowMeter.Engine.Flow;

/// <summary>A worker's blocks at hand: the chain it uses up before it asks the arena for another.</summary>
internal sealed unsafe class HistoryBlocks(HistoryArena arena)
{
    private uint _free = HistoryArena.None;

    public HistoryArena Arena => arena;

    /// <summary>Whether <see cref="Take"/> has a block to give.</summary>
    public bool HasOne()
    {
        if (_free == HistoryArena.None)
        {
            _free = arena.TakeChain();
        }

        return _free != HistoryArena.None;
    }

    /// <summary>Takes a block. There must be one.</summary>
    public uint Take()
    {
        uint number = _free;
        HistoryBlock* block = arena[number];
        _free = block->Next;
        block->Next = HistoryArena.None;
        return number;
    }
}
