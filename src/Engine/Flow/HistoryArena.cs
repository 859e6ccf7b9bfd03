using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// The memory of all packet histories: blocks of a fixed size, in chains, one chain a flow. Workers take blocks; the exporter gives the
/// chain of a flow back as a whole. Both are rare beside packets, so a lock is cheap enough: a chain goes back, and is handed out again, in
/// one step. The address space is reserved at start, pages are used as they are needed.
/// </summary>
internal sealed unsafe class HistoryArena : IDisposable
{
    /// <summary>No block: what ends a chain. Block 0 is never handed out.</summary>
    public const uint None = 0;

    // New blocks that are handed out at a time: some pages side by side.
    private const uint NewBlocks = 64;

    private readonly NativeColumn<HistoryBlock> _blocks;
    private readonly HistoryBlock* _first;
    private readonly Lock _lock = new();
    private uint _used = 1;
    private uint _returned = None;

    /// <summary>Makes an arena of at most <paramref name="bytes"/>.</summary>
    public HistoryArena(long bytes)
    {
        _blocks = new NativeColumn<HistoryBlock>(Math.Clamp(bytes / sizeof(HistoryBlock), 2, uint.MaxValue));
        _first = _blocks.First;
    }

    /// <summary>The block of a number.</summary>
    public HistoryBlock* this[uint number] => _first + number;

    /// <summary>Takes a chain of free blocks; <see cref="None"/> where all are in use.</summary>
    public uint TakeChain()
    {
        lock (_lock)
        {
            uint chain = _returned;
            if (chain != None)
            {
                _returned = _first[chain].NextChain;
                return chain;
            }

            uint count = (uint)Math.Min(NewBlocks, _blocks.Length - _used);
            if (count == 0)
            {
                return None;
            }

            chain = _used;
            _used += count;
            for (uint number = chain; number < _used; number++)
            {
                _first[number].Next = number + 1 < _used ? number + 1 : None;
            }

            return chain;
        }
    }

    /// <summary>Gives a flow's blocks back, from its first one on. Any thread may.</summary>
    public void Return(uint chain)
    {
        if (chain == None)
        {
            return;
        }

        lock (_lock)
        {
            _first[chain].NextChain = _returned;
            _returned = chain;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _blocks.Dispose();
}
