namespace FlowMeter.Learning.Training;

/// <summary>
/// Edges of bins that hold about equally many values each. Equal values are never separated, so a frequent value gets a bin of its own and
/// the others divide the rest. The number of a bin is how many edges are at most the value. Missing values and minus infinity are in bin 0,
/// which has no other values where there are any of these; plus infinity is in the last bin.
/// </summary>
public static class QuantileBins
{
    /// <summary>The largest number of bins of a feature, so that the number of a bin fits a byte.</summary>
    public const int MaxBins = 256;

    /// <summary>Finds the edges, strictly ascending and finite; none where all values are equal.</summary>
    /// <param name="values">The values, in any order.</param>
    /// <param name="bins">The largest number of bins, from 2 to <see cref="MaxBins"/>.</param>
    public static double[] Edges(ReadOnlySpan<double> values, int bins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bins, MaxBins);
        double[] sorted = values.ToArray();
        Array.Sort(sorted);

        // NaN sorts first, then minus infinity.
        int first = 0;
        while (first < sorted.Length && !(sorted[first] > double.NegativeInfinity))
        {
            first++;
        }

        List<double> edges = [];
        if (first > 0 && first < sorted.Length)
        {
            edges.Add(double.IsPositiveInfinity(sorted[first]) ? double.MaxValue : sorted[first]);
        }

        int at = first;
        bool isFew = Borders(sorted, first) + edges.Count < bins;
        while (at < sorted.Length && edges.Count < bins - 1)
        {
            // A bin gets an equal share of the values that are left, and ends at the nearest border between two different values.
            // Where there are enough bins, each value gets one.
            int target = isFew ? at : at + (int)Math.Round((double)(sorted.Length - at) / (bins - edges.Count));
            int above = UpperBound(sorted, Math.Clamp(target, at, sorted.Length - 1));
            int below = LowerBound(sorted, Math.Clamp(target, at, sorted.Length - 1));
            int cut = below > at && target - below <= above - target ? below : above;
            if (cut >= sorted.Length)
            {
                if (below <= at)
                {
                    break;
                }

                cut = below;
            }

            edges.Add(Between(sorted[cut - 1], sorted[cut]));
            at = cut;
        }

        // Only plus infinity right behind the greatest double there is leaves no number between.
        edges.RemoveAll(edge => !double.IsFinite(edge));
        return [.. edges];
    }

    /// <summary>The number of the bin of a value.</summary>
    public static int BinOf(ReadOnlySpan<double> edges, double value)
    {
        int low = 0;
        int high = edges.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (edges[middle] <= value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>The number of borders between different values.</summary>
    private static int Borders(double[] sorted, int first)
    {
        int borders = 0;
        for (int i = first + 1; i < sorted.Length; i++)
        {
            borders += sorted[i] > sorted[i - 1] ? 1 : 0;
        }

        return borders;
    }

    /// <summary>
    /// A finite number above <paramref name="low"/> and at most <paramref name="high"/>, in the middle where there is one.
    /// </summary>
    private static double Between(double low, double high)
    {
        if (double.IsPositiveInfinity(high))
        {
            return double.MaxValue > low ? double.MaxValue : high;
        }

        double middle = (low / 2) + (high / 2);
        return middle > low && middle <= high ? middle : high;
    }

    /// <summary>The first place of the value at <paramref name="index"/>.</summary>
    private static int LowerBound(double[] sorted, int index)
    {
        int low = 0;
        int high = index;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = sorted[middle] < sorted[index] || double.IsNaN(sorted[middle]) ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>The place behind the last value equal to the one at <paramref name="index"/>.</summary>
    private static int UpperBound(double[] sorted, int index)
    {
        int low = index + 1;
        int high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = sorted[middle] > sorted[index] ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
