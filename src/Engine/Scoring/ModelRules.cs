using System.Collections.Immutable;
using System.Globalization;

namespace FlowMeter.Engine.Scoring;

/// <summary>What makes a <see cref="Model"/> valid, wherever it came from.</summary>
public static class ModelRules
{
    // Shares are written to six digits, of 256 bins at most.
    private const double SumError = 1e-3;

    /// <summary>Checks every value of the model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="featureNames">The features of the model's profile.</param>
    /// <param name="source">What to call the model in the message: its file.</param>
    /// <exception cref="ModelException">The first rule that is broken.</exception>
    public static void Check(Model model, IReadOnlyList<string> featureNames, string source)
    {
        RequireFinite(model.Intercept, source, "intercept");
        if (!(model.Threshold is >= 0 and <= 1))
        {
            throw new ModelException(source, "threshold", $"{Text(model.Threshold)}, expected a number from 0 to 1");
        }

        if (!(model.BenignBelow >= 0 && model.BenignBelow <= model.Threshold))
        {
            throw new ModelException(
                source, "benign_below", $"{Text(model.BenignBelow)}, expected a number from 0 to the threshold, {Text(model.Threshold)}");
        }

        if (model.MinPackets < 1)
        {
            throw new ModelException(source, "least_packets", $"{model.MinPackets}, expected a whole number from 1 on");
        }

        if (model.DecideAfter < 1)
        {
            throw new ModelException(source, "decide_after", $"{model.DecideAfter}, expected a whole number from 1 on");
        }

        if (model.Features.IsDefaultOrEmpty)
        {
            throw new ModelException(source, "features", "empty, expected at least one feature");
        }

        double bias = model.Intercept;
        HashSet<string> known = [.. featureNames];
        HashSet<string> seen = [];
        for (int i = 0; i < model.Features.Length; i++)
        {
            ModelFeature feature = model.Features[i];
            string field = $"features[{i}]";
            bool isOne = feature.Transform is not (Transform.Pairs or Transform.Hash);
            for (int n = 0; n < feature.Names.Length; n++)
            {
                if (!known.Contains(feature.Names[n]))
                {
                    throw new ModelException(
                        source,
                        isOne ? $"{field}.name" : $"{field}.names[{n}]",
                        $"'{feature.Names[n]}' is not a feature of profile '{model.Profile}', the nearest name is "
                            + $"'{NearestName.Find(feature.Names[n], featureNames)}'");
                }
            }

            if (!seen.Add(isOne ? feature.Name : $"{feature.Transform}: {string.Join(", ", feature.Names)}"))
            {
                throw new ModelException(
                    source, isOne ? $"{field}.name" : $"{field}.names", $"'{feature.Name}' is there twice, expected each feature once");
            }

            switch (feature.Transform)
            {
                case Transform.Bins:
                    CheckBins(feature, source, field);
                    break;
                case Transform.Pairs:
                    CheckPairs(feature, source, field);
                    break;
                case Transform.Hash:
                    CheckHash(feature, source, field);
                    break;
                default:
                    CheckLine(feature, source, field);
                    bias -= feature.Weight / feature.Scale * feature.Centre;
                    if (!double.IsFinite(bias))
                    {
                        throw new ModelException(
                            source, $"{field}.centre",
                            $"{Text(feature.Centre)}, expected the intercept less all weight / scale * centre so far to be finite");
                    }

                    break;
            }
        }
    }

    private static void CheckLine(ModelFeature feature, string source, string field)
    {
        RequireFinite(feature.Centre, source, $"{field}.centre");
        RequireFinite(feature.Scale, source, $"{field}.scale");
        RequireFinite(feature.Weight, source, $"{field}.weight");
        if (feature.Scale <= 0)
        {
            throw new ModelException(source, $"{field}.scale", $"{Text(feature.Scale)}, expected a number above 0");
        }

        // A tiny scale can make the slope, which is what the scorer works with, overflow though both numbers are finite.
        if (!double.IsFinite(feature.Weight / feature.Scale) || !double.IsFinite(feature.Weight / feature.Scale * feature.Centre))
        {
            throw new ModelException(
                source, $"{field}.scale",
                $"{Text(feature.Scale)} is too small for the weight and the centre, expected weight / scale * centre to be finite");
        }
    }

    private static void CheckBins(ModelFeature feature, string source, string field)
    {
        CheckEdges(feature.Edges, source, $"{field}.edges");
        if (feature.Weights.Length != feature.Edges.Length + 1)
        {
            throw new ModelException(
                source,
                $"{field}.weights",
                $"{feature.Weights.Length} weights for {feature.Edges.Length} edges, expected {feature.Edges.Length + 1}, one a bin");
        }

        RequireFiniteWeights(feature, source, field);

        if (!feature.Shares.IsEmpty)
        {
            CheckShares(feature, source, field);
        }
    }

    private static void CheckShares(ModelFeature feature, string source, string field)
    {
        if (feature.Shares.Length != feature.Weights.Length)
        {
            throw new ModelException(
                source, $"{field}.shares", $"{feature.Shares.Length} shares for {feature.Weights.Length} bins, expected one a bin");
        }

        if (feature.Shares.Any(share => !(share is >= 0 and <= 1)) || Math.Abs(feature.Shares.Sum() - 1) > SumError)
        {
            throw new ModelException(
                source, $"{field}.shares", $"a sum of {Text(feature.Shares.Sum())}, expected shares from 0 to 1 with a sum of 1");
        }
    }

    private static void CheckPairs(ModelFeature feature, string source, string field)
    {
        if (feature.Names.Length != 2 || feature.Names[0] == feature.Names[1])
        {
            throw new ModelException(source, $"{field}.names", $"{feature.Names.Length} names, expected two features that differ");
        }

        RequireFinite(feature.Mean, source, $"{field}.mean");
        CheckEdges(feature.Edges, source, $"{field}.edges");
        CheckEdges(feature.SecondEdges, source, $"{field}.second_edges");
        long cells = (feature.Edges.Length + 1L) * (feature.SecondEdges.Length + 1L);
        if (feature.Weights.Length != cells)
        {
            throw new ModelException(
                source,
                $"{field}.weights",
                $"{feature.Weights.Length} weights for {feature.Edges.Length} and {feature.SecondEdges.Length} edges, expected {cells}, "
                    + "one a cell");
        }

        RequireFiniteWeights(feature, source, field);
    }

    private static void CheckHash(ModelFeature feature, string source, string field)
    {
        if (feature.Names.Length is < 1 or > SizeNGrams.MaxSizes || feature.Names.Distinct().Count() < feature.Names.Length)
        {
            throw new ModelException(
                source,
                $"{field}.names",
                $"{feature.Names.Length} names, expected 1 to {SizeNGrams.MaxSizes} features, each once");
        }

        RequireFinite(feature.Mean, source, $"{field}.mean");
        for (int b = 0; b < feature.Buckets.Length; b++)
        {
            if (feature.Buckets[b] is < 0 or >= SizeNGrams.Buckets || (b > 0 && feature.Buckets[b] <= feature.Buckets[b - 1]))
            {
                throw new ModelException(
                    source,
                    $"{field}.buckets[{b}]",
                    $"{feature.Buckets[b]}, expected ascending buckets from 0 to {SizeNGrams.Buckets - 1}");
            }
        }

        if (feature.Weights.Length != feature.Buckets.Length)
        {
            throw new ModelException(
                source,
                $"{field}.weights",
                $"{feature.Weights.Length} weights for {feature.Buckets.Length} buckets, expected one a bucket");
        }

        RequireFiniteWeights(feature, source, field);
    }

    private static void CheckEdges(ImmutableArray<double> edges, string source, string field)
    {
        for (int e = 0; e < edges.Length; e++)
        {
            RequireFinite(edges[e], source, $"{field}[{e}]");
            if (e > 0 && edges[e] <= edges[e - 1])
            {
                throw new ModelException(
                    source, $"{field}[{e}]", $"{Text(edges[e])} after {Text(edges[e - 1])}, expected ascending edges");
            }
        }
    }

    private static void RequireFiniteWeights(ModelFeature feature, string source, string field)
    {
        for (int w = 0; w < feature.Weights.Length; w++)
        {
            RequireFinite(feature.Weights[w], source, $"{field}.weights[{w}]");
        }
    }

    private static void RequireFinite(double value, string source, string field)
    {
        if (!double.IsFinite(value))
        {
            throw new ModelException(source, field, $"{Text(value)}, expected a finite number");
        }
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
