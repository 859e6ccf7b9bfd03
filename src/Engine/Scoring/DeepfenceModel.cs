using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace FlowMeter.Engine.Scoring;

/// <summary>
/// The parameter folder of Deepfence FlowMeter: weights.txt, mean.txt and std.txt with a number a feature, intercept.txt with one, a number
/// a line as numpy.savetxt writes them, each rounded to a 32-bit float as the Go program does.
/// </summary>
public static class DeepfenceModel
{
    /// <summary>The profile these models are for.</summary>
    public const string Profile = "deepfence";

    /// <summary>33 features of the header from flowDuration on, then 6 rates.</summary>
    public const int FeatureCount = 39;

    /// <summary>Reads the folder.</summary>
    /// <param name="folder">The folder's path.</param>
    /// <param name="featureNames">The names of the 39 features in the model's order.</param>
    /// <exception cref="ModelException">A file is missing, has the wrong number of lines, or a line is not a usable number.</exception>
    /// <exception cref="ArgumentException">There are not 39 names.</exception>
    public static Model Load(string folder, IReadOnlyList<string> featureNames)
    {
        if (featureNames.Count != FeatureCount)
        {
            throw new ArgumentException($"{featureNames.Count} names, expected {FeatureCount}", nameof(featureNames));
        }

        float[] weights = ReadNumbers(Path.Combine(folder, "weights.txt"), FeatureCount);
        float[] intercept = ReadNumbers(Path.Combine(folder, "intercept.txt"), 1);
        float[] mean = ReadNumbers(Path.Combine(folder, "mean.txt"), FeatureCount);
        string deviationPath = Path.Combine(folder, "std.txt");
        float[] deviation = ReadNumbers(deviationPath, FeatureCount);
        int zero = Array.FindIndex(deviation, value => value <= 0);
        if (zero >= 0)
        {
            throw new ModelException(
                deviationPath, $"line {zero + 1}", $"a standard deviation of {Text(deviation[zero])}, expected a number above 0");
        }

        Model model = new()
        {
            Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))),
            Profile = Profile,
            Intercept = intercept[0],
            Features = [.. featureNames.Select((name, i) => ModelFeature.Identity(name, mean[i], deviation[i], weights[i]))],
        };
        ModelRules.Check(model, featureNames, folder);
        return model;
    }

    private static float[] ReadNumbers(string path, int expected)
    {
        ImmutableArray<string> lines = [.. Encoding.UTF8.GetString(ModelBytes.Read(path)).TrimEnd().Split('\n')];
        if (lines.Length != expected)
        {
            throw new ModelException(path, string.Empty, $"{lines.Length} lines, expected {expected}, one number each");
        }

        return [.. lines.Select((line, i) => Number(line.Trim(), path, i + 1))];
    }

    private static float Number(string text, string path, int line) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value)
            ? value
            : throw new ModelException(path, $"line {line}", $"'{text}', expected a finite 32-bit number");

    private static string Text(float value) => value.ToString(CultureInfo.InvariantCulture);
}
