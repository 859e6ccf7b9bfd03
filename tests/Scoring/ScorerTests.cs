using FlowMeter.Engine.Features;
using FlowMeter.Engine.Numerics;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Tests.Scoring;

public sealed unsafe class ScorerTests
{
    private const double Untouched = -7;

    public static TheoryData<int, int> Seeds()
    {
        TheoryData<int, int> seeds = [];
        for (int seed = 1; seed <= 6; seed++)
        {
            seeds.Add(seed, seed % 3 == 0 ? 0 : 4 * seed);
        }

        return seeds;
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_width_gives_the_bits_of_the_plain_definition(int seed, int oddEvery)
    {
        Model model = TestModels.Random(seed);
        Scorer scorer = new(model, TestModels.Names);
        using FeatureBlock block = TestModels.Block(seed, oddEvery);
        long[] expected = [.. Enumerable.Range(0, FeatureBlock.Capacity).Select(flow => Bits(PlainScore(model, block, flow)))];

        foreach (int count in Enumerable.Range(0, FeatureBlock.Capacity + 1))
        {
            Check<Lanes1>(scorer, block, count, expected);
            Check<Lanes2>(scorer, block, count, expected);
            Check<Lanes4>(scorer, block, count, expected);
            Check<Lanes8>(scorer, block, count, expected);

            block.Count = count;
            double[] probability = new double[count];
            scorer.Score(block, probability);
            Assert.Equal(expected[..count], probability.Select(Bits));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void One_flow_alone_gets_the_same_bits(int seed, int oddEvery)
    {
        Model model = TestModels.Random(seed);
        Scorer scorer = new(model, TestModels.Names);
        using FeatureBlock block = TestModels.Block(seed, oddEvery);
        double[] features = new double[TestModels.FeatureCount];
        for (int flow = 0; flow < FeatureBlock.Capacity; flow++)
        {
            for (int feature = 0; feature < features.Length; feature++)
            {
                features[feature] = block.Column(feature)[flow];
            }

            Assert.Equal(Bits(PlainScore(model, block, flow)), Bits(scorer.ScoreOne(features)));
        }
    }

    [Fact]
    public void Finite_features_score_as_the_formula_says()
    {
        Model model = TestModels.Random(5);
        Scorer scorer = new(model, TestModels.Names);
        using FeatureBlock block = TestModels.Block(5, 0);
        double[] probability = new double[block.Count];
        scorer.Score(block, probability);
        for (int flow = 0; flow < block.Count; flow++)
        {
            double z = model.Intercept;
            foreach (ModelFeature feature in model.Features)
            {
                double x = block.Column(Array.IndexOf(TestModels.Names, feature.Name))[flow];
                z += feature.Transform switch
                {
                    Transform.Identity => feature.Weight * (x - feature.Centre) / feature.Scale,
                    Transform.Log1P => feature.Weight * (Math.Log(1 + x) - feature.Centre) / feature.Scale,
                    _ => feature.Weights[feature.Edges.Count(edge => edge <= x)],
                };
            }

            Assert.Equal(1 / (1 + Math.Exp(-z)), probability[flow], 1e-13);
        }
    }

    [Theory]
    [InlineData(double.NaN, 10)]
    [InlineData(double.NegativeInfinity, 10)]
    [InlineData(0.999, 10)]
    [InlineData(1, 20)]
    [InlineData(1.999, 20)]
    [InlineData(2, 30)]
    [InlineData(double.PositiveInfinity, 30)]
    public void The_bin_is_the_number_of_edges_that_are_at_most_the_value(double value, double weight)
    {
        double z = 0;
        fixed (double* edges = (double[])[1, 2])
        fixed (double* weights = (double[])[10, 20, 30])
        {
            ScoreKernel.AddBins<Lanes1>(&value, edges, 2, weights, &z, 1);
        }

        Assert.Equal(weight, z);
    }

    [Fact]
    public void An_unusable_scale_of_values_still_gives_a_probability()
    {
        Scorer scorer = new(Single(ModelFeature.Identity("x", 0, 1, 1)), ["x"]);
        Assert.Equal(1, scorer.ScoreOne([double.PositiveInfinity]));
        Assert.Equal(0, scorer.ScoreOne([double.NegativeInfinity]));
        Assert.Equal(0.5, scorer.ScoreOne([0]));
        Assert.Equal(0.5, scorer.ScoreOne([double.NaN]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void No_features_and_no_weights_give_a_score_of_NaN(int seed)
    {
        for (int round = 0; round < 40; round++)
        {
            Model model = TestModels.Extreme((100 * seed) + round);
            Scorer scorer = new(model, TestModels.Names);
            using FeatureBlock block = TestModels.Block((100 * seed) + round, 2);
            double[] scores = [.. Enumerable.Range(0, FeatureBlock.Capacity).Select(flow => PlainScore(model, block, flow))];
            Assert.All(scores, score => Assert.InRange(score, 0, 1));
            long[] expected = [.. scores.Select(Bits)];
            Check<Lanes1>(scorer, block, FeatureBlock.Capacity, expected);
            Check<Lanes2>(scorer, block, FeatureBlock.Capacity - 1, expected);
            Check<Lanes4>(scorer, block, FeatureBlock.Capacity - 3, expected);
            Check<Lanes8>(scorer, block, FeatureBlock.Capacity - 5, expected);
        }
    }

    [Fact]
    public void Infinite_shares_decide_only_where_they_are_of_one_sign()
    {
        Model model = new()
        {
            Name = "two", Profile = "test", Intercept = 1,
            Features = [ModelFeature.Identity("up", 2, 1, 1e10), ModelFeature.Log1P("down", 3, 1, -1), ModelFeature.Identity(
                "none", 0, 1, 0)],
        };
        Scorer scorer = new(model, ["up", "down", "none"]);
        double plain = scorer.ScoreOne([2, Math.Exp(3) - 1, 0]);
        Assert.Equal(1 / (1 + Math.Exp(-1)), plain, 1e-12);
        Assert.Equal(1, scorer.ScoreOne([1e300, 5, double.PositiveInfinity]));
        Assert.Equal(0, scorer.ScoreOne([2, double.PositiveInfinity, double.NaN]));
        Assert.Equal(1 / (1 + Math.Exp(-1)), scorer.ScoreOne([double.NaN, double.NaN, double.NegativeInfinity]), 1e-5);

        // What is left of the sum is the intercept less both centres, which the infinite shares would have outweighed.
        Assert.Equal(0, scorer.ScoreOne([double.PositiveInfinity, double.PositiveInfinity, 0]));
    }

    [Fact]
    public void Wrong_shapes_are_refused()
    {
        Scorer scorer = new(TestModels.Random(1), TestModels.Names);
        using FeatureBlock block = TestModels.Block(1, 0);
        using FeatureBlock narrow = new(TestModels.FeatureCount - 1);
        Assert.Throws<ArgumentException>(() => scorer.Score(block, new double[FeatureBlock.Capacity - 1]));
        Assert.Throws<ArgumentException>(() => scorer.Score(narrow, new double[FeatureBlock.Capacity]));
        ModelException error = Assert.Throws<ModelException>(() => new Scorer(Single(ModelFeature.Identity("y", 0, 1, 1)), ["x"]));
        Assert.Equal("features[0].name", error.Field);
    }

    [Fact]
    public void The_width_is_one_that_the_tests_cover() => Assert.Contains(Scorer.Width, (int[])[1, 2, 4, 8]);

    private static Model Single(ModelFeature feature) => new() { Name = "one", Profile = "test", Intercept = 0, Features = [feature] };

    private static void Check<TLanes>(Scorer scorer, FeatureBlock block, int count, long[] expected)
        where TLanes : struct, ILanes<TLanes>
    {
        double[] probability = new double[count + 16];
        Array.Fill(probability, Untouched);
        fixed (double* z = probability)
        {
            scorer.Score<TLanes>(block.Column(0), FeatureBlock.Stride, count, z);
        }

        Assert.Equal(expected[..count], probability.Take(count).Select(Bits));
        Assert.All(probability.Skip(count), value => Assert.Equal(Untouched, value));
    }

    // What SPEC and Transform say, in the scorer's order of operations but none of its code except the two functions that have tests of
    // their own.
    private static double PlainScore(Model model, FeatureBlock block, int flow)
    {
        double z = model.Intercept;
        foreach (ModelFeature feature in model.Features)
        {
            z -= feature.Weight / feature.Scale * feature.Centre;
        }

        double plain = z;
        HashSet<double> infinite = [];
        foreach (ModelFeature feature in model.Features)
        {
            double x = block.Column(Array.IndexOf(TestModels.Names, feature.Name))[flow];
            double slope = feature.Weight / feature.Scale;
            double share = feature.Transform == Transform.Bins ? feature.Weights[feature.Edges.Count(edge => edge <= x)]
                : double.IsNaN(x) ? slope * feature.Centre
                : slope == 0 ? 0
                : slope * (feature.Transform == Transform.Identity ? x : Value(LaneMath.SignedLog1P(Lanes1.Broadcast(x))));
            plain += feature.Transform == Transform.Bins
                ? share
                : slope * (feature.Transform == Transform.Identity ? x : Value(LaneMath.SignedLog1P(Lanes1.Broadcast(x))));
            if (double.IsInfinity(z + share))
            {
                infinite.Add(z + share);
            }
            else
            {
                z += share;
            }
        }

        return 1
            / (1 + Value(LaneMath.Exp(Lanes1.Broadcast(0 - (!double.IsNaN(plain) ? plain : infinite.Count == 1 ? infinite.Single() : z)))));
    }

    private static double Value(Lanes1 lane)
    {
        double value;
        lane.Store(&value);
        return value;
    }

    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);
}
