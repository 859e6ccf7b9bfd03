using System.Text;
using System.Text.Json;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Tests.Scoring;

public sealed class ModelJsonTests
{
    private const string File = "models/some.json";

    private const string Valid =
        """
        { "schema": "flowmeter-model/1", "name": "m", "profile": "test", "intercept": -0.5, "threshold": 0.25, "benign_below": 0.125, "least_packets": 3, "decide_after": 20,
          "untuned": true,
          "benign": { "flows": 9, "flows_a_day": 2.5, "shares": [0, 0.5, 1], "thresholds": [0.9, 0.3, 0], "thresholds_of_bytes": [1, 0.9, 0] },
          "trained": { "who": "us", "auc": [0.90, 1e2] },
          "features": [
            { "name": "duration_us", "transform": "identity", "centre": 1, "scale": 2, "weight": 3 },
            { "name": "bytes", "transform": "bins", "edges": [1, 2.5], "weights": [0.1, 0.2, 0.3], "shares": [0.5, 0.25, 0.25] },
            { "name": "packets", "transform": "log1p", "centre": 4, "scale": 5, "weight": 6 } ] }
        """;

    private static readonly Dictionary<string, IReadOnlyList<string>> Profiles = new()
    {
        ["test"] = ["duration_us", "packets", "bytes"],
        ["other"] = ["x"],
    };

    [Fact]
    public void Every_field_is_read()
    {
        Model model = Read(Valid);
        Assert.Equal("m", model.Name);
        Assert.Equal("test", model.Profile);
        Assert.Equal(-0.5, model.Intercept);
        Assert.Equal(0.25, model.Threshold);
        Assert.Equal((0.125, true), (model.BenignBelow, model.IsUntuned));
        Assert.Equal((9, 2.5), (model.Benign!.Flows, model.Benign.FlowsADay));
        Assert.Equal((double[])[0.9, 0.3, 0], model.Benign.ByFlows.ToArray());
        Assert.Equal((double[])[1, 0.9, 0], model.Benign.ByBytes.ToArray());
        Assert.Equal((double[])[0.5, 0.25, 0.25], model.Features[1].Shares.ToArray());
        Assert.Equal(3, model.MinPackets);
        Assert.Equal(20, model.DecideAfter);
        Assert.Equal("""{ "who": "us", "auc": [0.90, 1e2] }""", model.Trained?.GetRawText());
        Assert.Equal(["duration_us", "bytes", "packets"], model.Features.Select(feature => feature.Name));
        Assert.Equal([Transform.Identity, Transform.Bins, Transform.Log1P], model.Features.Select(feature => feature.Transform));
        Assert.Equal((1, 2, 3), (model.Features[0].Centre, model.Features[0].Scale, model.Features[0].Weight));
        Assert.Equal((double[])[1, 2.5], model.Features[1].Edges.ToArray());
        Assert.Equal((double[])[0.1, 0.2, 0.3], model.Features[1].Weights.ToArray());
    }

    [Fact]
    public void What_may_be_missing_has_its_default()
    {
        Model model = Read("""{ "schema": "flowmeter-model/1", "name": "m", "profile": "other", "intercept": 0, "features": """
            + """[{ "name": "x", "transform": "bins", "edges": [], "weights": [1] }] }""");
        Assert.Equal((0.5, 0.5, false), (model.Threshold, model.BenignBelow, model.IsUntuned));
        Assert.Empty(model.Features[0].Shares);
        Assert.Null(model.Benign);
        Assert.Null(model.Malicious);
        Assert.Equal(1, model.MinPackets);
        Assert.Null(model.DecideAfter);
        Assert.Null(model.Trained);
    }

    [Fact]
    public void A_byte_order_mark_is_no_error() => Assert.Equal("m", Read("\uFEFF" + Valid).Name);

    [Fact]
    public void Doubles_come_back_bit_for_bit()
    {
        Random random = new(1);
        double[] values =
        [
            .. TestModels.OddValues.Where(double.IsFinite),
            .. Enumerable.Range(0, 5000).Select(_ => BitConverter.Int64BitsToDouble(
                random.NextInt64(long.MinValue, long.MaxValue))).Where(double.IsFinite),
        ];
        double[] edges = [.. values[1..].Distinct().Order()];
        double[] weights = [.. values.Take(edges.Length + 1)];
        Model written = new()
        {
            Name = "namé <\"& \u0001>",
            Profile = "test",
            Intercept = -0.0,
            Threshold = double.Epsilon,
            MinPackets = 7,
            DecideAfter = 9,
            Trained = JsonDocument.Parse("""{"auc": 0.900, "who": "Zoë"}""").RootElement,
            Features =
            [
                ModelFeature.Bins("bytes", [.. edges], [.. weights]),
                ModelFeature.Identity("packets", 0.1, Math.PI, -1.0 / 3),
                ModelFeature.Log1P("duration_us", 1e-7, 1e22, 5e-3),
            ],
        };
        using MemoryStream json = new();
        ModelJson.Write(written, json);
        Model read = ModelJson.Read(json.ToArray(), File, Profiles);

        Assert.Equal(
            (written.Name, written.Profile, written.MinPackets, written.DecideAfter),
            (read.Name, read.Profile, read.MinPackets, read.DecideAfter));
        Assert.Equal(Bits(written.Intercept), Bits(read.Intercept));
        Assert.Equal(Bits(written.Threshold), Bits(read.Threshold));
        Assert.Equal(edges.Select(Bits), read.Features[0].Edges.Select(Bits));
        Assert.Equal(weights.Select(Bits), read.Features[0].Weights.Select(Bits));
        for (int i = 1; i < 3; i++)
        {
            Assert.Equal(written.Features[i].Transform, read.Features[i].Transform);
            Assert.Equal(Bits(written.Features[i].Centre), Bits(read.Features[i].Centre));
            Assert.Equal(Bits(written.Features[i].Scale), Bits(read.Features[i].Scale));
            Assert.Equal(Bits(written.Features[i].Weight), Bits(read.Features[i].Weight));
        }

        Assert.Equal("0.900", read.Trained?.GetProperty("auc").GetRawText());
        Assert.Equal("Zoë", read.Trained?.GetProperty("who").GetString());
        Assert.DoesNotContain('\r', Encoding.UTF8.GetString(json.ToArray()));

        using MemoryStream again = new();
        ModelJson.Write(read, again);
        Assert.Equal(json.ToArray(), again.ToArray());
    }

    [Theory]
    [InlineData("flowmeter-model/1", "flowmeter-model/2", "schema", "'flowmeter-model/2', expected 'flowmeter-model/1'")]
    [InlineData("\"schema\": \"flowmeter-model/1\",", "", "schema", "missing, expected a string")]
    [InlineData("\"profile\": \"test\"", "\"profile\": \"tset\"", "profile", "unknown profile 'tset', expected one of test, other")]
    [InlineData("\"profile\": \"test\"", "\"profile\": 5", "profile", "5, expected a string")]
    [InlineData("\"intercept\": -0.5,", "", "intercept", "missing, expected a number")]
    [InlineData("-0.5", "\"NaN\"", "intercept", "\"NaN\", expected a number")]
    [InlineData("-0.5", "null", "intercept", "null, expected a number")]
    [InlineData("-0.5", "1e999", "intercept", "Infinity, expected a finite number")]
    [InlineData("0.25", "1.5", "threshold", "1.5, expected a number from 0 to 1")]
    [InlineData("0.25", "-0.1", "threshold", "-0.1, expected a number from 0 to 1")]
    [InlineData("\"least_packets\": 3", "\"least_packets\": 0", "least_packets", "0, expected a whole number from 1 on")]
    [InlineData("\"least_packets\": 3", "\"least_packets\": 1.5", "least_packets", "1.5, expected a whole number")]
    [InlineData("\"decide_after\": 20", "\"decide_after\": -1", "decide_after", "-1, expected a whole number from 1 on")]
    [InlineData("\"name\": \"m\"", "\"nmae\": \"m\"", "nmae", "unknown property, expected one of schema, name")]
    [InlineData("\"name\": \"m\"", "\"name\": \"m\", \"name\": \"n\"", "name", "there twice, expected once")]
    [InlineData("log1p", "square", "features[2].transform", "unknown transform 'square', expected identity, log1p, bins, pairs or hash")]
    [InlineData(
        "\"packets\"", "\"pakets\"", "features[2].name", "'pakets' is not a feature of profile 'test', the nearest name is 'packets'")]
    [InlineData("\"packets\"", "\"bytes\"", "features[2].name", "'bytes' is there twice")]
    [InlineData(
        ", \"weight\": 6", ", \"weigth\": 6", "features[2].weigth",
        "unknown property, expected one of name, transform, centre, scale, weight")]
    [InlineData(", \"weight\": 6", "", "features[2].weight", "missing, expected a number")]
    [InlineData("\"scale\": 5", "\"scale\": 0", "features[2].scale", "0, expected a number above 0")]
    [InlineData("\"scale\": 5", "\"scale\": -5", "features[2].scale", "-5, expected a number above 0")]
    [InlineData("\"scale\": 5", "\"scale\": 1e-320", "features[2].scale", "too small")]
    [InlineData("\"centre\": 4", "\"centre\": true", "features[2].centre", "true, expected a number")]
    [InlineData("\"centre\": 4", "\"centre\": -1e400", "features[2].centre", "-Infinity, expected a finite number")]
    [InlineData("[0.1, 0.2, 0.3]", "[0.1, 0.2]", "features[1].weights", "2 weights for 2 edges, expected 3")]
    [InlineData("[0.1, 0.2, 0.3]", "[0.1, {}, 0.3]", "features[1].weights[1]", "an object, expected a number")]
    [InlineData("[0.1, 0.2, 0.3]", "[0.1, 1e999, 0.3]", "features[1].weights[1]", "Infinity, expected a finite number")]
    [InlineData("[0.1, 0.2, 0.3]", "7", "features[1].weights", "7, expected an array of numbers")]
    [InlineData("[1, 2.5]", "[2.5, 1]", "features[1].edges[1]", "1 after 2.5, expected ascending edges")]
    [InlineData("[1, 2.5]", "[1, 1]", "features[1].edges[1]", "1 after 1, expected ascending edges")]
    [InlineData("[1, 2.5]", "[1, 1e999]", "features[1].edges[1]", "Infinity, expected a finite number")]
    [InlineData("\"features\"", "\"features\": [], \"trained2\"", "trained2", "unknown property")]
    [InlineData("{ \"name\": \"packets\"", "3, { \"name\": \"packets\"", "features[2]", "3, expected an object")]
    [InlineData("\"name\": \"m\"", "\"name\": \"\\ud800\"", "", "not JSON")]
    [InlineData("-0.5", "NaN", "line 1", "not JSON")]
    [InlineData("0.125", "-0.125", "benign_below", "-0.125, expected a number from 0 to the threshold, 0.25")]
    [InlineData("0.125", "0.3", "benign_below", "0.3, expected a number from 0 to the threshold, 0.25")]
    [InlineData("0.125", "1e999", "benign_below", "Infinity, expected a number from 0")]
    [InlineData("\"untuned\": true", "\"untuned\": 1", "untuned", "1, expected true or false")]
    [InlineData("[0.5, 0.25, 0.25]", "[0.5, 0.5]", "features[1].shares", "2 shares for 3 bins")]
    [InlineData("[0.5, 0.25, 0.25]", "[0.5, 0.25, 0.3]", "features[1].shares", "a sum of 1.05")]
    [InlineData("[0.5, 0.25, 0.25]", "[1.5, -0.25, -0.25]", "features[1].shares", "expected shares from 0 to 1")]
    [InlineData("\"flows\": 9", "\"flows\": 0", "benign.flows", "expected a whole number from 1 on")]
    [InlineData("\"flows_a_day\": 2.5", "\"flows_a_day\": 0", "benign.flows_a_day", "expected a number above 0")]
    [InlineData("[0, 0.5, 1]", "[0.5, 0, 1]", "benign.shares", "expected ascending numbers from 0 to 1")]
    [InlineData("[0, 0.5, 1]", "[0, 0.5, 0.9]", "benign.shares", "expected ascending numbers from 0 to 1")]
    [InlineData("[0.9, 0.3, 0]", "[0.9, 0.95, 0]", "benign.thresholds", "none above the one before")]
    [InlineData("[1, 0.9, 0]", "[1, 0]", "benign.thresholds_of_bytes", "for each of 3 shares")]
    [InlineData("\"flows\": 9", "\"flow\": 9", "benign.flow", "unknown property")]
    [InlineData("\"untuned\": true,", "\"malicious\": { \"flows\": 1, \"columns\": \"\" },", "malicious.columns", "identity or log1p")]
    public void A_mistake_is_named_with_its_file_and_field(string right, string wrong, string field, string problem)
    {
        Assert.Contains(right, Valid, StringComparison.Ordinal);
        AssertRefused(Valid.Replace(right, wrong, StringComparison.Ordinal), field, problem);
    }

    [Theory]
    [InlineData("# numbers", "line 1", "not JSON")]
    [InlineData("{", "line 1", "not JSON")]
    [InlineData("[]", "", "an array, expected an object")]
    [InlineData(
        """{ "schema": "flowmeter-model/1", "name": "m", "profile": "test", "intercept": 0, "features": [] }""", "features",
        "empty, expected at least one feature")]
    [InlineData(
        """{ "schema": "flowmeter-model/1", "name": "m", "profile": "test", "intercept": 0 }""", "features",
        "missing, expected an array of objects")]
    public void Another_document_is_refused(string json, string field, string problem) => AssertRefused(json, field, problem);

    [Fact]
    public void Bytes_that_are_no_text_are_refused()
    {
        ModelException error = Assert.Throws<ModelException>(() => ModelJson.Read(new byte[] { 0xD4, 0xC3, 0xB2, 0xA1 }, File, Profiles));
        Assert.Contains("not JSON: not UTF-8 text", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_cut_and_flipped_byte_is_read_or_refused()
    {
        byte[] valid = Encoding.UTF8.GetBytes(Valid);
        Random random = new(3);
        for (int i = 0; i < valid.Length; i++)
        {
            ReadOrRefuse(valid[..i]);
            byte[] flipped = [.. valid];
            flipped[i] = (byte)random.Next(256);
            ReadOrRefuse(flipped);
        }
    }

    private static void ReadOrRefuse(byte[] json)
    {
        try
        {
            _ = new Scorer(ModelJson.Read(json, File, Profiles), Profiles["test"]);
        }
        catch (ModelException error)
        {
            Assert.StartsWith(File, error.Message, StringComparison.Ordinal);
        }
    }

    private static void AssertRefused(string json, string field, string problem)
    {
        ModelException error = Assert.Throws<ModelException>(() => Read(json));
        Assert.StartsWith(field.Length == 0 ? $"{File}: " : $"{File}: {field}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Equal((File, field), (error.File, error.Field));
    }

    private static Model Read(string json) => ModelJson.Read(Encoding.UTF8.GetBytes(json), File, Profiles);

    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);
}
