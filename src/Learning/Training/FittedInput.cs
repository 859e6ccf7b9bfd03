using System.Collections.Immutable;
using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Training;

/// <summary>A feature, or several together, with their transform, fitted to the training rows.</summary>
/// <param name="Feature">The number of the feature in the data set; of several, the first.</param>
/// <param name="Name">Its name.</param>
/// <param name="Transform">Its transform.</param>
/// <param name="Centre">The mean of the transformed values; 0 for bins.</param>
/// <param name="Scale">Their standard deviation; 1 for bins.</param>
/// <param name="Edges">The edges of the bins; of pairs, those of the first feature; empty for other transforms.</param>
internal sealed record FittedInput(int Feature, string Name, Transform Transform, double Centre, double Scale, double[] Edges)
{
    /// <summary>Of pairs, the number of the second feature.</summary>
    public int Second { get; init; }

    /// <summary>Of pairs, the edges of the second feature.</summary>
    public double[] SecondEdges { get; init; } = [];

    /// <summary>Of hash, the numbers of the sizes.</summary>
    public int[] Sizes { get; init; } = [];

    /// <summary>
    /// The cells of pairs, or the buckets of hash, that the training rows have, ascending: no others have a weight.
    /// </summary>
    public int[] Cells { get; init; } = [];

    /// <summary>Number of its weights.</summary>
    public int Parameters => Transform switch
    {
        Transform.Bins => Edges.Length + 1,
        Transform.Pairs or Transform.Hash => Cells.Length,
        _ => 1,
    };

    /// <summary>
    /// Fits the transforms of features to some rows. Features that are constant in these rows are left out; for identity and log1p also
    /// those with a missing or infinite value in any row.
    /// </summary>
    public static FittedInput[] Fit(DataSet data, IReadOnlyList<int> features, int[] rows, Func<string, TransformChoice> transformOf)
    {
        double[] values = new double[RowKernel.Padded(rows.Length)];
        List<FittedInput> inputs = [];
        foreach (int feature in features)
        {
            string name = data.Features[feature];
            TransformChoice choice = transformOf(name);
            Gather(data.Columns[feature], rows, values);
            Span<double> present = values.AsSpan(0, rows.Length);
            if (choice.Kind == Transform.Bins)
            {
                double[] edges = QuantileBins.Edges(present, choice.Bins);
                if (edges.Length > 0)
                {
                    inputs.Add(new FittedInput(feature, name, Transform.Bins, 0, 1, edges));
                }

                continue;
            }

            if (!data.IsBounded(feature))
            {
                continue;
            }

            if (choice.Kind == Transform.Log1P)
            {
                RowKernel.SignedLog1P(values);
            }

            (double centre, double scale) = Moments(present);
            if (double.IsFinite(centre) && double.IsFinite(scale) && scale > 0 && double.IsFinite(centre / scale))
            {
                inputs.Add(new FittedInput(feature, name, choice.Kind, centre, scale, []));
            }
        }

        return [.. inputs];
    }

    /// <summary>The input of a model's feature, as it was fitted then; of pairs and hash with the cells that some rows have.</summary>
    public static FittedInput From(ModelFeature feature, DataSet data, int[] rows)
    {
        int ColumnOf(string name) => data.Features.Index().First(column => column.Item == name).Index;
        FittedInput input = new(
            ColumnOf(feature.Names[0]), feature.Names[0], feature.Transform, feature.Centre, feature.Scale, [.. feature.Edges])
        {
            SecondEdges = [.. feature.SecondEdges],
        };
        return feature.Transform switch
        {
            Transform.Hash => HashedSizes.Fit(data, rows, feature.Names),
            Transform.Pairs => input with
            {
                Second = ColumnOf(feature.Names[1]),
                Cells = [.. rows.Select(row => feature.CellOf(
                    data.Columns[input.Feature][row], data.Columns[ColumnOf(feature.Names[1])][row])).Distinct().Order()],
            },
            _ => input,
        };
    }

    /// <summary>The feature of a model.</summary>
    /// <param name="weights">Its weights, <see cref="Parameters"/> of them.</param>
    /// <param name="shares">
    /// For each weight, of how many of the training rows it is as a share; those of bins are kept, to six digits.
    /// </param>
    /// <param name="data">The flows.</param>
    public ModelFeature ToModelFeature(double[] weights, double[] shares, DataSet data) => Transform switch
    {
        Transform.Identity => ModelFeature.Identity(Name, Centre, Scale, weights[0]),
        Transform.Log1P => ModelFeature.Log1P(Name, Centre, Scale, weights[0]),
        Transform.Pairs =>
            ModelFeature.Pairs(Name, data.Features[Second], [.. Edges], [.. SecondEdges], WeightsOfCells(weights), Mean(weights, shares)),
        Transform.Hash => ToHash(weights, shares, data),
        _ => ModelFeature.Bins(Name, [.. Edges], [.. weights], [.. shares.Select(share => Math.Round(share, 6))]),
    };

    /// <summary>The number of the cell of a row among <see cref="Cells"/>, from 1; 0 where no training row had it.</summary>
    public int CellOf(DataSet data, int row)
    {
        int cell = (QuantileBins.BinOf(Edges, data.Columns[Feature][row]) * (SecondEdges.Length + 1))
            + QuantileBins.BinOf(SecondEdges, data.Columns[Second][row]);
        return Math.Max(Array.BinarySearch(Cells, cell), -1) + 1;
    }

    private ImmutableArray<double> WeightsOfCells(double[] weights)
    {
        double[] all = new double[(Edges.Length + 1) * (SecondEdges.Length + 1)];
        for (int i = 0; i < Cells.Length; i++)
        {
            all[Cells[i]] = weights[i];
        }

        return [.. all];
    }

    private ModelFeature ToHash(double[] weights, double[] shares, DataSet data)
    {
        (int Bucket, double Weight)[] kept = [.. Cells.Zip(weights).Where(bucket => bucket.Second != 0)];
        return ModelFeature.Hash(
            [.. Sizes.Select(size => data.Features[size])], [.. kept.Select(bucket => bucket.Bucket)],
            [.. kept.Select(bucket => bucket.Weight)], Mean(weights, shares));
    }

    private static double Mean(double[] weights, double[] shares) => weights.Zip(shares, (weight, share) => weight * share).Sum();

    /// <summary>Copies the values of some rows and fills the rest with zeros.</summary>
    public static void Gather(double[] column, int[] rows, double[] into)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            into[i] = column[rows[i]];
        }

        Array.Clear(into, rows.Length, into.Length - rows.Length);
    }

    /// <summary>Mean and population standard deviation, in two passes; a deviation that is only rounding counts as 0.</summary>
    private static (double Mean, double Deviation) Moments(ReadOnlySpan<double> values)
    {
        double sum = 0;
        double largest = 0;
        foreach (double value in values)
        {
            sum += value;
            largest = Math.Max(largest, Math.Abs(value));
        }

        double mean = sum / values.Length;
        double squares = 0;
        double lost = 0;
        foreach (double value in values)
        {
            squares += (value - mean) * (value - mean);
            lost += value - mean;
        }

        double deviation = Math.Sqrt((squares - (lost * lost / values.Length)) / values.Length);
        return (mean + (lost / values.Length), deviation > largest * 1e-15 ? deviation : 0);
    }
}
