namespace FlowMeter.Learning.Training;

/// <summary>
/// A binned feature of a design: the bin of each row, and the rows of each bin, which are found when they are first needed.
/// </summary>
/// <param name="bins">The bin of each row; kept.</param>
/// <param name="count">Number of bins, 256 at most.</param>
/// <param name="firstParameter">The parameter of the first bin.</param>
internal sealed class BinColumn(byte[] bins, int count, int firstParameter)
{
    private int[]? _rows;
    private int[]? _starts;

    /// <summary>Number of bins.</summary>
    public int Bins => count;

    /// <summary>The parameter of the first bin.</summary>
    public int FirstParameter => firstParameter;

    /// <summary>margins += the weight of the bin of each row.</summary>
    public void AddWeights(ReadOnlySpan<double> weights, Span<double> margins)
    {
        weights = weights[..count];
        for (int i = 0; i < bins.Length; i++)
        {
            margins[i] += weights[bins[i]];
        }
    }

    /// <summary>sums = for each bin, the sum of the values of its rows.</summary>
    public void AddUp(ReadOnlySpan<double> values, Span<double> sums)
    {
        sums.Clear();
        for (int i = 0; i < bins.Length; i++)
        {
            sums[bins[i]] += values[i];
        }
    }

    /// <summary>sums += the values of some rows, each added to its bin.</summary>
    public void AddUp(ReadOnlySpan<int> rows, ReadOnlySpan<double> values, Span<double> sums)
    {
        foreach (int row in rows)
        {
            sums[bins[row]] += values[row];
        }
    }

    /// <summary>The rows of a bin, ascending. Only one thread may call it at a time.</summary>
    public ReadOnlySpan<int> RowsOf(int bin)
    {
        if (_rows == null)
        {
            int[] starts = new int[count + 1];
            foreach (byte each in bins)
            {
                starts[each + 1]++;
            }

            for (int i = 0; i < count; i++)
            {
                starts[i + 1] += starts[i];
            }

            int[] next = starts[..count];
            int[] rows = new int[bins.Length];
            for (int row = 0; row < bins.Length; row++)
            {
                rows[next[bins[row]]++] = row;
            }

            _starts = starts;
            Volatile.Write(ref _rows, rows);
        }

        return _rows.AsSpan(_starts![bin], _starts[bin + 1] - _starts[bin]);
    }
}
