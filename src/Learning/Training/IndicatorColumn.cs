namespace FlowMeter.Learning.Training;

/// <summary>Indicator columns of which one, or none, is 1 in each row, written as the number of that one.</summary>
/// <param name="Codes">Its number in each row.</param>
/// <param name="Width">How many parameters a number stands for: 1 until columns are joined.</param>
/// <param name="Parameters">The parameters of each number, <paramref name="Width"/> of each, -1 for none.</param>
internal sealed record IndicatorColumn(ushort[] Codes, int Width, int[] Parameters)
{
    // Above this the table that finds pairs costs more than what joining saves.
    private const int MaxPairs = 1 << 20;

    /// <summary>How many numbers there are.</summary>
    public int Count => Parameters.Length / Width;

    /// <summary>The indicators of consecutive parameters.</summary>
    public static IndicatorColumn Of(ushort[] codes, int count, int firstParameter) =>
        new(codes, 1, [.. Enumerable.Range(firstParameter, count)]);

    /// <summary>The same, counted from 1; 0 is none.</summary>
    public static IndicatorColumn OrNone(ushort[] codes, int count, int firstParameter) =>
        new(codes, 1, [-1, .. Enumerable.Range(firstParameter, count)]);

    /// <summary>
    /// One column in place of this and another: a number for each pair of numbers that there is, for the parameters of both. Null where
    /// there are more than <paramref name="most"/> such pairs.
    /// </summary>
    public IndicatorColumn? Join(IndicatorColumn other, int most)
    {
        if ((long)Count * other.Count > MaxPairs)
        {
            return null;
        }

        int[] places = new int[Count * other.Count];
        ushort[] codes = new ushort[Codes.Length];
        List<int> parameters = [];
        int count = 0;
        for (int row = 0; row < codes.Length; row++)
        {
            ref int place = ref places[(Codes[row] * other.Count) + other.Codes[row]];
            if (place == 0)
            {
                if (count == most)
                {
                    return null;
                }

                place = ++count;
                parameters.AddRange(Parameters.AsSpan(Codes[row] * Width, Width));
                parameters.AddRange(other.Parameters.AsSpan(other.Codes[row] * other.Width, other.Width));
            }

            codes[row] = (ushort)(place - 1);
        }

        return new IndicatorColumn(codes, Width + other.Width, [.. parameters]);
    }
}
