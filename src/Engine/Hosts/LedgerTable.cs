using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Hosts;

/// <summary>
/// A table of bounded size that forgets what has not been used for longest: a hand goes round and takes the next entry that was not used
/// since it last passed (second chance). Which one that is depends on the order of uses alone, not on hashes, whose key is random. A number
/// stays with its entry until that is forgotten. For one thread at a time.
/// </summary>
/// <remarks>
/// Keys are not kept, only their hashes of 64 bits under a random key: one new key in 2^64 / entries, or 3.5e13 at 524,288 entries, is
/// taken for another one, and nobody can aim at that.
/// </remarks>
/// <typeparam name="TEntry">An entry, which begins with its hash; zeroed when it is new but for that.</typeparam>
internal sealed unsafe class LedgerTable<TEntry> : IDisposable
    where TEntry : unmanaged
{
    private const int FirstIndexEntries = 1 << 12;
    private const int CacheLine = 64;
    private const int WordBits = 64;

    private readonly NativeColumn<TEntry> _entries;

    // A bit for each entry, next to each other: the hand passes 64 at a time.
    private readonly NativeColumn<ulong> _used;
    private readonly HashIndex _index;
    private readonly uint _capacity;
    private uint _count;
    private uint _hand;

    /// <summary>Makes a table.</summary>
    /// <param name="capacity">Entries at most, from 1 to 2^30.</param>
    public LedgerTable(int capacity)
    {
        _capacity = (uint)capacity;
        _entries = new NativeColumn<TEntry>(capacity);
        _used = new NativeColumn<ulong>((capacity + WordBits - 1) / WordBits);
        _index = new HashIndex(Math.Min(capacity, FirstIndexEntries));
    }

    /// <summary>Asks for the index line of a hash.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(ulong hash) => _index.Prefetch(hash);

    /// <summary>Asks for the lines of the entry that a hash probably has.</summary>
    /// <param name="hash">The hash of a key.</param>
    /// <param name="lines">Cache lines of the entry.</param>
    /// <returns>Its number if it is that entry, or -1: for <see cref="FindOrAdd"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Guess(ulong hash, int lines = 1)
    {
        long number = _index.Guess(hash);
        if (number >= 0 && Sse.IsSupported)
        {
            Prefetch((uint)number, lines);
        }

        return number;
    }

    /// <summary>The entry of a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TEntry* At(uint number) => _entries.First + number;

    /// <summary>The entry of a number if it still has this hash, else null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TEntry* AtIf(uint number, ulong hash) => HashOf(number) == hash ? At(number) : null;

    /// <summary>Finds the number of a hash's entry, or makes a new one.</summary>
    /// <param name="hash">The hash of a key.</param>
    /// <param name="guess">What <see cref="Guess"/> said, though entries may have been made since.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint FindOrAdd(ulong hash, long guess)
    {
        uint number = guess >= 0 && HashOf((uint)guess) == hash ? (uint)guess : Search(hash);
        _used.First[number / WordBits] |= 1UL << (int)(number % WordBits);
        return number;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _entries.Dispose();
        _used.Dispose();
        _index.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong HashOf(uint number) => *(ulong*)At(number);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Prefetch(uint number, int lines)
    {
        for (int line = 0; line < lines; line++)
        {
            Sse.Prefetch0((byte*)At(number) + (line * CacheLine));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private uint Search(ulong hash)
    {
        HashIndex.Candidates candidates = _index.Find(hash);
        long number = candidates.Next();
        while (number >= 0 && HashOf((uint)number) != hash)
        {
            number = candidates.Next();
        }

        return number >= 0 ? (uint)number : Add(hash);
    }

    private uint Add(ulong hash)
    {
        uint free = _count < _capacity ? _count++ : Forget();
        TEntry* entry = At(free);
        *entry = default;
        *(ulong*)entry = hash;
        if (_index.Count == _index.Limit)
        {
            _index.Grow(HashOf, number => { });
        }

        _index.Add(hash, free);
        return free;
    }

    /// <summary>Takes the entry that is forgotten out of the index, and returns its number.</summary>
    private uint Forget()
    {
        uint number = PassUsed();
        _index.Remove(HashOf(number), number);
        _hand = number + 1 == _capacity ? 0 : number + 1;

        // The next one to be forgotten, unless it is used until then.
        if (Sse.IsSupported && _hand + 1 < _capacity)
        {
            Prefetch(_hand + 1, (sizeof(TEntry) + CacheLine - 1) / CacheLine);
            _index.Prefetch(HashOf(_hand));
        }

        return number;
    }

    /// <summary>Clears the marks of used entries from the hand on, and returns the first one without.</summary>
    private uint PassUsed()
    {
        while (true)
        {
            ulong* word = _used.First + (_hand / WordBits);
            ulong ahead = ulong.MaxValue << (int)(_hand % WordBits);
            int free = BitOperations.TrailingZeroCount(~*word & ahead);
            uint first = (_hand & ~(WordBits - 1u)) + (uint)free;
            if (free < WordBits && first < _capacity)
            {
                *word &= ~(ahead & ~(ulong.MaxValue << free));
                return first;
            }

            *word &= ~ahead;
            _hand = (_hand | (WordBits - 1u)) + 1 is var next && next < _capacity ? next : 0;
        }
    }
}
