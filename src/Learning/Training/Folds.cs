using FlowMeter.Engine.Numerics;
using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Training;

/// <summary>What a fold is made of.</summary>
public enum SplitBy
{
    /// <summary>Whole captures, so that none is on both sides.</summary>
    Capture,

    /// <summary>Consecutive pieces of each capture.</summary>
    Time,

    /// <summary>Flows at random.</summary>
    Flow,
}

/// <summary>Divides flows into parts, alike in the share of malicious ones as far as it goes. The same seed gives the same parts.</summary>
public static class Folds
{
    /// <summary>Numbers each row's part.</summary>
    /// <param name="data">The flows.</param>
    /// <param name="rows">Those to divide.</param>
    /// <param name="shares">The parts' sizes, which sum up to 1.</param>
    /// <param name="by">What stays together.</param>
    /// <param name="seed">Names the division.</param>
    public static int[] Assign(DataSet data, int[] rows, double[] shares, SplitBy by, ulong seed)
    {
        int[] part = new int[data.Count];
        Array.Fill(part, -1);
        switch (by)
        {
            case SplitBy.Capture:
                AssignUnits(data, [.. data.ByCapture(rows)], shares, seed, part);
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

    /// <summary>Equal shares.</summary>
    public static double[] Equal(int parts) => [.. Enumerable.Repeat(1.0 / parts, parts)];

    /// <summary>
    /// Whole captures go, the largest first, to the part where they keep the shares of both classes nearest to what is asked for.
    /// </summary>
    private static void AssignUnits(DataSet data, int[][] units, double[] shares, ulong seed, int[] part)
    {
        Shuffle(units, seed);
        (double Benign, double Malicious)[] sizes = [.. units.Select(unit =>
            unit.Count(row => data.Positive[row]) is var positives ? ((double)unit.Length - positives, (double)positives) : default)];
        double benign = Math.Max(sizes.Sum(size => size.Benign), 1);
        double malicious = Math.Max(sizes.Sum(size => size.Malicious), 1);
        (double Benign, double Malicious)[] filled = new (double, double)[shares.Length];
        foreach (int unit in Enumerable.Range(0, units.Length).OrderByDescending(unit => (sizes[unit].Benign / benign) + (sizes[unit].Malicious / malicious)))
        {
            double b = sizes[unit].Benign / benign;
            double m = sizes[unit].Malicious / malicious;

            // How full a part is, as a multiple of its share, where it matters for this unit; the emptiest takes it.
            int best = Enumerable.Range(0, shares.Length).MinBy(p => ((b * (filled[p].Benign + (b / 2))) + (m * (filled[p].Malicious + (m / 2)))) / shares[p]);
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
