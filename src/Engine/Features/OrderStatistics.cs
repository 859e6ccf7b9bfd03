using FlowMeter.Engine.Memory;
using FlowMeter.Engine.Numerics;

namespace FlowMeter.Engine.Features;

/// <summary>
/// Median and mode of a list of integers, exact. Of a short list all values are compared with all; a list of few different values is
/// counted, value by value; any other is sorted, and the mode is its longest run. One instance a thread.
/// </summary>
internal sealed unsafe class OrderStatistics : IDisposable
{
    /// <summary>The greatest spread of values that is counted.</summary>
    public const int CountedSpread = 1 << 17;

    /// <summary>Values that there has to be room for however few there are.</summary>
    public const int MinScratch = Ranks.MaxCount;

    // Clearing and reading the table must not cost more than sorting would.
    private const int CountedPerValue = 4;

    private readonly NativeColumn<uint> _counts = new(CountedSpread);

    /// <summary>The two middle values, which are one where the count is odd.</summary>
    public ulong LowerMedian { get; private set; }

    /// <inheritdoc cref="LowerMedian"/>
    public ulong UpperMedian { get; private set; }

    /// <summary>The most frequent value, the smallest among ties.</summary>
    public ulong Mode { get; private set; }

    /// <summary>Takes a list, whose order is lost.</summary>
    /// <param name="values">The list, also none.</param>
    /// <param name="scratch">Room for as many values, and for <see cref="MinScratch"/>.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="minimum">The smallest value.</param>
    /// <param name="maximum">The greatest value.</param>
    public void Take(ulong* values, ulong* scratch, long count, ulong minimum, ulong maximum)
    {
        if (count == 0 || minimum == maximum)
        {
            (LowerMedian, UpperMedian, Mode) = (minimum, minimum, minimum);
        }
        else if (count <= Ranks.MaxCount && maximum - minimum <= uint.MaxValue)
        {
            Rank(values, scratch, (int)count, minimum);
        }
        else if (maximum - minimum < CountedSpread && count >= (long)(maximum - minimum) / CountedPerValue && count >= CountedPerValue * 16
            && count <= uint.MaxValue)
        {
            Count(values, count, minimum, (int)(maximum - minimum) + 1);
        }
        else
        {
            RadixSort.Sort(values, scratch, count, minimum, maximum);
            LowerMedian = values[(count - 1) / 2];
            UpperMedian = values[count / 2];
            Mode = LongestRun(values, count);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _counts.Dispose();

    /// <summary>Compares distances from the smallest value, which fit half a word as integers with a sign.</summary>
    private void Rank(ulong* values, ulong* scratch, int count, ulong minimum)
    {
        int* distances = (int*)scratch;
        for (int i = 0; i < count; i++)
        {
            distances[i] = (int)(uint)(values[i] - minimum) ^ int.MinValue;
        }

        (int lower, int upper, int mode) = Ranks.Take(distances, count);
        LowerMedian = minimum + (uint)(lower ^ int.MinValue);
        UpperMedian = minimum + (uint)(upper ^ int.MinValue);
        Mode = minimum + (uint)(mode ^ int.MinValue);
    }

    private void Count(ulong* values, long count, ulong minimum, int spread)
    {
        uint* counts = _counts.First;
        new Span<uint>(counts, spread).Clear();
        for (long i = 0; i < count; i++)
        {
            counts[values[i] - minimum]++;
        }

        long lower = (count - 1) / 2;
        long upper = count / 2;
        long before = 0;
        uint most = 0;
        for (int value = 0; value < spread; value++)
        {
            uint those = counts[value];
            long behind = before + those;
            if (before <= lower && lower < behind)
            {
                LowerMedian = minimum + (uint)value;
            }

            if (before <= upper && upper < behind)
            {
                UpperMedian = minimum + (uint)value;
            }

            if (those > most)
            {
                most = those;
                Mode = minimum + (uint)value;
            }

            before = behind;
        }
    }

    private static ulong LongestRun(ulong* sorted, long count)
    {
        ulong mode = sorted[0];
        long most = 0;
        long began = 0;
        for (long i = 1; i <= count; i++)
        {
            if (i == count || sorted[i] != sorted[began])
            {
                if (i - began > most)
                {
                    most = i - began;
                    mode = sorted[began];
                }

                began = i;
            }
        }

        return mode;
    }
}
