using System.Globalization;
using System.Text;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Tests.Scoring;

/// <summary>What pushed a score, against the plain definition.</summary>
public sealed unsafe class ExplainerTests
{
    [Theory]
    [InlineData(1, 3, 0)]
    [InlineData(2, 1, 0)]
    [InlineData(3, 20, 4)]
    [InlineData(4, 5, 2)]
    public void The_strongest_features_are_named_with_their_ranges(int seed, int most, int oddEvery)
    {
        Model model = WithShares(TestModels.Random(seed), seed);
        Explainer explainer = new(model, TestModels.Names, most);
        using FeatureBlock block = TestModels.Block(seed, oddEvery);
        foreach (Verdict verdict in VerdictText.All)
        {
            for (int flow = 0; flow < block.Count; flow++)
            {
                string[] parts = Explain(explainer, block, flow, verdict).Split("; ", StringSplitOptions.RemoveEmptyEntries);
                (string Text, double Deviation)[] expected = Plain(model, block, flow, verdict, most);
                Assert.Equal(expected.Select(push => push.Text), parts.Select(part => part[..part.LastIndexOf(' ')]));
                foreach ((string part, double deviation) in parts.Zip(expected.Select(push => push.Deviation)))
                {
                    string number = part[(part.LastIndexOf(' ') + 1)..];
                    Assert.Equal(deviation > 0 ? '+' : '-', number[0]);
                    Assert.Equal(Math.Round(deviation, 2), double.Parse(number, CultureInfo.InvariantCulture), 0.0051);
                }
            }
        }
    }

    [Fact]
    public void All_features_together_are_the_log_odds_less_those_of_the_average_flow()
    {
        Model model = WithShares(TestModels.Random(7), 7);
        Scorer scorer = new(model, TestModels.Names);
        Explainer explainer = new(model, TestModels.Names, 20);
        using FeatureBlock block = TestModels.Block(7, 0);
        double[] scores = new double[block.Count];
        scorer.Score(block, scores);
        ScorePush[] pushes = new ScorePush[20];
        for (int flow = 0; flow < block.Count; flow++)
        {
            fixed (ScorePush* first = pushes)
            {
                explainer.Find(block.Column(0) + flow, FeatureBlock.Stride, Verdict.Undecided, first);
            }

            double odds = Math.Log(scores[flow] / (1 - scores[flow]));
            double average = model.Intercept + model.Features.Sum(feature => feature.MeanShare);
            Assert.Equal(odds - average, pushes.Sum(push => push.Deviation), 1e-9);
        }
    }

    [Fact]
    public void Names_with_commas_and_quotes_are_quoted_and_large_pushes_written_whole()
    {
        Model model = new()
        {
            Name = "m",
            Profile = "test",
            Intercept = 0,
            Features = [ModelFeature.Identity("a,\"b\"", 0, 1, 1), ModelFeature.Bins("c", [], [5]), ModelFeature.Bins("d", [2], [1, 3])],
        };
        Explainer explainer = new(model, model.Features.Select(feature => feature.Name).ToArray(), 3);
        using FeatureBlock block = new(3) { Count = 1 };
        block.Column(0)[0] = 1e300;
        block.Column(2)[0] = 2;
        Assert.Equal("\"a,\"\"b\"\" 1e+300 +1e+300; d 2.. +1.00\"", Explain(explainer, block, 0, Verdict.Malicious));
        Assert.Equal("", Explain(explainer, block, 0, Verdict.Benign));
        block.Column(0)[0] = double.NaN;
        block.Column(2)[0] = double.NaN;
        Assert.Equal("\"d ..2 -1.00\"", Explain(explainer, block, 0, Verdict.Benign));
    }

    [Fact]
    public void Pairs_have_two_ranges_and_hashed_sizes_none()
    {
        string[] names = ["data_1", "data_2", "bytes"];
        Model model = new()
        {
            Name = "m",
            Profile = "test",
            Intercept = 0.5,
            Features =
            [
                ModelFeature.Pairs("bytes", "data_1", [10, 20], [-5], [1, 2, 3, 4, 5, 6], 0.25),
                ModelFeature.Hash(["data_1", "data_2"], [SizeNGrams.BucketOf(2, SizeNGrams.CodeOf(100), 0, 0)], [1.5], -0.5),
            ],
        };
        Explainer explainer = new(model, names, 2);
        using FeatureBlock block = new(3) { Count = 1 };
        (block.Column(0)[0], block.Column(1)[0], block.Column(2)[0]) = (-7, 100, 15);
        Assert.Equal("bytes × data_1 10..20 × ..-5 +2.75; data_1 … data_2 3 +2.00", Explain(explainer, block, 0, Verdict.Malicious));
        double[] score = new double[1];
        new Scorer(model, names).Score(block, score);
        Assert.Equal(0.5 + 0.25 - 0.5 + 2.75 + 2, Math.Log(score[0] / (1 - score[0])), 1e-9);
        (block.Column(1)[0], block.Column(2)[0]) = (0, double.NaN);
        Assert.Equal("bytes × data_1 ..10 × ..-5 +0.75; data_1 … data_2 1 +0.50", Explain(explainer, block, 0, Verdict.Malicious));
    }

    private static (string Text, double Deviation)[] Plain(Model model, FeatureBlock block, int flow, Verdict verdict, int most) =>
    [
        .. model.Features.Select(feature =>
        {
            double x = block.Column(Array.IndexOf(TestModels.Names, feature.Name))[flow];
            if (feature.Transform != Transform.Bins)
            {
                double value = feature.Transform == Transform.Identity ? x : Math.CopySign(Math.Log(1 + Math.Abs(x)), x);
                return ($"{feature.Name} {Shortest(x)}", double.IsNaN(x) ? 0 : feature.Weight / feature.Scale * (value - feature.Centre));
            }

            int bin = feature.Edges.Count(edge => edge <= x);
            double mean = feature.Weights.Zip(feature.Shares).Sum(each => each.First * each.Second);
            string from = bin == 0 ? "" : Shortest(feature.Edges[bin - 1]);
            string to = bin == feature.Edges.Length ? "" : Shortest(feature.Edges[bin]);
            return ($"{feature.Name} {from}..{to}", feature.Weights[bin] - mean);
        }).Where(push => verdict == Verdict.Malicious ? push.Item2 > 0 : verdict == Verdict.Benign ? push.Item2 < 0 : push.Item2 != 0)
        .OrderByDescending(push => Math.Abs(push.Item2)).Take(most),
    ];

    private static string Shortest(double value)
    {
        byte[] text = new byte[64];
        return Encoding.UTF8.GetString(text, 0, Engine.Text.ShortestDouble.Format(text, value));
    }

    private static string Explain(Explainer explainer, FeatureBlock block, int flow, Verdict verdict)
    {
        byte[] text = new byte[explainer.MaxLength];
        ScorePush[] pushes = new ScorePush[explainer.Most];
        fixed (ScorePush* found = pushes)
        fixed (byte* first = text)
        {
            explainer.Find(block.Column(0) + flow, FeatureBlock.Stride, verdict, found);
            return Encoding.UTF8.GetString(text, 0, (int)(explainer.Write(first, found) - first));
        }
    }

    private static Model WithShares(Model model, int seed)
    {
        Random random = new(seed);
        return model with
        {
            Features = [.. model.Features.Select(feature =>
            {
                double[] counts = [.. feature.Weights.Select(_ => random.NextDouble())];
                return feature.Transform == Transform.Bins
                    ? ModelFeature.Bins(feature.Name, feature.Edges, feature.Weights, [.. counts.Select(count => count / counts.Sum())])
                    : feature;
            })],
        };
    }
}
