using System.Collections.Immutable;
using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Training;

/// <summary>A feature with its transform, fitted to the training rows.</summary>
/// <param name="Feature">The number of the feature in the data set.</param>
/// <param name="Name">Its name.</param>
/// <param name="Transform">Its transform.</param>
/// <param name="Centre">The mean of the transformed values; 0 for bins.</param>
/// <param name="Scale">Their standard deviation; 1 for bins.</param>
/// <param name="Edges">The edges of the bins; empty for other transforms.</param>
internal sealed record FittedInput(int Feature, string Name, Transform Transform, double Centre, double Scale, double[] Edges)
{
    /// <summary>Number of its weights.</summary>
    public int Parameters => Transform == Transform.Bins ? Edges.Length + 1 : 1;

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

    /// <summary>The input of a model's feature, as it was fitted then.</summary>
    /// <param name="feature">The feature.</param>
    /// <param name="column">Its number in the data set.</param>
    public static FittedInput From(ModelFeature feature, int column) =>
        new(column, feature.Name, feature.Transform, feature.Centre, feature.Scale, [.. feature.Edges]);

    /// <summary>
    /// The feature of a model with these weights, <see cref="Parameters"/> of them, and with the shares of some rows in its bins, to six
    /// digits.
    /// </summary>
    public ModelFeature ToModelFeature(ReadOnlySpan<double> weights, double[] column, int[] rows) => Transform switch
    {
        Transform.Identity => ModelFeature.Identity(Name, Centre, Scale, weights[0]),
        Transform.Log1P => ModelFeature.Log1P(Name, Centre, Scale, weights[0]),
        _ => ModelFeature.Bins(Name, [.. Edges], ImmutableArray.Create(weights), Shares(column, rows)),
    };

    private ImmutableArray<double> Shares(double[] column, int[] rows)
    {
        int[] counts = new int[Parameters];
        foreach (int row in rows)
        {
            counts[QuantileBins.BinOf(Edges, column[row])]++;
        }

        return [.. counts.Select(count => Math.Round((double)count / rows.Length, 6))];
    }

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
