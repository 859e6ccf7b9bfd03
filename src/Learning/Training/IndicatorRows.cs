namespace FlowMeter.Learning.Training;

/// <summary>The rows of each indicator of a design, ascending; a row that has one twice is there twice.</summary>
internal sealed class IndicatorRows
{
    private readonly int[] _starts;
    private readonly int[] _rows;

    /// <summary>Finds the rows.</summary>
    /// <param name="blocks">The indicators.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="parameters">Number of parameters of the design.</param>
    public IndicatorRows(IndicatorBlock[] blocks, int rows, int parameters)
    {
        _starts = new int[parameters + 1];
        Span<int> own = new int[blocks.Select(block => block.Width).DefaultIfEmpty().Max()];
        for (int row = 0; row < rows; row++)
        {
            foreach (IndicatorBlock block in blocks)
            {
                foreach (int parameter in own[..block.CopyParameters(row, own)])
                {
                    _starts[parameter + 1]++;
                }
            }
        }

        for (int parameter = 0; parameter < parameters; parameter++)
        {
            _starts[parameter + 1] += _starts[parameter];
        }

        int[] next = _starts[..parameters];
        _rows = new int[_starts[parameters]];
        for (int row = 0; row < rows; row++)
        {
            foreach (IndicatorBlock block in blocks)
            {
                foreach (int parameter in own[..block.CopyParameters(row, own)])
                {
                    _rows[next[parameter]++] = row;
                }
            }
        }
    }

    /// <summary>The rows of a parameter.</summary>
    public ReadOnlySpan<int> Of(int parameter) => _rows.AsSpan(_starts[parameter].._starts[parameter + 1]);
}
