using System.Numerics;
using System.Runtime.Intrinsics;

namespace FlowMeter.Engine.Numerics;

/// <summary>
/// Medians and mode of a short list without sorting it: for each value, how many are less and how many are equal. Eight values at a time
/// are compared with all, without a branch, so a hundred values cost less than the tables of a sort.
/// </summary>
internal static unsafe class Ranks
{
    /// <summary>Values at most: with more, sorting is faster.</summary>
    public const int MaxCount = 160;

    private static int Lanes => Vector256<int>.Count;

    /// <summary>Takes a list.</summary>
    /// <param name="values">
    /// The values; room behind them for seven more, which are overwritten. Their order is that of integers with a sign.
    /// </param>
    /// <param name="count">How many there are: at least 1, at most <see cref="MaxCount"/>.</param>
    /// <returns>The two middle values, and the most frequent one, the smallest among ties.</returns>
    public static (int LowerMedian, int UpperMedian, int Mode) Take(int* values, int count)
    {
        // Lanes behind the last value compare as this value does where it is in the list, and are equal to nothing where it is not.
        Vector256.Create(int.MaxValue).Store(values + count);
        Vector256<int> lower = Vector256.Create((count - 1) / 2);
        Vector256<int> upper = Vector256.Create(count / 2);
        Vector256<int> most = Vector256<int>.Zero;
        Vector256<int> mode = Vector256.Create(int.MaxValue);
        int lowerMedian = 0;
        int upperMedian = 0;
        for (int first = 0; first < count; first += Lanes)
        {
            Vector256<int> those = Vector256.Load(values + first);
            Vector256<int> less = Vector256<int>.Zero;
            Vector256<int> equal = Vector256<int>.Zero;
            for (int i = 0; i < count; i++)
            {
                Vector256<int> value = Vector256.Create(values[i]);
                less -= Vector256.GreaterThan(those, value);
                equal -= Vector256.Equals(those, value);
            }

            Vector256<int> behind = less + equal;
            lowerMedian = FirstOf(those, less, lower, behind, lowerMedian);
            upperMedian = FirstOf(those, less, upper, behind, upperMedian);
            Vector256<int> isMode = Vector256.GreaterThan(equal, most)
                | (Vector256.Equals(equal, most) & Vector256.GreaterThan(mode, those));
            most = Vector256.ConditionalSelect(isMode, equal, most);
            mode = Vector256.ConditionalSelect(isMode, those, mode);
        }

        return (lowerMedian, upperMedian, ModeOf(most, mode));
    }

    /// <summary>The value with so many less than it, if one is there.</summary>
    private static int FirstOf(Vector256<int> values, Vector256<int> less, Vector256<int> place, Vector256<int> behind, int otherwise)
    {
        Vector256<int> isThere = Vector256.AndNot(Vector256.GreaterThan(behind, place), Vector256.GreaterThan(less, place));
        uint found = isThere.ExtractMostSignificantBits();
        return found == 0 ? otherwise : values[BitOperations.TrailingZeroCount(found)];
    }

    /// <summary>The most frequent of the lanes' most frequent values.</summary>
    private static int ModeOf(Vector256<int> most, Vector256<int> mode)
    {
        int best = 0;
        for (int lane = 1; lane < Lanes; lane++)
        {
            if (most[lane] > most[best] || (most[lane] == most[best] && mode[lane] < mode[best]))
            {
                best = lane;
            }
        }

        return mode[best];
    }
}
