using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace FlowMeter.Engine.Scoring;

/// <summary>
/// Our JSON form of a <see cref="Model"/>, <c>"schema": "flowmeter-model/1"</c>. Numbers are written with the digits that read back as the
/// same bits.
/// <code>
/// { "schema": "flowmeter-model/1", "name": "…", "profile": "flowmeter", "intercept": -0.4, "threshold": 0.5, "least_packets": 1,
///   "decide_after": 20, "trained": { … },
///   "features": [ { "name": "duration_us", "transform": "log1p", "centre": 9.5, "scale": 4.1, "weight": 0.7 },
///                 { "name": "bytes", "transform": "bins", "edges": [100, 2000], "weights": [-0.1, 0, 0.3] } ] }
/// </code>
/// threshold (0.5), benign_below (the threshold), least_packets (1), decide_after (none), untuned (false), trained, benign, malicious and
/// the shares of bins (none) may be missing.
/// </summary>
public static class ModelJson
{
    private static readonly JsonWriterOptions Layout =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads and checks a model.</summary>
    /// <param name="utf8">The file's content.</param>
    /// <param name="file">What to call it in messages.</param>
    /// <param name="featureNamesByProfile">The features of every profile there is.</param>
    /// <exception cref="ModelException">It is not JSON, has another schema, or breaks a rule.</exception>
    public static Model Read(
        ReadOnlyMemory<byte> utf8, string file, IReadOnlyDictionary<string, IReadOnlyList<string>> featureNamesByProfile)
    {
        if (!Utf8.IsValid(utf8.Span))
        {
            throw new ModelException(file, string.Empty, "not JSON: not UTF-8 text");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8.Span.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8);
            JsonFields fields = new(document.RootElement, file, string.Empty);
            string schema = fields.Text("schema");
            if (schema != Model.Schema)
            {
                throw fields.Wrong("schema", $"'{schema}', expected '{Model.Schema}'");
            }

            string profile = fields.Text("profile");
            if (!featureNamesByProfile.TryGetValue(profile, out IReadOnlyList<string>? featureNames))
            {
                throw fields.Wrong(
                    "profile", $"unknown profile '{profile}', expected one of {string.Join(", ", featureNamesByProfile.Keys)}");
            }

            Model model = ReadModel(fields, profile);
            ModelRules.Check(model, featureNames, file);
            return model;
        }
        catch (JsonException error)
        {
            throw new ModelException(file, $"line {error.LineNumber + 1}", $"not JSON: {error.Message}", error);
        }
        catch (InvalidOperationException error)
        {
            // The one way to get here is an escape that names half a surrogate pair.
            throw new ModelException(file, string.Empty, $"not JSON: {error.Message}", error);
        }
    }

    /// <summary>Writes a model, indented, with a line feed at the end.</summary>
    /// <param name="model">The model; its numbers must be finite, as <see cref="ModelRules"/> has them.</param>
    /// <param name="target">Receives UTF-8; stays open.</param>
    public static void Write(Model model, Stream target)
    {
        using (Utf8JsonWriter json = new(target, Layout))
        {
            json.WriteStartObject();
            json.WriteString("schema", Model.Schema);
            json.WriteString("name", model.Name);
            json.WriteString("profile", model.Profile);
            json.WriteNumber("intercept", model.Intercept);
            json.WriteNumber("threshold", model.Threshold);
            if (model.HasBand)
            {
                json.WriteNumber("benign_below", model.BenignBelow);
            }

            json.WriteNumber("least_packets", model.MinPackets);
            if (model.DecideAfter is int packets)
            {
                json.WriteNumber("decide_after", packets);
            }

            if (model.IsUntuned)
            {
                json.WriteBoolean("untuned", true);
            }

            if (model.Trained is JsonElement trained)
            {
                json.WritePropertyName("trained");
                trained.WriteTo(json);
            }

            model.Benign?.Write(json);
            model.Malicious?.Write(json);

            json.WriteStartArray("features");
            foreach (ModelFeature feature in model.Features)
            {
                WriteFeature(feature, json);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        target.WriteByte((byte)'\n');
    }

    private static Model ReadModel(JsonFields fields, string profile)
    {
        fields.AllowOnly(
            "schema", "name", "profile", "intercept", "threshold", "benign_below", "least_packets", "decide_after", "untuned", "trained",
            "benign", "malicious", "features");
        double threshold = fields.Optional("threshold") is null ? 0.5 : fields.Number("threshold");
        ModelFeature[] features = [.. fields.Objects("features").Select(ReadFeature)];
        return new Model
        {
            Name = fields.Text("name"),
            Profile = profile,
            Intercept = fields.Number("intercept"),
            Threshold = threshold,
            BenignBelow = fields.Optional("benign_below") is null ? threshold : fields.Number("benign_below"),
            MinPackets = fields.Whole("least_packets") ?? 1,
            DecideAfter = fields.Whole("decide_after"),
            IsUntuned = fields.Truth("untuned") ?? false,
            Trained = fields.Optional("trained")?.Clone(),
            Benign = fields.Object("benign") is { } benign ? BenignScores.Read(benign) : null,
            Malicious = fields.Object("malicious") is { } malicious ? MaliciousFlows.Read(malicious, features) : null,
            Features = [.. features],
        };
    }

    private static ModelFeature ReadFeature(JsonFields fields)
    {
        string transform = fields.Text("transform");
        switch (transform)
        {
            case "pairs" or "hash":
                return ReadSeveral(fields, transform);
            case "identity" or "log1p":
                fields.AllowOnly("name", "transform", "centre", "scale", "weight");
                string name = fields.Text("name");
                double centre = fields.Number("centre");
                double scale = fields.Number("scale");
                double weight = fields.Number("weight");
                return transform == "log1p"
                    ? ModelFeature.Log1P(name, centre, scale, weight)
                    : ModelFeature.Identity(name, centre, scale, weight);
            case "bins":
                fields.AllowOnly("name", "transform", "edges", "weights", "shares");
                return ModelFeature.Bins(
                    fields.Text("name"), fields.Numbers("edges"), fields.Numbers("weights"),
                    fields.Optional("shares") is null ? [] : fields.Numbers("shares"));
            default:
                throw fields.Wrong("transform", $"unknown transform '{transform}', expected identity, log1p, bins, pairs or hash");
        }
    }

    private static ModelFeature ReadSeveral(JsonFields fields, string transform)
    {
        double mean = fields.Optional("mean") is null ? 0 : fields.Number("mean");
        if (transform == "hash")
        {
            fields.AllowOnly("names", "transform", "mean", "buckets", "weights");
            return ModelFeature.Hash(fields.Texts("names"), fields.Wholes("buckets"), fields.Numbers("weights"), mean);
        }

        fields.AllowOnly("names", "transform", "mean", "edges", "second_edges", "weights");
        ImmutableArray<string> names = fields.Texts("names");
        return names.Length == 2
            ? ModelFeature.Pairs(
                names[0], names[1], fields.Numbers("edges"), fields.Numbers("second_edges"), fields.Numbers("weights"), mean)
            : throw fields.Wrong("names", $"{names.Length} names, expected two");
    }

    private static void WriteFeature(ModelFeature feature, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        if (feature.Transform is Transform.Pairs or Transform.Hash)
        {
            WriteSeveral(feature, json);
            return;
        }

        json.WriteString("name", feature.Name);
        if (feature.Transform == Transform.Bins)
        {
            json.WriteString("transform", "bins");
            WriteNumbers("edges", feature.Edges.AsSpan(), json);
            WriteNumbers("weights", feature.Weights.AsSpan(), json);
            if (!feature.Shares.IsEmpty)
            {
                WriteNumbers("shares", feature.Shares.AsSpan(), json);
            }
        }
        else
        {
            json.WriteString("transform", feature.Transform == Transform.Log1P ? "log1p" : "identity");
            json.WriteNumber("centre", feature.Centre);
            json.WriteNumber("scale", feature.Scale);
            json.WriteNumber("weight", feature.Weight);
        }

        json.WriteEndObject();
    }

    private static void WriteSeveral(ModelFeature feature, Utf8JsonWriter json)
    {
        json.WriteStartArray("names");
        foreach (string name in feature.Names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        json.WriteString("transform", feature.Transform == Transform.Pairs ? "pairs" : "hash");
        json.WriteNumber("mean", feature.Mean);
        if (feature.Transform == Transform.Pairs)
        {
            WriteLine("edges", feature.Edges, json);
            WriteLine("second_edges", feature.SecondEdges, json);
        }
        else
        {
            WriteLine("buckets", feature.Buckets, json);
        }

        WriteLine("weights", feature.Weights, json);
        json.WriteEndObject();
    }

    /// <summary>An array of numbers on one line, since these are long.</summary>
    private static void WriteLine<T>(string name, ImmutableArray<T> values, Utf8JsonWriter json)
        where T : struct, IFormattable
    {
        json.WritePropertyName(name);
        json.WriteRawValue($"[{string.Join(", ", values.Select(value => value.ToString(null, CultureInfo.InvariantCulture)))}]");
    }

    /// <summary>Writes an array of numbers.</summary>
    internal static void WriteNumbers(string name, ReadOnlySpan<double> values, Utf8JsonWriter json)
    {
        json.WriteStartArray(name);
        foreach (double value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }
}
