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
            if (!known.Contains(feature.Name))
            {
                throw new ModelException(
                    source,
                    $"{field}.name",
                    $"'{feature.Name}' is not a feature of profile '{model.Profile}', the nearest name is "
                        + $"'{NearestName.Find(feature.Name, featureNames)}'");
            }

            if (!seen.Add(feature.Name))
            {
                throw new ModelException(source, $"{field}.name", $"'{feature.Name}' is there twice, expected each feature once");
            }

            if (feature.Transform == Transform.Bins)
            {
                CheckBins(feature, source, field);
            }
            else
            {
                CheckLine(feature, source, field);
                bias -= feature.Weight / feature.Scale * feature.Centre;
                if (!double.IsFinite(bias))
                {
                    throw new ModelException(
                        source, $"{field}.centre",
                        $"{Text(feature.Centre)}, expected the intercept less all weight / scale * centre so far to be finite");
                }
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
        for (int e = 0; e < feature.Edges.Length; e++)
        {
            RequireFinite(feature.Edges[e], source, $"{field}.edges[{e}]");
            if (e > 0 && feature.Edges[e] <= feature.Edges[e - 1])
            {
                throw new ModelException(
                    source, $"{field}.edges[{e}]",
                    $"{Text(feature.Edges[e])} after {Text(feature.Edges[e - 1])}, expected ascending edges");
            }
        }

        if (feature.Weights.Length != feature.Edges.Length + 1)
        {
            throw new ModelException(
                source,
                $"{field}.weights",
                $"{feature.Weights.Length} weights for {feature.Edges.Length} edges, expected {feature.Edges.Length + 1}, one a bin");
        }

        for (int w = 0; w < feature.Weights.Length; w++)
        {
            RequireFinite(feature.Weights[w], source, $"{field}.weights[{w}]");
        }

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

    private static void RequireFinite(double value, string source, string field)
    {
        if (!double.IsFinite(value))
        {
            throw new ModelException(source, field, $"{Text(value)}, expected a finite number");
        }
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
