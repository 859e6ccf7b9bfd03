using System.Collections.Immutable;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Tests.Scoring;

/// <summary>Seeded random models and feature blocks, with the bit patterns that break careless kernels among the values.</summary>
internal static class TestModels
{
    public const int FeatureCount = 13;

    public static readonly string[] Names = [.. Enumerable.Range(0, FeatureCount).Select(i => $"feature_{i}")];

    public static readonly double[] OddValues =
    [
        double.NaN, BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_1234),
        BitConverter.Int64BitsToDouble(unchecked((long)0xFFF0_0000_0000_0001)), double.PositiveInfinity, double.NegativeInfinity,
        double.MaxValue, double.MinValue, double.Epsilon, -double.Epsilon, 0.0, -0.0, 1e-300, -1, -1.5,
    ];

    /// <summary>All three transforms, feature columns in another order than the profile's, bins of 0 to 40 edges.</summary>
    public static Model Random(int seed)
    {
        Random random = new(seed);
        string[] names = [.. Names];
        random.Shuffle(names);
        return new Model
        {
            Name = "random",
            Profile = "test",
            Intercept = random.NextDouble() - 0.5,
            Features = [.. names.Take(FeatureCount - 1).Select((name, i) => Feature(name, (Transform)(i % 3), random))],
        };
    }

    /// <summary>
    /// A model whose weights are 0, ordinary, or so large that shares overflow, of either sign; centres and scales as far as the rules let
    /// them.
    /// </summary>
    public static Model Extreme(int seed)
    {
        Random random = new(seed);
        double Weight() => random.Next(4) switch { 0 => 0, 1 => random.NextDouble() - 0.5, 2 => 1e300, _ => -double.MaxValue / 2 };
        return new Model
        {
            Name = "extreme",
            Profile = "test",
            Intercept = random.NextDouble(),
            Features = [.. Names.Select((name, i) => (i % 3) switch
            {
                0 => ModelFeature.Identity(name, random.Next(2) * 1e-3, 1 + random.NextDouble(), Weight()),
                1 => ModelFeature.Log1P(name, random.Next(2) * 1e-3, 1, Weight()),
                _ => ModelFeature.Bins(name, [double.MinValue, 1, double.MaxValue], [Weight(), Weight(), Weight(), Weight()]),
            })],
        };
    }

    /// <summary>A full block of skewed positive values; one in <paramref name="oddEvery"/> is odd, and 0 means none.</summary>
    public static unsafe FeatureBlock Block(int seed, int oddEvery)
    {
        Random random = new(seed);
        FeatureBlock block = new(FeatureCount) { Count = FeatureBlock.Capacity };
        for (int feature = 0; feature < FeatureCount; feature++)
        {
            for (int flow = 0; flow < FeatureBlock.Capacity; flow++)
            {
                block.Column(feature)[flow] = oddEvery > 0 && random.Next(oddEvery) == 0
                    ? OddValues[random.Next(OddValues.Length)]
                    : Math.Floor(Math.Pow(10, random.NextDouble() * 3));
            }
        }

        return block;
    }

    private static ModelFeature Feature(string name, Transform transform, Random random)
    {
        if (transform == Transform.Bins)
        {
            // Whole edges among whole values, so that equality with an edge happens often.
            ImmutableArray<double> edges =
                [.. Enumerable.Range(0, random.Next(41)).Select(_ => (double)random.Next(1000)).Distinct().Order()];
            return ModelFeature.Bins(name, edges, [.. Enumerable.Range(0, edges.Length + 1).Select(_ => random.NextDouble() - 0.5)]);
        }

        double weight = random.NextDouble() - 0.5;
        return transform == Transform.Identity
            ? ModelFeature.Identity(name, random.NextDouble() * 100, 1 + (random.NextDouble() * 300), weight)
            : ModelFeature.Log1P(name, random.NextDouble() * 5, 0.5 + random.NextDouble(), weight);
    }
}
