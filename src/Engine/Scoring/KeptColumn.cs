using System.Collections.Immutable;

namespace FlowMeter.Engine.Scoring;

/// <summary>
/// A column as far as a feature of a model looks at it: a value's bin, or of a payload size its code (<see cref="SizeNGrams"/>). A byte
/// says which, and stands for the range of the values that the feature can not tell apart.
/// </summary>
/// <param name="Name">The name of the column.</param>
/// <param name="Edges">The edges of its bins; unset where sizes have codes.</param>
public readonly record struct KeptColumn(string Name, ImmutableArray<double> Edges)
{
    private const int MostOfCodes = 63;

    /// <summary>The largest byte there is.</summary>
    public int Most => Edges.IsDefault ? MostOfCodes : Edges.Length;

    /// <summary>The columns of some features: one of bins, two of pairs, all sizes of hash.</summary>
    /// <returns>The columns; null where a feature looks at values as they are, as identity and log1p do.</returns>
    public static IReadOnlyList<KeptColumn>? Of(IReadOnlyList<ModelFeature> features) =>
        features.Any(feature => feature.Transform is Transform.Identity or Transform.Log1P) ? null
        : [.. features.SelectMany(feature => feature.Transform switch
        {
            Transform.Pairs => [new KeptColumn(feature.Names[0], feature.Edges), new KeptColumn(feature.Names[1], feature.SecondEdges)],
            Transform.Hash => feature.Names.Select(name => new KeptColumn(name, default)),
            _ => [new KeptColumn(feature.Name, feature.Edges)],
        })];

    /// <summary>The byte of a value.</summary>
    public byte ByteOf(double value) => (byte)(Edges.IsDefault ? SizeNGrams.CodeOf(value) : ModelFeature.BinOf(Edges, value));

    /// <summary>The values of a byte, from the first to below the second.</summary>
    public (double From, double Below) RangeOf(byte kept)
    {
        if (!Edges.IsDefault)
        {
            return (kept == 0 ? double.NegativeInfinity : Edges[kept - 1], kept == Edges.Length ? double.PositiveInfinity : Edges[kept]);
        }

        int step = kept / 2;
        double least = step == 0 ? 0 : Math.ScaleB(1, step - 1);
        double end = step == 0 ? 1 : step == MostOfCodes / 2 ? double.PositiveInfinity : 2 * least;
        return step == 0 ? (Math.BitIncrement(-1.0), 1)
            : kept % 2 == 0 ? (least, end)
            : (double.IsInfinity(end) ? double.NegativeInfinity : Math.BitIncrement(-end), Math.BitIncrement(-least));
    }
}
