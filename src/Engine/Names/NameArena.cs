using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Names;

/// <summary>
/// The memory of all names of flows: records of a fixed size. Workers take them, a chain at a time; whoever writes a flow that ended gives
/// its record back. Both are rare beside packets, so a lock is cheap enough. The address space is reserved at start, pages are used as they
/// are needed, and the record that came back last is handed out first.
/// </summary>
internal sealed unsafe class NameArena : IDisposable
{
    /// <summary>No record. Record 0 is never handed out.</summary>
    public const uint None = 0;

    /// <summary>Records of a chain, at most: a lock for each 64 flows that have names.</summary>
    public const int ChainLength = 64;

    private readonly NativeColumn<NameRecord> _records;
    private readonly NameRecord* _first;
    private readonly Lock _lock = new();
    private uint _used = 1;
    private uint _returned = None;

    /// <summary>Makes an arena of at most <paramref name="bytes"/>; there is room for two records at least.</summary>
    public NameArena(long bytes)
    {
        _records = new NativeColumn<NameRecord>(Math.Clamp(bytes / sizeof(NameRecord), 2, uint.MaxValue));
        _first = _records.First;
    }

    /// <summary>Records that are in use or in a worker's chain.</summary>
    public long Taken { get; private set; }

    /// <summary>The record of a number. It holds until it is given back.</summary>
    public NameRecord* this[uint number] => _first + number;

    /// <summary>Takes a record without names; <see cref="None"/> where all are in use.</summary>
    public uint Take()
    {
        uint number = TakeChain(1);
        if (number != None)
        {
            _first[number].Clear();
        }

        return number;
    }

    /// <summary>Takes a chain of free records, linked by <see cref="NameRecord.Next"/>; <see cref="None"/> where all are in use.</summary>
    /// <param name="length">Records that are wanted; there may be fewer.</param>
    public uint TakeChain(int length)
    {
        lock (_lock)
        {
            uint chain = None;
            for (int i = 0; i < length; i++)
            {
                uint number = _returned;
                if (number != None)
                {
                    _returned = _first[number].Next;
                }
                else if (_used < _records.Length)
                {
                    number = _used++;
                }
                else
                {
                    break;
                }

                _first[number].Next = chain;
                chain = number;
                Taken++;
            }

            return chain;
        }
    }

    /// <summary>Gives a record back. Any thread may; <see cref="None"/> is nothing.</summary>
    public void Return(uint number)
    {
        if (number == None)
        {
            return;
        }

        lock (_lock)
        {
            _first[number].Next = _returned;
            _returned = number;
            Taken--;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _records.Dispose();
}
