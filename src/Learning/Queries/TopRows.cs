namespace FlowMeter.Learning.Queries;

/// <summary>Keeps the first rows in the order of their keys, of rows with equal keys those that came first. For one thread.</summary>
/// <param name="count">Rows to keep, at least one.</param>
internal sealed class TopRows(int count)
{
    // A heap with the last of the kept rows first.
    private readonly List<(byte[] Key, byte[] Row, long Number)> _heap = [];
    private long _rows;

    /// <summary>Takes a row; keys and rows that are kept are copied.</summary>
    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> row)
    {
        long number = _rows++;
        if (_heap.Count < count)
        {
            _heap.Add((key.ToArray(), row.ToArray(), number));
            Rise(_heap.Count - 1);
        }
        else if (key.SequenceCompareTo(_heap[0].Key) < 0)
        {
            _heap[0] = (key.ToArray(), row.ToArray(), number);
            Sink(0);
        }
    }

    /// <summary>Hands out the kept rows in order, and is empty afterwards.</summary>
    public void Drain(RowSorter.RowAction action)
    {
        _heap.Sort(Compare);
        foreach ((byte[] key, byte[] row, _) in _heap)
        {
            action(key, row);
        }

        _heap.Clear();
    }

    private static int Compare((byte[] Key, byte[] Row, long Number) one, (byte[] Key, byte[] Row, long Number) other)
    {
        int order = one.Key.AsSpan().SequenceCompareTo(other.Key);
        return order != 0 ? order : one.Number.CompareTo(other.Number);
    }

    private void Rise(int place)
    {
        for (int above = (place - 1) / 2; place > 0 && Compare(_heap[place], _heap[above]) > 0; place = above, above = (place - 1) / 2)
        {
            (_heap[place], _heap[above]) = (_heap[above], _heap[place]);
        }
    }

    private void Sink(int place)
    {
        while (true)
        {
            int last = place;
            for (int child = (2 * place) + 1; child <= (2 * place) + 2 && child < _heap.Count; child++)
            {
                last = Compare(_heap[child], _heap[last]) > 0 ? child : last;
            }

            if (last == place)
            {
                return;
            }

            (_heap[place], _heap[last]) = (_heap[last], _heap[place]);
            place = last;
        }
    }
}
