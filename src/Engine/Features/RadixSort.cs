using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowMeter.Engine.Features;

/// <summary>
/// Sorts integers in unmanaged memory: a few by insertion, more by digits from the lowest on. Digits in which all agree cost nothing, so
/// the time goes with the spread and not with the size of the values.
/// </summary>
internal static unsafe class RadixSort
{
    // Below the first, insertion is faster; from the second on, fewer passes are worth a longer table.
    private const long InsertionBelow = 40;
    private const long WideDigitsFrom = 1 << 14;
    private const int NarrowDigit = 8;
    private const int WideDigit = 11;

    /// <summary>Sorts ascending, in place.</summary>
    /// <param name="values">What to sort.</param>
    /// <param name="scratch">Room for as many values.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="minimum">The smallest value.</param>
    /// <param name="maximum">The greatest value.</param>
    public static void Sort(ulong* values, ulong* scratch, long count, ulong minimum, ulong maximum)
    {
        if (count < InsertionBelow)
        {
            Insert(values, count);
            return;
        }

        int digit = count < WideDigitsFrom ? NarrowDigit : WideDigit;
        int bits = 64 - BitOperations.LeadingZeroCount(maximum - minimum);
        ulong* from = values;
        ulong* to = scratch;
        for (int shift = 0; shift < bits; shift += digit)
        {
            Scatter(from, to, count, minimum, shift, digit);
            ulong* filled = to;
            to = from;
            from = filled;
        }

        if (from != values)
        {
            Buffer.MemoryCopy(from, values, count * sizeof(ulong), count * sizeof(ulong));
        }
    }

    private static void Insert(ulong* values, long count)
    {
        for (long i = 1; i < count; i++)
        {
            ulong value = values[i];
            long at = i;
            for (; at > 0 && values[at - 1] > value; at--)
            {
                values[at] = values[at - 1];
            }

            values[at] = value;
        }
    }

    /// <summary>One stable pass over one digit of the distance from the smallest value.</summary>
    [SkipLocalsInit]
    private static void Scatter(ulong* from, ulong* to, long count, ulong minimum, int shift, int digit)
    {
        int radix = 1 << digit;
        long* places = stackalloc long[radix];
        ulong mask = (ulong)radix - 1;
        new Span<long>(places, radix).Clear();
        for (long i = 0; i < count; i++)
        {
            places[((from[i] - minimum) >> shift) & mask]++;
        }

        long next = 0;
        for (int value = 0; value < radix; value++)
        {
            long those = places[value];
            places[value] = next;
            next += those;
        }

        for (long i = 0; i < count; i++)
        {
            ulong value = from[i];
            to[places[((value - minimum) >> shift) & mask]++] = value;
        }
    }
}
