using FlowMeter.Engine.Numerics;

namespace FlowMeter.Engine.Synthetic;

/// <summary>
/// Draws ranks 0 … n−1 with probability proportional to (rank + 1)^−s by Walker's alias method: one random number and one table row a draw,
/// whatever n and s are.
/// </summary>
internal sealed class ZipfSampler
{
    private readonly Row[] _rows;

    public ZipfSampler(int ranks, double exponent)
    {
        double[] share = Shares(ranks, exponent);
        _rows = new Row[ranks];

        // Vose's construction: a row with less than its share of 1 is filled up from one that has more, until every row holds exactly 1.
        int[] pending = new int[ranks];
        int smallCount = 0;
        int largeStart = ranks;
        for (int rank = 0; rank < ranks; rank++)
        {
            pending[share[rank] < 1 ? smallCount++ : --largeStart] = rank;
        }

        while (smallCount > 0 && largeStart < ranks)
        {
            int small = pending[--smallCount];
            int large = pending[largeStart];
            _rows[small] = new Row((uint)(share[small] * uint.MaxValue), large);
            share[large] -= 1 - share[small];
            if (share[large] < 1)
            {
                largeStart++;
                pending[smallCount++] = large;
            }
        }

        // What rounding left over holds 1 to within the precision of the sums.
        for (int i = 0; i < smallCount; i++)
        {
            _rows[pending[i]] = new Row(uint.MaxValue, pending[i]);
        }

        for (int i = largeStart; i < ranks; i++)
        {
            _rows[pending[i]] = new Row(uint.MaxValue, pending[i]);
        }
    }

    public int Draw(ref SplitMix64 random)
    {
        ulong bits = random.Next();
        int rank = (int)(((bits >> 32) * (uint)_rows.Length) >> 32);
        Row row = _rows[rank];
        return (uint)bits <= row.Threshold ? rank : row.Alias;
    }

    /// <summary>Each rank's probability times the number of ranks.</summary>
    private static double[] Shares(int ranks, double exponent)
    {
        double[] share = new double[ranks];
        double sum = 0;
        for (int rank = 0; rank < ranks; rank++)
        {
            // A division is the same bits everywhere; Math.Pow is the C library's.
            share[rank] = exponent == 1 ? 1.0 / (rank + 1) : Math.Pow(rank + 1, -exponent);
            sum += share[rank];
        }

        for (int rank = 0; rank < ranks; rank++)
        {
            share[rank] *= ranks / sum;
        }

        return share;
    }

    private readonly record struct Row(uint Threshold, int Alias);
}
