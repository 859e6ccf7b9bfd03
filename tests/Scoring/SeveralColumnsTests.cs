using System.Text;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Numerics;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Tests.Scoring;

/// <summary>
/// Features of several columns, pairs and hash: the definition in docs/model-format.md, at every width, in the file and explained.
/// </summary>
public sealed unsafe class SeveralColumnsTests
{
    private static readonly string[] s_names = [.. Enumerable.Range(1, 6).Select(number => $"c_{number}")];

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 3)]
    [InlineData(3, 5)]
    public void Every_width_gives_the_bits_of_the_plain_definition(int seed, int oddEvery)
    {
        Model model = Random(seed);
        Scorer scorer = new(model, s_names);
        using FeatureBlock block = Block(seed, oddEvery);
        for (int count = 0; count <= FeatureBlock.Capacity; count += count < 20 ? 1 : 11)
        {
            Check<Lanes1>(scorer, model, block, count);
            Check<Lanes2>(scorer, model, block, count);
            Check<Lanes4>(scorer, model, block, count);
            Check<Lanes8>(scorer, model, block, count);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(double.NaN, 0)]
    [InlineData(0.99, 0)]
    [InlineData(1, 2)]
    [InlineData(-1, 3)]
    [InlineData(517, 20)]
    [InlineData(-1448, 23)]
    [InlineData(1024, 22)]
    [InlineData(1e300, 62)]
    [InlineData(double.NegativeInfinity, 63)]
    public void The_code_of_a_size_is_its_number_of_bits_and_its_direction(double size, int code) =>
        Assert.Equal(code, SizeNGrams.CodeOf(size));

    [Fact]
    public void The_example_of_the_documentation_is_computed()
    {
        ushort[] buckets = new ushort[SizeNGrams.CountOf(4)];
        SizeNGrams.Fill([517, -1448, -1448, 0], buckets);
        Assert.Equal([4302, 305, 15083, SizeNGrams.None, 1748, 15741, SizeNGrams.None, 13971, SizeNGrams.None], buckets);
        ModelFeature feature = ModelFeature.Hash(["a", "b", "c", "d"], [305, 1748, 9999, 13971], [0.25, -0.5, 7, 1], 0.5);
        Assert.Equal((6, 0.75), SizeNGrams.Weigh(feature, [517, -1448, -1448, 0]));
        Scorer scorer = new(new Model { Name = "m", Profile = "test", Intercept = 0, Features = [feature] }, ["a", "b", "c", "d"]);
        Assert.Equal(1 / (1 + Math.Exp(-0.75)), scorer.ScoreOne([517, -1448, -1448, 0]), 1e-15);
    }

    [Fact]
    public void The_file_gives_back_what_was_written()
    {
        Model model = Random(4);
        using MemoryStream stream = new();
        ModelJson.Write(model, stream);
        Model read = ModelJson.Read(stream.ToArray(), "m.json", new Dictionary<string, IReadOnlyList<string>> { ["test"] = s_names });
        foreach ((ModelFeature written, ModelFeature back) in model.Features.Zip(read.Features))
        {
            Assert.Equal((written.Name, written.Transform, written.Mean), (back.Name, back.Transform, back.Mean));
            Assert.Equal(written.Names.AsEnumerable(), back.Names.AsEnumerable());
            Assert.Equal(written.Edges.AsEnumerable(), back.Edges.AsEnumerable());
            Assert.Equal(written.SecondEdges.AsEnumerable(), back.SecondEdges.AsEnumerable());
            Assert.Equal(written.Buckets.AsEnumerable(), back.Buckets.AsEnumerable());
            Assert.Equal(written.Weights.AsEnumerable(), back.Weights.AsEnumerable());
        }

        Assert.Equal(s_names.Order(), read.Columns.Order());
    }

    [Theory]
    [InlineData("""{ "names": ["c_1", "c_9"], "transform": "pairs", "edges": [], "second_edges": [], "weights": [0] }""", "names[1]")]
    [InlineData("""{ "names": ["c_1"], "transform": "pairs", "edges": [], "second_edges": [], "weights": [0] }""", "names")]
    [InlineData("""{ "names": ["c_1", "c_1"], "transform": "pairs", "edges": [], "second_edges": [], "weights": [0] }""", "names")]
    [InlineData("""{ "names": ["c_1", "c_2"], "transform": "pairs", "edges": [2, 1], "second_edges": [], "weights": [0] }""", "edges[1]")]
    [InlineData(
        """{ "names": ["c_1", "c_2"], "transform": "pairs", "edges": [1], "second_edges": [2, 2], "weights": [0] }""", "second_edges[1]")]
    [InlineData("""{ "names": ["c_1", "c_2"], "transform": "pairs", "edges": [1], "second_edges": [2], "weights": [0, 1] }""", "weights")]
    [InlineData(
        """{ "names": ["c_1", "c_2"], "transform": "pairs", "mean": 1e999, "edges": [], "second_edges": [], "weights": [0] }""", "mean")]
    [InlineData("""{ "names": [], "transform": "hash", "buckets": [], "weights": [] }""", "names")]
    [InlineData("""{ "names": ["c_1", "c_1"], "transform": "hash", "buckets": [], "weights": [] }""", "names")]
    [InlineData("""{ "names": ["c_1", 2], "transform": "hash", "buckets": [], "weights": [] }""", "names[1]")]
    [InlineData("""{ "names": ["c_1"], "transform": "hash", "buckets": [16384], "weights": [1] }""", "buckets[0]")]
    [InlineData("""{ "names": ["c_1"], "transform": "hash", "buckets": [5, 5], "weights": [1, 2] }""", "buckets[1]")]
    [InlineData("""{ "names": ["c_1"], "transform": "hash", "buckets": [0.5], "weights": [1] }""", "buckets[0]")]
    [InlineData("""{ "names": ["c_1"], "transform": "hash", "buckets": [5], "weights": [1, 2] }""", "weights")]
    [InlineData("""{ "names": ["c_1"], "transform": "hash", "buckets": [5], "weights": [1e999] }""", "weights[0]")]
    [InlineData("""{ "name": "c_1", "transform": "hash", "buckets": [5], "weights": [1] }""", "name")]
    public void A_broken_feature_is_refused_with_its_place(string feature, string field)
    {
        string json = $$"""{ "schema": "flowmeter-model/1", "name": "m", "profile": "test", "intercept": 0, "features": [{{feature}}] }""";
        ModelException error = Assert.Throws<ModelException>(() => ModelJson.Read(
            Encoding.UTF8.GetBytes(json), "m.json", new Dictionary<string, IReadOnlyList<string>> { ["test"] = s_names }));
        Assert.Equal($"features[0].{field}", error.Field);
    }

    [Fact]
    public void The_same_pair_twice_is_refused_and_a_pair_beside_its_features_is_not()
    {
        ModelFeature pair = ModelFeature.Pairs("c_1", "c_2", [1], [], [0.5, 0.25]);
        Model model = new() { Name = "m", Profile = "test", Intercept = 0, Features = [ModelFeature.Bins("c_1", [], [1]), pair] };
        ModelRules.Check(model, s_names, "m.json");
        ModelException error = Assert.Throws<ModelException>(
            () => ModelRules.Check(model with { Features = [pair, pair] }, s_names, "m.json"));
        Assert.Equal("features[1].names", error.Field);
    }

    [Fact]
    public void An_explanation_names_both_features_with_their_ranges()
    {
        Model model = new()
        {
            Name = "m",
            Profile = "test",
            Intercept = 0,
            Features =
            [
                ModelFeature.Pairs("c_1", "c_2", [1, 5], [2], [0, 0, 0, 3, 0, 0], 0.5),
                ModelFeature.Hash(["c_3", "c_4"], [SizeNGrams.BucketOf(1, 20, 0, 0)], [1], 0.25),
            ],
        };
        Explainer explainer = new(model, s_names, 2);
        double[] row = [4, 7, 600, 0, 0, 0];
        ScorePush[] pushes = new ScorePush[2];
        byte[] text = new byte[explainer.MaxLength];
        fixed (double* values = row)
        fixed (ScorePush* found = pushes)
        fixed (byte* at = text)
        {
            explainer.Find(values, 1, Verdict.Malicious, found);
            Assert.Equal(
                "c_1 × c_2 1..5 × 2.. +2.50; c_3 … c_4 1 +0.75", Encoding.UTF8.GetString(text, 0, (int)(explainer.Write(at, found) - at)));
        }
    }

    private static Model Random(int seed)
    {
        Random random = new(seed);
        double[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.5)];
        double[] Edges(int most) => [.. Enumerable.Range(0, random.Next(most)).Select(_ => (double)random.Next(900)).Distinct().Order()];
        ModelFeature Pair(string first, string second)
        {
            (double[] edges, double[] others) = (Edges(30), Edges(30));
            return ModelFeature.Pairs(
                first, second, [.. edges], [.. others], [.. Numbers((edges.Length + 1) * (others.Length + 1))], random.NextDouble());
        }

        int[] buckets = [.. Enumerable.Range(0, SizeNGrams.Buckets).Where(_ => random.Next(3) == 0)];
        return new Model
        {
            Name = "several",
            Profile = "test",
            Intercept = random.NextDouble(),
            Features =
            [
                ModelFeature.Identity("c_6", 3, 100, 0.5),
                Pair("c_2", "c_5"),
                ModelFeature.Hash(["c_5", "c_1", "c_3", "c_4", "c_2"], [.. buckets], [.. Numbers(buckets.Length)], 0.5),
                Pair("c_5", "c_1"),
            ],
        };
    }

    private static FeatureBlock Block(int seed, int oddEvery)
    {
        Random random = new(100 + seed);
        FeatureBlock block = new(s_names.Length) { Count = FeatureBlock.Capacity };
        for (int i = 0; i < s_names.Length * FeatureBlock.Capacity; i++)
        {
            block.Column(i % s_names.Length)[i / s_names.Length] = oddEvery > 0 && random.Next(oddEvery) == 0
                ? TestModels.OddValues[random.Next(TestModels.OddValues.Length)]
                : random.Next(4) == 0 ? 0 : Math.Floor(Math.Pow(10, random.NextDouble() * 3)) * (random.Next(2) == 0 ? 1 : -1);
        }

        return block;
    }

    private static void Check<TLanes>(Scorer scorer, Model model, FeatureBlock block, int count)
        where TLanes : struct, ILanes<TLanes>
    {
        double[] scores = new double[count + 1];
        scores[count] = -7;
        fixed (double* z = scores)
        {
            scorer.Score<TLanes>(block.Column(0), FeatureBlock.Stride, count, z);
        }

        Assert.Equal(-7, scores[count]);
        for (int flow = 0; flow < count; flow++)
        {
            Assert.Equal(Plain(model, block, flow), scores[flow]);
        }
    }

    private static double Plain(Model model, FeatureBlock block, int flow)
    {
        double Value(string name) => block.Column(Array.IndexOf(s_names, name))[flow];
        ModelFeature line = model.Features[0];
        double slope = line.Weight / line.Scale;
        double z = model.Intercept - (slope * line.Centre);
        double x = Value(line.Name);
        double share = slope * (double.IsNaN(x) ? line.Centre : x);
        bool isInfinite = double.IsInfinity(z + share);
        double sum = z + share;
        foreach (ModelFeature feature in model.Features.Skip(1))
        {
            sum += feature.Transform == Transform.Hash ? Hashed(feature, [.. feature.Names.Select(Value)])
                : feature.Weights[(feature.Edges.Count(edge => edge <= Value(feature.Names[0])) * (feature.SecondEdges.Length + 1))
                    + feature.SecondEdges.Count(edge => edge <= Value(feature.Names[1]))];
        }

        double probability = double.IsPositiveInfinity(sum) ? 1 : double.IsNegativeInfinity(sum) ? 0 : double.NaN;
        Lanes1 odds = LaneMath.Exp(Lanes1.Broadcast(0 - sum));
        return isInfinite ? probability : 1 / (1 + odds.Value);
    }

    /// <summary>
    /// The definition by whole numbers: bits of a size counted by halving, the product of 128 bits, its places by division.
    /// </summary>
    private static double Hashed(ModelFeature feature, double[] sizes)
    {
        int[] codes = [.. sizes.Select(size =>
        {
            int bits = 0;
            for (double rest = Math.Abs(size); rest >= 1 && bits < 31; rest /= 2)
            {
                bits++;
            }

            return bits == 0 ? 0 : (2 * bits) + (size < 0 ? 1 : 0);
        })];
        double sum = 0;
        for (int length = 1; length <= 3; length++)
        {
            for (int first = 0; first + length <= codes.Length; first++)
            {
                int[] gram = codes[first..(first + length)];
                if (gram.All(code => code > 0))
                {
                    UInt128 key = (UInt128)gram.Reverse().Aggregate(0L, (all, code) => (all * 64) + code)
                        + (length == 1 ? (UInt128)(262144L * (first + 1)) : 0);
                    UInt128 bucket = (key * 11400714819323198485 % ((UInt128)1 << 64)) / ((UInt128)1 << 50);
                    int place = feature.Buckets.IndexOf((int)bucket);
                    sum += place < 0 ? 0 : feature.Weights[place];
                }
            }
        }

        return sum;
    }
}
