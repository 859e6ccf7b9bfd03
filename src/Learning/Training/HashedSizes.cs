using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Training;

/// <summary>The n-grams of the first payload sizes of flows as an input of training.</summary>
public static class HashedSizes
{
    /// <summary>The columns that are read: the first ten signed payload sizes of a flow.</summary>
    public static IReadOnlyList<string> Columns { get; } = [.. Enumerable.Range(1, 10).Select(number => $"data_{number}")];

    /// <summary>Whether a data set has these columns.</summary>
    public static bool IsIn(DataSet data) => Columns.All(data.Features.Contains);

    /// <summary>The input, with the buckets that some rows have.</summary>
    internal static FittedInput Fit(DataSet data, int[] rows) => Fit(data, rows, Columns);

    /// <summary>The same of sizes in columns of these names.</summary>
    internal static FittedInput Fit(DataSet data, int[] rows, IReadOnlyList<string> names)
    {
        int[] columns = [.. names.Select(name => data.Features.Index().First(feature => feature.Item == name).Index)];
        bool[] isThere = new bool[SizeNGrams.Buckets + 1];
        ushort[] buckets = new ushort[SizeNGrams.CountOf(columns.Length)];
        foreach (int row in rows)
        {
            Fill(data, columns, row, buckets);
            foreach (ushort bucket in buckets)
            {
                isThere[bucket] = true;
            }
        }

        return new FittedInput(columns[0], names[0], Transform.Hash, 0, 1, [])
        {
            Sizes = columns,
            Cells = [.. Enumerable.Range(0, SizeNGrams.Buckets).Where(bucket => isThere[bucket])],
        };
    }

    /// <summary>The indicators of an input: a look-up for each n-gram.</summary>
    internal static IndicatorBlock Indicators(DataSet data, int[] rows, FittedInput input, int firstParameter)
    {
        ushort[] slots = new ushort[SizeNGrams.Buckets + 1];
        foreach ((int number, int bucket) in input.Cells.Index())
        {
            slots[bucket] = (ushort)(number + 1);
        }

        ushort[][] columns = [.. Enumerable.Range(0, SizeNGrams.CountOf(input.Sizes.Length)).Select(_ => new ushort[rows.Length])];
        ushort[] buckets = new ushort[columns.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            Fill(data, input.Sizes, rows[i], buckets);
            for (int k = 0; k < buckets.Length; k++)
            {
                columns[k][i] = slots[buckets[k]];
            }
        }

        return IndicatorBlock.Shared(columns, firstParameter, input.Cells.Length);
    }

    private static void Fill(DataSet data, int[] columns, int row, Span<ushort> buckets)
    {
        Span<double> sizes = stackalloc double[SizeNGrams.MaxSizes];
        for (int k = 0; k < columns.Length; k++)
        {
            sizes[k] = data.Columns[columns[k]][row];
        }

        SizeNGrams.Fill(sizes[..columns.Length], buckets);
    }
}
