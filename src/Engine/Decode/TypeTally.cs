namespace FlowMeter.Engine.Decode;

/// <summary>
/// The most frequent of many numbers, in little memory (Misra and Gries, 1982): right where it is more than a seventeenth of all, or where
/// there are no more than sixteen. Owned and written by one worker; others may read it.
/// </summary>
internal sealed class TypeTally
{
    private const int Slots = 16;

    private readonly int[] _types = new int[Slots];
    private readonly long[] _counts = new long[Slots];

    /// <summary>The most frequent number; null where there was none.</summary>
    public int? Top
    {
        get
        {
            int top = 0;
            for (int i = 1; i < Slots; i++)
            {
                top = _counts[i] > _counts[top] ? i : top;
            }

            return _counts[top] > 0 ? _types[top] : null;
        }
    }

    /// <summary>Counts a number that came <paramref name="times"/> times.</summary>
    public void Add(int type, long times = 1)
    {
        int slot = SlotOf(type);
        if (slot >= 0)
        {
            _types[slot] = type;
            _counts[slot] += times;
            return;
        }

        long least = times;
        foreach (long count in _counts)
        {
            least = Math.Min(least, count);
        }

        for (int i = 0; i < Slots; i++)
        {
            _counts[i] -= least;
        }

        if (times > least)
        {
            Add(type, times - least);
        }
    }

    /// <summary>Counts what another one has counted.</summary>
    public void Add(TypeTally other)
    {
        for (int i = 0; i < Slots; i++)
        {
            if (other._counts[i] > 0)
            {
                Add(other._types[i], other._counts[i]);
            }
        }
    }

    /// <summary>Becomes a copy.</summary>
    public void Set(TypeTally other)
    {
        other._types.CopyTo(_types, 0);
        other._counts.CopyTo(_counts, 0);
    }

    /// <summary>The number's slot, else a free one; -1 where there is none.</summary>
    private int SlotOf(int type)
    {
        int free = -1;
        for (int i = 0; i < Slots; i++)
        {
            if (_counts[i] > 0 && _types[i] == type)
            {
                return i;
            }

            free = _counts[i] == 0 ? i : free;
        }

        return free;
    }
}
