using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Hosts;

/// <summary>
/// A table of bounded size that forgets what has not been used for longest: a hand goes round and takes the next entry that was not used
/// since it last passed (second chance). Which one that is depends on the order of uses alone, not on hashes, whose key is random. Entries
/// are numbered from 1, and a number stays with its entry until it is forgotten. For one thread at a time.
/// </summary>
/// <typeparam name="TEntry">An entry, which begins with a <see cref="LedgerHeader"/>; zeroed when it is new.</typeparam>
internal sealed unsafe class LedgerTable<TEntry> : IDisposable
    where TEntry : unmanaged
{
    private const uint UsedBit = 1u << 31;

    private readonly FlowHash _hash;
    private readonly NativeColumn<TEntry> _entries;
    private readonly NativeColumn<uint> _buckets;
    private readonly uint _capacity;
    private readonly ulong _mask;
    private uint _count;
    private uint _hand;

    /// <summary>Makes a table.</summary>
    /// <param name="capacity">Entries at most, from 1 to 2^30.</param>
    /// <param name="hash">The hash of keys.</param>
    public LedgerTable(int capacity, FlowHash hash)
    {
        _hash = hash;
        _capacity = (uint)capacity;
        _entries = new NativeColumn<TEntry>(_capacity + 1L);
        _buckets = new NativeColumn<uint>((long)BitOperations.RoundUpToPowerOf2(_capacity));
        _mask = (ulong)_buckets.Length - 1;
    }

    /// <summary>Hashes a key and asks for the line of its bucket.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Hash(in FlowKey key)
    {
        ulong hash = _hash.Compute(in key);
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(_buckets.First + (hash & _mask));
        }

        return hash;
    }

    /// <summary>Asks for the first lines of the first entry in a bucket, which mostly is the one looked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(ulong hash)
    {
        if (Sse.IsSupported)
        {
            byte* entry = (byte*)(_entries.First + _buckets.First[hash & _mask]);
            for (int line = 0; line < sizeof(TEntry); line += 64)
            {
                Sse.Prefetch0(entry + line);
            }
        }
    }

    /// <summary>The entry of a number.</summary>
    public TEntry* At(uint number) => _entries.First + number;

    /// <summary>The entry of a number if it still is about this key, else null.</summary>
    public TEntry* AtIf(uint number, in FlowKey key)
    {
        LedgerHeader* header = (LedgerHeader*)At(number);
        return number != 0 && Is(header, in key) ? (TEntry*)header : null;
    }

    /// <summary>Finds the number of a key's entry, or makes a new one, which is zeroed but for the header.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its <see cref="Hash"/>.</param>
    public uint FindOrAdd(in FlowKey key, ulong hash)
    {
        uint* bucket = _buckets.First + (hash & _mask);
        for (uint number = *bucket; number != 0;)
        {
            LedgerHeader* header = (LedgerHeader*)At(number);
            if (Is(header, in key))
            {
                header->Link |= UsedBit;
                return number;
            }

            number = header->Link & ~UsedBit;
        }

        uint free = _count < _capacity ? ++_count : Forget();
        TEntry* entry = At(free);
        *entry = default;
        LedgerHeader* added = (LedgerHeader*)entry;
        added->Key = key;
        added->Link = *bucket | UsedBit;
        *bucket = free;
        return free;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _entries.Dispose();
        _buckets.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Is(LedgerHeader* header, in FlowKey key) =>
        header->Key.ALower == key.ALower && header->Key.BLower == key.BLower && header->Key.Tail == key.Tail
        && header->Key.AUpper == key.AUpper && header->Key.BUpper == key.BUpper;

    /// <summary>Takes the entry out of its bucket that is forgotten, and returns its number.</summary>
    private uint Forget()
    {
        LedgerHeader* header;
        while (true)
        {
            _hand = _hand == _capacity ? 1 : _hand + 1;
            header = (LedgerHeader*)At(_hand);
            if ((header->Link & UsedBit) == 0)
            {
                break;
            }

            header->Link &= ~UsedBit;
        }

        uint next = header->Link & ~UsedBit;
        uint* bucket = _buckets.First + (_hash.Compute(in header->Key) & _mask);
        if (*bucket == _hand)
        {
            *bucket = next;
            return _hand;
        }

        uint before = *bucket;
        while ((((LedgerHeader*)At(before))->Link & ~UsedBit) != _hand)
        {
            before = ((LedgerHeader*)At(before))->Link & ~UsedBit;
        }

        LedgerHeader* neighbour = (LedgerHeader*)At(before);
        neighbour->Link = (neighbour->Link & UsedBit) | next;
        return _hand;
    }
}
