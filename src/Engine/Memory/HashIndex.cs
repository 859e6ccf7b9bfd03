using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlowMeter.Engine.Memory;

/// <summary>
/// From hash to row: buckets of one cache line with twelve one-byte tags and twelve row numbers, probed with one compare. A bucket that is
/// full lets entries over to the ones after it and counts them, so that a search knows when to stop and a removal needs no tombstones.
/// </summary>
internal sealed unsafe class HashIndex : IDisposable
{
    /// <summary>Bytes of the index for a row just after it has doubled: 64 for 12 slots, of which two in five are taken.</summary>
    public const int MaxBytesPerEntry = 14;

    private const int Slots = 12;
    private const uint TagMask = (1 << Slots) - 1;

    // Buckets between asking for their rows' keys and hashing them anew.
    private const int GrowAhead = 2;

    // Beyond this share of slots, overflow chains grow quickly; below it, one look-up in twenty reads a second bucket.
    private const double MaxLoad = 0.8;

    private NativeColumn<Bucket> _column;
    private Bucket* _buckets;
    private ulong _mask;

    /// <summary>Makes an index that needs to grow first after <paramref name="entries"/> entries.</summary>
    public HashIndex(long entries)
    {
        long buckets = (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(entries / (Slots * MaxLoad), 64));
        _column = new NativeColumn<Bucket>(buckets);
        Use(_column);
    }

    /// <summary>Entries in the index.</summary>
    public long Count { get; private set; }

    /// <summary>Entries it can take before it has to grow.</summary>
    public long Limit { get; private set; }

    /// <summary>Bytes of all buckets.</summary>
    public long Bytes => _column.Length * sizeof(Bucket);

    /// <summary>Asks for the cache line of a hash's bucket.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(ulong hash)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(_buckets + (hash & _mask));
        }
    }

    /// <summary>
    /// The first row whose tag matches in the hash's own bucket, or -1: a guess that a comparison of keys has to confirm.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Guess(ulong hash)
    {
        Bucket* bucket = _buckets + (hash & _mask);
        uint matches = Matches(bucket, Tag(hash));
        return matches == 0 ? -1 : bucket->Rows[BitOperations.TrailingZeroCount(matches)];
    }

    /// <summary>Walks the rows that may belong to a hash.</summary>
    public Candidates Find(ulong hash) => new(this, hash);

    /// <summary>Adds a row. The caller has made sure that <see cref="Count"/> is below <see cref="Limit"/>.</summary>
    public void Add(ulong hash, uint row)
    {
        ulong at = hash & _mask;
        while (true)
        {
            Bucket* bucket = _buckets + at;
            uint free = Matches(bucket, 0);
            if (free != 0)
            {
                int slot = BitOperations.TrailingZeroCount(free);
                bucket->Tags[slot] = Tag(hash);
                bucket->Rows[slot] = row;
                Count++;
                return;
            }

            bucket->Passed++;
            at = (at + 1) & _mask;
        }
    }

    /// <summary>Removes the entry of a row, which must be there.</summary>
    public void Remove(ulong hash, uint row)
    {
        ulong at = hash & _mask;
        while (true)
        {
            Bucket* bucket = _buckets + at;
            for (uint matches = Matches(bucket, Tag(hash)); matches != 0; matches &= matches - 1)
            {
                int slot = BitOperations.TrailingZeroCount(matches);
                if (bucket->Rows[slot] == row)
                {
                    bucket->Tags[slot] = 0;
                    Count--;
                    return;
                }
            }

            if (bucket->Passed == 0)
            {
                Debug.Fail("the row is not in the index");
                return;
            }

            bucket->Passed--;
            at = (at + 1) & _mask;
        }
    }

    /// <summary>Doubles the buckets and enters every row anew.</summary>
    /// <param name="hashOf">The hash of a row's key.</param>
    /// <param name="prefetch">Asks for a row's key ahead of that.</param>
    public void Grow(Func<uint, ulong> hashOf, Action<uint> prefetch)
    {
        NativeColumn<Bucket> old = _column;
        _column = new NativeColumn<Bucket>(old.Length * 2);
        Use(_column);
        Count = 0;
        for (long i = 0; i < old.Length; i++)
        {
            Bucket* bucket = old.First + i;
            PrefetchRows(old.First + Math.Min(i + GrowAhead, old.Length - 1), prefetch);
            for (uint used = ~Matches(bucket, 0) & TagMask; used != 0; used &= used - 1)
            {
                uint row = bucket->Rows[BitOperations.TrailingZeroCount(used)];
                Add(hashOf(row), row);
            }
        }

        old.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => _column.Dispose();

    /// <summary>Seven bits of the hash that do not choose the bucket; never 0, which marks a free slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Tag(ulong hash) => (byte)((hash >> 56) | 0x80);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Matches(Bucket* bucket, byte tag) =>
        Vector128.Equals(Vector128.Load(bucket->Tags), Vector128.Create(tag)).ExtractMostSignificantBits() & TagMask;

    private static void PrefetchRows(Bucket* bucket, Action<uint> prefetch)
    {
        for (int slot = 0; slot < Slots; slot++)
        {
            if (bucket->Tags[slot] != 0)
            {
                prefetch(bucket->Rows[slot]);
            }
        }
    }

    private void Use(NativeColumn<Bucket> column)
    {
        _buckets = column.First;
        _mask = (ulong)column.Length - 1;
        Limit = (long)(column.Length * Slots * MaxLoad);
    }

    /// <summary>One cache line.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    internal struct Bucket
    {
        [FieldOffset(0)]
        public fixed byte Tags[Slots];

        /// <summary>
        /// Entries whose own bucket is this one or an earlier one and that are in a later one: while it is not 0, a search goes on.
        /// </summary>
        [FieldOffset(12)]
        public uint Passed;

        [FieldOffset(16)]
        public fixed uint Rows[Slots];
    }

    /// <summary>The rows that may belong to a hash, one after the other.</summary>
    internal ref struct Candidates
    {
        private readonly HashIndex _index;
        private readonly byte _tag;
        private ulong _at;
        private uint _matches;

        public Candidates(HashIndex index, ulong hash)
        {
            _index = index;
            _tag = Tag(hash);
            _at = hash & index._mask;
            _matches = Matches(index._buckets + _at, _tag);
        }

        /// <summary>The next row, or -1.</summary>
        public long Next()
        {
            while (_matches == 0)
            {
                if (_index._buckets[_at].Passed == 0)
                {
                    return -1;
                }

                _at = (_at + 1) & _index._mask;
                _matches = Matches(_index._buckets + _at, _tag);
            }

            int slot = BitOperations.TrailingZeroCount(_matches);
            _matches &= _matches - 1;
            return _index._buckets[_at].Rows[slot];
        }
    }
}
