using System.Numerics;

namespace FlowMeter.Engine.Export;

/// <summary>
/// The distinct values of a column in the order in which they first came, and for each row the place of its value among them.
/// </summary>
internal sealed class ColumnDictionary
{
    // A sample that is mostly distinct tells that the rest is, too.
    private const int Sample = 1024;
    private const int MaxOfSample = Sample / 2;
    private const int MaxNumbers = 4096;
    private const int MaxTexts = 32_768;

    private readonly int[] _slots = new int[2 * MaxTexts];
    private readonly int[] _places = new int[FlowBatch.MaxFlows];
    private readonly int[] _firsts = new int[MaxTexts];
    private int _count;

    /// <summary>For each row that has a value, the place of its value.</summary>
    public ReadOnlySpan<int> Places(int rows) => _places.AsSpan(0, rows);

    /// <summary>For each distinct value, the row that had it first.</summary>
    public ReadOnlySpan<int> Firsts => _firsts.AsSpan(0, _count);

    /// <summary>Takes the values of a column of numbers, by their bits. False: too many are distinct.</summary>
    public bool TryBuild(ReadOnlySpan<ulong> values)
    {
        Span<int> slots = Begin(2 * MaxNumbers);
        for (int i = 0; i < values.Length; i++)
        {
            ulong value = values[i];
            int slot = (int)((value * 0x9E37_79B9_7F4A_7C15) >> (64 - BitOperations.Log2((uint)slots.Length)));
            while (slots[slot] is var entry && entry != 0 && values[_firsts[entry - 1]] != value)
            {
                slot = (slot + 1) & (slots.Length - 1);
            }

            if (slots[slot] == 0 && !TryAdd(ref slots[slot], i, MaxNumbers))
            {
                return false;
            }

            _places[i] = slots[slot] - 1;
        }

        return true;
    }

    /// <summary>Takes the texts of a column. False: too many are distinct.</summary>
    /// <param name="text">All texts behind each other.</param>
    /// <param name="offsets">Where each begins, and the last one ends.</param>
    public bool TryBuild(ReadOnlySpan<byte> text, ReadOnlySpan<int> offsets)
    {
        Span<int> slots = Begin(2 * MaxTexts);
        int max = Math.Min(MaxTexts, offsets.Length / 2);
        int rows = 0;
        for (int i = 0; i < offsets.Length - 1; i++)
        {
            ReadOnlySpan<byte> value = text[offsets[i]..offsets[i + 1]];
            if (value.IsEmpty)
            {
                continue;
            }

            HashCode hash = default;
            hash.AddBytes(value);
            int slot = hash.ToHashCode() & (slots.Length - 1);
            while (slots[slot] is var entry && entry != 0 && !IsAt(text, offsets, _firsts[entry - 1], value))
            {
                slot = (slot + 1) & (slots.Length - 1);
            }

            if (slots[slot] == 0 && !TryAdd(ref slots[slot], i, max))
            {
                return false;
            }

            _places[rows++] = slots[slot] - 1;
        }

        return true;
    }

    private static bool IsAt(ReadOnlySpan<byte> text, ReadOnlySpan<int> offsets, int row, ReadOnlySpan<byte> value) =>
        text[offsets[row]..offsets[row + 1]].SequenceEqual(value);

    private Span<int> Begin(int slots)
    {
        _count = 0;
        Span<int> used = _slots.AsSpan(0, slots);
        used.Clear();
        return used;
    }

    private bool TryAdd(ref int slot, int row, int max)
    {
        if (_count >= max || (_count == MaxOfSample && row < Sample))
        {
            return false;
        }

        _firsts[_count++] = row;
        slot = _count;
        return true;
    }
}
