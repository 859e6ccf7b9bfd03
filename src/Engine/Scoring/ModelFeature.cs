using System.Collections.Immutable;
using FlowMeter.Engine.Numerics;

namespace FlowMeter.Engine.Scoring;

/// <summary>One input of a <see cref="Model"/>: which feature, or which together, and how they become a share of the sum.</summary>
public sealed class ModelFeature
{
    private ModelFeature(
        string name, Transform transform, double centre, double scale, double weight, ImmutableArray<double> edges,
        ImmutableArray<double> weights)
    {
        Name = name;
        Names = [name];
        Transform = transform;
        Centre = centre;
        Scale = scale;
        Weight = weight;
        Edges = edges;
        Weights = weights;
    }

    /// <summary>The feature's column name in the model's profile; what stands for several.</summary>
    public string Name { get; }

    /// <summary>The columns that it reads: one, two of pairs, or the sizes of which n-grams are hashed.</summary>
    public ImmutableArray<string> Names { get; private init; }

    /// <summary>What is done to the value.</summary>
    public Transform Transform { get; }

    /// <summary>Subtracted from the transformed value; 0 for bins.</summary>
    public double Centre { get; }

    /// <summary>Divides the centred value, above 0; 1 for bins.</summary>
    public double Scale { get; }

    /// <summary>Multiplies the standardised value; 0 for bins.</summary>
    public double Weight { get; }

    /// <summary>Borders between bins, strictly ascending, in the feature's unit; of pairs, those of the first feature.</summary>
    public ImmutableArray<double> Edges { get; }

    /// <summary>Of pairs, the borders between bins of the second feature; otherwise empty.</summary>
    public ImmutableArray<double> SecondEdges { get; private init; } = [];

    /// <summary>Of hash, the bucket of each weight, ascending; the weights of all others are 0. Otherwise empty.</summary>
    public ImmutableArray<int> Buckets { get; private init; } = [];

    /// <summary>
    /// One weight a bin, so one more than <see cref="Edges"/>; of pairs one a cell, all of the first bin of the first feature first; of
    /// hash one for each of <see cref="Buckets"/>; otherwise empty.
    /// </summary>
    public ImmutableArray<double> Weights { get; }

    /// <summary>
    /// The share of the training flows in each bin, as many as <see cref="Weights"/>, with a sum of 1; empty where it is not known.
    /// </summary>
    public ImmutableArray<double> Shares { get; private init; } = [];

    /// <summary>Of pairs and hash, what they add to the sum on average, over the training flows; otherwise 0.</summary>
    public double Mean { get; private init; }

    /// <summary>
    /// What the feature adds to the sum on average: over the bins by their shares, or evenly where these are not known, since bins of
    /// quantiles hold about as many flows each; 0 for identity and log1p, whose centre is the mean.
    /// </summary>
    public double MeanShare => Transform is Transform.Pairs or Transform.Hash ? Mean
        : Shares.IsEmpty ? Weights.DefaultIfEmpty(0).Average()
        : Weights.Zip(Shares).Sum(bin => bin.First * bin.Second) / Shares.Sum();

    /// <summary>The number of the bin of a value: how many edges are at most it.</summary>
    public int BinOf(double value) => BinOf(Edges, value);

    /// <summary>Of pairs, the number of the cell of two values.</summary>
    public int CellOf(double first, double second) => (BinOf(Edges, first) * (SecondEdges.Length + 1)) + BinOf(SecondEdges, second);

    /// <summary>What a value of identity or log1p adds to the sum; nothing where it is missing.</summary>
    public double ShareOf(double value) =>
        double.IsNaN(value) || Weight == 0 ? 0
        : Weight / Scale * ((Transform == Transform.Log1P ? LaneMath.SignedLog1P(Lanes1.Broadcast(value)).Value : value) - Centre);

    /// <summary>weight · (x − centre) / scale.</summary>
    public static ModelFeature Identity(string name, double centre, double scale, double weight) =>
        new(name, Transform.Identity, centre, scale, weight, [], []);

    /// <summary>weight · (log1p(x) − centre) / scale; centre and scale are those of the logarithm.</summary>
    public static ModelFeature Log1P(string name, double centre, double scale, double weight) =>
        new(name, Transform.Log1P, centre, scale, weight, [], []);

    /// <summary>The weight of the bin x falls in.</summary>
    public static ModelFeature Bins(
        string name, ImmutableArray<double> edges, ImmutableArray<double> weights, ImmutableArray<double> shares = default) =>
        new(name, Transform.Bins, 0, 1, 0, edges, weights) { Shares = shares.IsDefault ? [] : shares };

    /// <summary>The weight of the cell that two features fall in.</summary>
    public static ModelFeature Pairs(
        string first, string second, ImmutableArray<double> edges, ImmutableArray<double> secondEdges, ImmutableArray<double> weights,
        double mean = 0) =>
        new($"{first} × {second}", Transform.Pairs, 0, 1, 0, edges, weights)
        {
            Names = [first, second],
            SecondEdges = secondEdges,
            Mean = mean,
        };

    /// <summary>The sum of the weights of the n-grams of some sizes.</summary>
    public static ModelFeature Hash(
        ImmutableArray<string> names, ImmutableArray<int> buckets, ImmutableArray<double> weights, double mean = 0) =>
        new($"{names.FirstOrDefault()} … {names.LastOrDefault()}", Transform.Hash, 0, 1, 0, [], weights)
        {
            Names = names,
            Buckets = buckets,
            Mean = mean,
        };

    /// <summary>How many of some ascending edges are at most a value.</summary>
    public static int BinOf(ImmutableArray<double> edges, double value)
    {
        int low = 0;
        int high = edges.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = edges[middle] <= value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
