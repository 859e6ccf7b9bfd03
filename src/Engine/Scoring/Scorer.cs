using System.Runtime.Intrinsics;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Numerics;

namespace FlowMeter.Engine.Scoring;

/// <summary>
/// A model made ready for one order of feature columns: standardisation and weight are folded into one slope a feature, the centres into
/// the bias, and the shares are added in the model's order. The result is the same bits at every vector width, and a probability whatever
/// the features are. Immutable, so threads may share it.
/// </summary>
public sealed unsafe class Scorer
{
    private readonly Term[] _terms;
    private readonly double[] _tables;
    private readonly int[] _inputs;
    private readonly double _bias;
    private readonly int _columns;

    /// <summary>Prepares <paramref name="model"/>.</summary>
    /// <param name="model">The model; checked once more, since it need not come from a file.</param>
    /// <param name="featureNames">The profile's features in the order of the block's columns.</param>
    /// <exception cref="ModelException">The model breaks a rule of <see cref="ModelRules"/>.</exception>
    public Scorer(Model model, IReadOnlyList<string> featureNames)
    {
        ModelRules.Check(model, featureNames, model.Name);
        Dictionary<string, int> columnOf = featureNames.Index().ToDictionary(column => column.Item, column => column.Index);
        List<double> tables = [];
        List<int> inputs = [];
        List<Term> terms = [];
        double bias = model.Intercept;
        foreach (ModelFeature feature in model.Features)
        {
            double slope = feature.Weight / feature.Scale;
            bias -= slope * feature.Centre;
            terms.Add(new Term(
                feature.Transform, columnOf[feature.Names[0]], slope, feature.Centre, tables.Count, feature.Edges.Length,
                feature.SecondEdges.Length, inputs.Count, feature.Names.Length));
            inputs.AddRange(feature.Names.Select(name => columnOf[name]));
            tables.AddRange(feature.Edges);
            tables.AddRange(feature.SecondEdges);
            tables.AddRange(feature.Transform == Transform.Hash ? BucketWeights(feature) : feature.Weights);
        }

        _terms = [.. terms];
        _tables = [.. tables];
        _inputs = [.. inputs];
        _bias = bias;
        _columns = featureNames.Count;
    }

    /// <summary>Flows scored at a time: the doubles of a vector on this machine, 1 where there are no vectors.</summary>
    public static int Width =>
        Vector512.IsHardwareAccelerated ? Lanes8.Count
        : Vector256.IsHardwareAccelerated ? Lanes4.Count
        : Vector128.IsHardwareAccelerated ? Lanes2.Count
        : Lanes1.Count;

    /// <summary>Scores the flows of a block.</summary>
    /// <param name="block">Columns in the order given to the constructor.</param>
    /// <param name="probability">
    /// Receives the probability of malicious of each flow, from 0 to 1; at least as long as the block's count.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The block has other columns than the profile, or <paramref name="probability"/> is too short.
    /// </exception>
    public void Score(FeatureBlock block, Span<double> probability)
    {
        RequireColumns(block.Features);
        if (probability.Length < block.Count)
        {
            throw new ArgumentException($"{probability.Length} places for {block.Count} flows", nameof(probability));
        }

        fixed (double* z = probability)
        {
            Score(block.Column(0), FeatureBlock.Stride, block.Count, z);
        }
    }

    /// <summary>The kernels at one width, for the tests and benchmarks that compare widths.</summary>
    /// <param name="values">The first column's first value.</param>
    /// <param name="stride">Doubles from a column to the next.</param>
    /// <param name="count">Number of flows.</param>
    /// <param name="z">Receives the probabilities.</param>
    internal void Score<TLanes>(double* values, nint stride, int count, double* z)
        where TLanes : struct, ILanes<TLanes>
    {
        ScoreKernel.Fill<TLanes>(_bias, z, count);
        fixed (double* tables = _tables)
        {
            foreach (ref readonly Term term in _terms.AsSpan())
            {
                double* x = values + (term.Column * stride);
                switch (term.Transform)
                {
                    case Transform.Identity:
                        ScoreKernel.AddLinear<TLanes>(x, term.Slope, z, count);
                        break;
                    case Transform.Log1P:
                        ScoreKernel.AddLog1P<TLanes>(x, term.Slope, z, count);
                        break;
                    case Transform.Bins:
                        double* edges = tables + term.FirstEdge;
                        ScoreKernel.AddBins<TLanes>(x, edges, term.Edges, edges + term.Edges, z, count);
                        break;
                    case Transform.Pairs:
                        double* firstEdges = tables + term.FirstEdge;
                        double* secondEdges = firstEdges + term.Edges;
                        double* y = values + (_inputs[term.FirstInput + 1] * stride);
                        ScoreKernel.AddPairs<TLanes>(
                            x, y, firstEdges, term.Edges, secondEdges, term.SecondEdges, secondEdges + term.SecondEdges, z, count);
                        break;
                    default:
                        ScoreKernel.AddHash(
                            values, stride, InputsOf(term), _tables.AsSpan(term.FirstEdge, SizeNGrams.Buckets + 1), z, count);
                        break;
                }
            }
        }

        for (int i = 0; i < count; i++)
        {
            if (double.IsNaN(z[i]))
            {
                z[i] = SumWithoutNaN(values + i, stride);
            }
        }

        ScoreKernel.Sigmoid<TLanes>(z, count);
    }

    /// <summary>
    /// The sum of a flow for which the plain one has no value: a missing value (NaN) weighed as a number, an infinite one weighed 0, or
    /// infinite shares of both signs. Missing values count as their feature's centre, a weight of 0 makes every share 0, and infinite
    /// shares, or finite ones that would make the sum infinite, decide it only where they are all of one sign.
    /// </summary>
    private double SumWithoutNaN(double* values, nint stride)
    {
        double sum = _bias;
        bool isUp = false;
        bool isDown = false;
        foreach (ref readonly Term term in _terms.AsSpan())
        {
            double next = sum + Share(term, values, stride);
            isUp |= double.IsPositiveInfinity(next);
            isDown |= double.IsNegativeInfinity(next);
            sum = double.IsFinite(next) ? next : sum;
        }

        return isUp == isDown ? sum : isUp ? double.PositiveInfinity : double.NegativeInfinity;
    }

    private double Share(in Term term, double* values, nint stride)
    {
        double value = values[term.Column * stride];
        switch (term.Transform)
        {
            case Transform.Bins:
                return _tables[term.FirstEdge + term.Edges + BinOf(term.FirstEdge, term.Edges, value)];
            case Transform.Pairs:
                int second = BinOf(term.FirstEdge + term.Edges, term.SecondEdges, values[_inputs[term.FirstInput + 1] * stride]);
                int cell = (BinOf(term.FirstEdge, term.Edges, value) * (term.SecondEdges + 1)) + second;
                return _tables[term.FirstEdge + term.Edges + term.SecondEdges + cell];
            case Transform.Hash:
                double share = 0;
                ScoreKernel.AddHash(values, stride, InputsOf(term), _tables.AsSpan(term.FirstEdge, SizeNGrams.Buckets + 1), &share, 1);
                return share;
        }

        return double.IsNaN(value) ? term.Slope * term.Centre
            : term.Slope == 0 ? 0
            : term.Slope * (term.Transform == Transform.Log1P ? LaneMath.SignedLog1P(Lanes1.Broadcast(value)).Value : value);
    }

    private int BinOf(int firstEdge, int count, double value)
    {
        int bin = 0;
        while (bin < count && _tables[firstEdge + bin] <= value)
        {
            bin++;
        }

        return bin;
    }

    private ReadOnlySpan<int> InputsOf(in Term term) => _inputs.AsSpan(term.FirstInput, term.Inputs);

    /// <summary>A weight for each bucket and, behind them, 0 for n-grams that are not there.</summary>
    private static double[] BucketWeights(ModelFeature feature)
    {
        double[] weights = new double[SizeNGrams.Buckets + 1];
        for (int i = 0; i < feature.Buckets.Length; i++)
        {
            weights[feature.Buckets[i]] = feature.Weights[i];
        }

        return weights;
    }

    // The conditions are constants to both compilers: only the width in use is compiled.
    private void Score(double* values, nint stride, int count, double* z)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Score<Lanes8>(values, stride, count, z);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Score<Lanes4>(values, stride, count, z);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Score<Lanes2>(values, stride, count, z);
        }
        else
        {
            Score<Lanes1>(values, stride, count, z);
        }
    }

    private void RequireColumns(int columns)
    {
        if (columns != _columns)
        {
            throw new ArgumentException($"{columns} features, expected the profile's {_columns}");
        }
    }

    // A feature ready to be added: its edges, if any, those of the second feature of a pair, and then its weights are from FirstEdge on in
    // the tables; the columns that it reads are from FirstInput on in the inputs.
    private readonly record struct Term(
        Transform Transform, int Column, double Slope, double Centre, int FirstEdge, int Edges, int SecondEdges, int FirstInput,
        int Inputs);
}
