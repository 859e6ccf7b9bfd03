using FlowMeter.Engine.Numerics;
using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Training;

/// <summary>Divides flows into parts with about the same share of malicious flows. The same seed gives the same parts.</summary>
public static class Folds
{
    /// <summary>The part of each of some rows, from 0.</summary>
    /// <param name="data">The flows.</param>
    /// <param name="rows">The rows to divide.</param>
    /// <param name="shares">The size of each part as a share of the rows; they sum up to 1.</param>
    /// <param name="by">What stays together in a part.</param>
    /// <param name="seed">The seed of the division.</param>
    public static int[] Assign(DataSet data, int[] rows, double[] shares, SplitBy by, ulong seed)
    {
        int[] part = new int[data.Count];
        Array.Fill(part, -1);
        switch (by)
        {
            case SplitBy.Capture:
            case SplitBy.Source:
                AssignUnits(data, Units(data, rows, by), shares, seed, part);
                break;
            case SplitBy.Time:
                foreach (int[] capture in data.ByCapture(rows))
                {
                    AssignConsecutive(capture, shares, part);
                }

                break;
            default:
                foreach (IGrouping<bool, int> group in rows.GroupBy(row => data.Positive[row]))
                {
                    int[] shuffled = [.. group];
                    Shuffle(shuffled, seed + (group.Key ? 1u : 0u));
                    AssignConsecutive(shuffled, shares, part);
                }

                break;
        }

        return Array.ConvertAll(rows, row => part[row]);
    }

    /// <summary>A part for each source, of each of some rows, from 0.</summary>
    public static int[] OneForEachSource(DataSet data, int[] rows)
    {
        int[] numbers = [.. rows.Select(row => data.Source[row]).Distinct().Order()];
        return Array.ConvertAll(rows, row => Array.BinarySearch(numbers, data.Source[row]));
    }

    /// <summary>The rows of each unit that stays together: groups of captures, or sources.</summary>
    public static int[][] Units(DataSet data, int[] rows, SplitBy by) =>
        [.. by == SplitBy.Source ? data.BySource(rows) : data.ByGroup(rows)];

    /// <summary>
    /// Whether some rows can be divided so that a part can be left out and the rest still has both classes: there are two units of each
    /// class, or, where single flows are divided, two flows.
    /// </summary>
    public static bool CanDivide(DataSet data, int[] rows, SplitBy by)
    {
        int[][] units = by is SplitBy.Capture or SplitBy.Source ? Units(data, rows, by) : [.. rows.Select(row => new[] { row })];
        return units.Count(unit => unit.Any(row => data.Positive[row])) > 1
            && units.Count(unit => unit.Any(row => !data.Positive[row])) > 1;
    }

    /// <summary>The shares of this many parts of equal size.</summary>
    public static double[] Equal(int parts) => [.. Enumerable.Repeat(1.0 / parts, parts)];

    /// <summary>
    /// Assigns whole units, the largest first, each to the part where the shares of both classes stay nearest to those that are asked
    /// for.
    /// </summary>
    private static void AssignUnits(DataSet data, int[][] units, double[] shares, ulong seed, int[] part)
    {
        Shuffle(units, seed);
        (double Benign, double Malicious)[] sizes = [.. units.Select(unit =>
            unit.Count(row => data.Positive[row]) is var positives ? ((double)unit.Length - positives, (double)positives) : default)];
        double benign = Math.Max(sizes.Sum(size => size.Benign), 1);
        double malicious = Math.Max(sizes.Sum(size => size.Malicious), 1);
        (double Benign, double Malicious)[] filled = new (double, double)[shares.Length];
        foreach (int unit in Enumerable.Range(0, units.Length).OrderByDescending(
            unit => (sizes[unit].Benign / benign) + (sizes[unit].Malicious / malicious)))
        {
            double b = sizes[unit].Benign / benign;
            double m = sizes[unit].Malicious / malicious;

            // How full a part is, as a multiple of its share, where it matters for this unit; the emptiest takes it.
            int best = Enumerable.Range(0, shares.Length).MinBy(
                p => ((b * (filled[p].Benign + (b / 2))) + (m * (filled[p].Malicious + (m / 2)))) / shares[p]);
            filled[best] = (filled[best].Benign + b, filled[best].Malicious + m);
            foreach (int row in units[unit])
            {
                part[row] = best;
            }
        }
    }

    private static void AssignConsecutive(int[] rows, double[] shares, int[] part)
    {
        double end = 0;
        int at = 0;
        for (int p = 0; p < shares.Length; p++)
        {
            end += shares[p];
            int until = p == shares.Length - 1 ? rows.Length : (int)Math.Floor((end * rows.Length) + 1e-9);
            for (; at < until; at++)
            {
                part[rows[at]] = p;
            }
        }
    }

    private static void Shuffle<T>(T[] items, ulong seed)
    {
        SplitMix64 random = new(SplitMix64.Mix(seed + 0x5EED));
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = (int)random.Below((uint)i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
