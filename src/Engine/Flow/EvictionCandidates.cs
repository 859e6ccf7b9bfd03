using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// Finds the flow that has been idle longest, for when the table is at its bound. One pass over the table picks the oldest eighth of the
/// flows, sorted; they leave one by one until it is used up. A flow that has seen a packet since the pass, or has left, is passed over. The
/// order is exact while time runs forward: whatever was not picked is newer, but for a flow that begins after the pass with a frame older
/// than those picked.
/// </summary>
internal sealed unsafe class EvictionCandidates : IDisposable
{
    private const int Share = 8;

    private NativeColumn<Candidate>? _oldest;
    private int _next;
    private int _count;

    /// <summary>The row of the longest idle flow. The table has at least one.</summary>
    public long Take(FlowTable table)
    {
        while (true)
        {
            while (_next < _count)
            {
                Candidate candidate = _oldest!.First[_next++];
                FlowHeader* header = table.Columns.Header(candidate.Row);
                if (header->IsLive && header->Last == candidate.Last)
                {
                    return candidate.Row;
                }
            }

            Pick(table);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _oldest?.Dispose();

    /// <summary>Keeps the oldest flows of a pass in a heap whose root is the newest of them.</summary>
    private void Pick(FlowTable table)
    {
        _oldest ??= new NativeColumn<Candidate>(Math.Clamp(table.Columns.Flows / Share, 1, int.MaxValue));
        Candidate* heap = _oldest.First;
        int capacity = (int)Math.Clamp(table.Count / Share, 1, _oldest.Length);
        _next = 0;
        _count = 0;
        for (long index = 0; index < table.Used; index++)
        {
            long row = FlowColumns.RowOf(index);
            FlowHeader* header = table.Columns.Header(row);
            if (!header->IsLive)
            {
                continue;
            }

            Candidate candidate = new(header->Last, (uint)row);
            if (_count < capacity)
            {
                heap[_count++] = candidate;
                if (_count == capacity)
                {
                    for (int i = (capacity / 2) - 1; i >= 0; i--)
                    {
                        SiftDown(heap, i, capacity, heap[i]);
                    }
                }
            }
            else if (candidate.IsOlderThan(heap[0]))
            {
                SiftDown(heap, 0, capacity, candidate);
            }
        }

        new Span<Candidate>(heap, _count).Sort();
    }

    /// <summary>Puts <paramref name="candidate"/> in at <paramref name="index"/> or below, where nothing under it is newer.</summary>
    private static void SiftDown(Candidate* heap, int index, int count, Candidate candidate)
    {
        while (true)
        {
            int child = (2 * index) + 1;
            if (child >= count)
            {
                break;
            }

            if (child + 1 < count && heap[child].IsOlderThan(heap[child + 1]))
            {
                child++;
            }

            if (!candidate.IsOlderThan(heap[child]))
            {
                break;
            }

            heap[index] = heap[child];
            index = child;
        }

        heap[index] = candidate;
    }

    private readonly record struct Candidate(long Last, uint Row) : IComparable<Candidate>
    {
        public bool IsOlderThan(Candidate other) => CompareTo(other) < 0;

        public int CompareTo(Candidate other) => Last != other.Last ? Last.CompareTo(other.Last) : Row.CompareTo(other.Row);
    }
}
