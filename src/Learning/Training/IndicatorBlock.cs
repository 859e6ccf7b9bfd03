using System.Buffers;

namespace FlowMeter.Learning.Training;

/// <summary>
/// Indicators of some parameters of a design: each row looks up a few slots of a table, and a slot stands for some parameters. Columns that
/// say much the same are joined, so that a row has fewer look-ups than features. Slot 0 stands for none. Any thread may read a block.
/// </summary>
internal sealed class IndicatorBlock
{
    private const int LeastJoined = 256;
    private const int MostJoined = 4096;

    private readonly IndicatorQuad[] _quads;
    private readonly int[] _starts;
    private readonly int[] _parameters;

    private readonly bool _hasRepeats;

    private IndicatorBlock(IndicatorQuad[] quads, int[] starts, int[] parameters, int width, bool hasRepeats)
    {
        _hasRepeats = hasRepeats;
        _quads = quads;
        _starts = starts;
        _parameters = parameters;
        Width = width;
    }

    /// <summary>How many parameters a row has at most.</summary>
    public int Width { get; }

    /// <summary>Packs columns, neighbours joined where an eighth of the rows has all their combinations.</summary>
    public static IEnumerable<IndicatorBlock> Pack(IEnumerable<IndicatorColumn> columns)
    {
        List<IndicatorColumn> joined = [];
        foreach (IndicatorColumn column in columns)
        {
            int most = Math.Clamp(column.Codes.Length / 8, LeastJoined, MostJoined);
            IndicatorColumn? both = joined.Count == 0 ? null : joined[^1].Join(column, most);
            if (both == null)
            {
                joined.Add(column);
            }
            else
            {
                joined[^1] = both;
            }
        }

        return joined.Chunk(IndicatorQuad.Width).Select(SideBySide);
    }

    /// <summary>A block whose columns share one table.</summary>
    /// <param name="columns">For each look-up the slot of each row: 0 for none, else the parameter counted from the first, plus 1.</param>
    /// <param name="firstParameter">The first parameter.</param>
    /// <param name="count">Number of parameters, below 65,536.</param>
    public static IndicatorBlock Shared(IReadOnlyList<ushort[]> columns, int firstParameter, int count) => new(
        [.. columns.Chunk(IndicatorQuad.Width).Select(four => new IndicatorQuad(four))],
        [0, .. Enumerable.Range(0, count + 1)],
        [.. Enumerable.Range(firstParameter, count)],
        columns.Count,
        hasRepeats: true);

    /// <summary>margins += the weights of each row's parameters.</summary>
    public void AddWeights(ReadOnlySpan<double> weights, Span<double> margins)
    {
        double[] rented = ArrayPool<double>.Shared.Rent(_starts.Length - 1);
        Span<double> table = rented.AsSpan(0, _starts.Length - 1);
        for (int slot = 0; slot < table.Length; slot++)
        {
            double sum = 0;
            foreach (int parameter in _parameters.AsSpan(_starts[slot].._starts[slot + 1]))
            {
                sum += weights[parameter];
            }

            table[slot] = sum;
        }

        foreach (IndicatorQuad quad in _quads)
        {
            RowKernel.AddLookUps(quad, table, margins);
        }

        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>sums += each row's value at each of its parameters.</summary>
    public void AddUp(ReadOnlySpan<double> values, Span<double> sums)
    {
        double[] rented = ArrayPool<double>.Shared.Rent(_starts.Length - 1);
        Span<double> table = rented.AsSpan(0, _starts.Length - 1);
        table.Clear();
        foreach (IndicatorQuad quad in _quads)
        {
            RowKernel.AddUp(quad, values, table);
        }

        for (int slot = 1; slot < table.Length; slot++)
        {
            foreach (int parameter in _parameters.AsSpan(_starts[slot].._starts[slot + 1]))
            {
                sums[parameter] += table[slot];
            }
        }

        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>
    /// sums += for a parameter that a row has n times, (n² − n) times its value: what the squares of counts have beyond the counts.
    /// </summary>
    public void AddRepeats(ReadOnlySpan<double> values, Span<double> sums)
    {
        Span<int> own = _hasRepeats ? new int[Width] : [];
        for (int row = 0; _hasRepeats && row < values.Length; row++)
        {
            Span<int> parameters = own[..CopyParameters(row, own)];
            parameters.Sort();
            for (int i = 0, until = 0; i < parameters.Length; i = until)
            {
                for (until = i + 1; until < parameters.Length && parameters[until] == parameters[i]; until++)
                {
                }

                sums[parameters[i]] += (until - i) * (until - i - 1) * values[row];
            }
        }
    }

    /// <summary>The parameters of a row; one that it has twice is there twice.</summary>
    /// <param name="row">The row.</param>
    /// <param name="into">Receives them; <see cref="Width"/> long.</param>
    /// <returns>How many they are.</returns>
    public int CopyParameters(int row, Span<int> into)
    {
        int count = 0;
        foreach (IndicatorQuad quad in _quads)
        {
            ulong word = quad.Words[row];
            for (; word != 0; word >>= 16)
            {
                int slot = (ushort)word;
                ReadOnlySpan<int> parameters = _parameters.AsSpan(_starts[slot].._starts[slot + 1]);
                parameters.CopyTo(into[count..]);
                count += parameters.Length;
            }
        }

        return count;
    }

    /// <summary>A block of up to four columns, their tables one behind the other.</summary>
    private static IndicatorBlock SideBySide(IndicatorColumn[] columns)
    {
        List<int> starts = [0, 0];
        List<int> parameters = [];
        ushort[][] places = new ushort[columns.Length][];
        for (int k = 0; k < columns.Length; k++)
        {
            int first = starts.Count - 1;
            places[k] = Array.ConvertAll(columns[k].Codes, code => (ushort)(first + code));
            for (int code = 0; code < columns[k].Count; code++)
            {
                parameters.AddRange(
                    columns[k].Parameters[(code * columns[k].Width)..][..columns[k].Width].Where(parameter => parameter >= 0));
                starts.Add(parameters.Count);
            }
        }

        return new IndicatorBlock(
            [new IndicatorQuad(places)], [.. starts], [.. parameters], columns.Sum(column => column.Width), hasRepeats: false);
    }
}
