using FlowMeter.Engine.Output;

namespace FlowMeter.Learning.Queries;

/// <summary>Merges sorted runs of a temporary file. Of rows with equal keys those of an earlier run come first.</summary>
/// <param name="file">The file; stays the caller's.</param>
/// <param name="runs">Where the runs begin and end.</param>
internal sealed class SortedRunMerge(SpillFile file, IReadOnlyList<(long Start, long End)> runs)
{
    private readonly SortedRun[] _runs = [.. runs.Select(run => new SortedRun(file, run.Start, run.End))];

    // A heap of numbers of runs, the one with the least key first.
    private readonly int[] _heap = new int[runs.Count];
    private int _count;

    /// <summary>Hands out all rows in order.</summary>
    /// <exception cref="OutputException">The file can not be read.</exception>
    public void Run(RowSorter.RowAction action)
    {
        for (int i = _runs.Length - 1; i >= 0; i--)
        {
            if (_runs[i].Read())
            {
                _heap[_count++] = i;
            }
        }

        for (int i = (_count / 2) - 1; i >= 0; i--)
        {
            Sink(i);
        }

        while (_count > 0)
        {
            SortedRun first = _runs[_heap[0]];
            action(first.Key, first.Row);
            if (!first.Read())
            {
                _heap[0] = _heap[--_count];
            }

            Sink(0);
        }
    }

    private void Sink(int place)
    {
        while (true)
        {
            int least = place;
            for (int child = (2 * place) + 1; child <= (2 * place) + 2 && child < _count; child++)
            {
                least = IsBefore(_heap[child], _heap[least]) ? child : least;
            }

            if (least == place)
            {
                return;
            }

            (_heap[place], _heap[least]) = (_heap[least], _heap[place]);
            place = least;
        }
    }

    private bool IsBefore(int one, int other)
    {
        int order = _runs[one].Key.SequenceCompareTo(_runs[other].Key);
        return order < 0 || (order == 0 && one < other);
    }
}
