namespace FlowMeter.Learning.Training;

/// <summary>Four places in a table for each row, 16 bits each in one word: four look-ups of a row take one read.</summary>
internal sealed class IndicatorQuad
{
    /// <summary>Number of places of a row.</summary>
    public const int Width = 4;

    private readonly ulong[] _words;

    /// <summary>Packs places.</summary>
    /// <param name="columns">Up to four columns of places, one for each row; a row's place in columns that are not there is 0.</param>
    public IndicatorQuad(params ReadOnlySpan<ushort[]> columns)
    {
        _words = new ulong[columns[0].Length];
        for (int k = 0; k < columns.Length; k++)
        {
            ushort[] column = columns[k];
            for (int row = 0; row < column.Length; row++)
            {
                _words[row] |= (ulong)column[row] << (16 * k);
                Largest = Math.Max(Largest, column[row]);
            }
        }
    }

    /// <summary>The largest place: a table is longer than this.</summary>
    public int Largest { get; }

    /// <summary>The places of all rows, the first of each in the lowest bits.</summary>
    public ReadOnlySpan<ulong> Words => _words;
}
