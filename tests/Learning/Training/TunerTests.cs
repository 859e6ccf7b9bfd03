using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;
using FlowMeter.Learning.Evaluation;
using FlowMeter.Learning.Training;

namespace FlowMeter.Tests.Learning.Training;

/// <summary>A model fitted to the benign flows of another network.</summary>
public sealed class TunerTests
{
    private static readonly TrainingOptions s_training = new()
    {
        Transforms = [new(Transform.Bins, 16)],
        Cs = [0.1],
        Folds = 3,
        SplitBy = SplitBy.Capture,
        HoldOut = 0,
        KeepsMalicious = true,
        MinPackets = 1,
        Budget = new Budget(BudgetUnit.Flows, 0.05),
        Name = "base",
    };

    private static readonly DataSet s_elsewhere = Network(1, 1500, 0, positives: 0.4, captures: 20);
    private static readonly Lazy<Model> s_base = new(() => Train(s_training) with { IsUntuned = true });

    [Theory]
    [InlineData(10, SplitBy.Capture, 10)]
    [InlineData(1, SplitBy.Time, 20)]
    public void False_alarms_come_down_to_the_budget_in_another_network(int captures, SplitBy by, int units)
    {
        // Here what was rare elsewhere is common: the model as it was takes three times the budget of it for malicious.
        DataSet user = Network(2, 1200, 1.2, positives: 0, captures);
        TuningResult result = Tune(user, new TuningOptions());
        Assert.InRange(result.Before["benign_called_malicious"].Value!.Value, 0.12, 1);
        Assert.InRange(result.Expected["benign_called_malicious"].Value!.Value, 0.02, 0.08);
        Assert.InRange(result.Unseen["benign_called_malicious"].Value!.Value, 0.03, 0.05);
        Assert.Equal((true, by), (result.IsRefitted, result.SplitBy));
        Assert.Equal(units + 20, result.Unseen.Captures.Count);
        Assert.Equal((1200, s_elsewhere.Positives), (result.Benign, result.Malicious));

        // The same holds of flows of that network that tuning has never seen.
        DataSet later = Network(3, 3000, 1.2, positives: 0.2, 1);
        double[] scores = ScoredFlows.Score(result.Model, later);
        double Share(bool positive) => later.AllRows().Where(row => later.Positive[row] == positive)
            .Average(row => scores[row] >= result.Model.Threshold ? 1.0 : 0);
        Assert.InRange(Share(false), 0.02, 0.09);
        Assert.InRange(Share(true), Share(false) + 0.3, 1);
    }

    [Fact]
    public void The_model_is_tuned_and_can_be_tuned_again()
    {
        DataSet user = Network(4, 400, 0.8, positives: 0, captures: 8);
        Model model = Tune(user, new TuningOptions { Name = "mine" }).Model;
        Assert.Equal(("mine", false), (model.Name, model.IsUntuned));
        Assert.Equal("flowmeter tune", model.Trained!.Value.GetProperty("by").GetString());
        Assert.Equal("base", model.Trained.Value.GetProperty("base").GetString());
        Assert.Equal(s_base.Value.Features.Select(feature => feature.Edges), model.Features.Select(feature => feature.Edges));
        Assert.Equal(s_base.Value.Malicious!.Bins, model.Malicious!.Bins);
        Assert.NotEqual(s_base.Value.Features[0].Shares.AsEnumerable(), model.Features[0].Shares);
        Assert.Equal(model.Threshold, model.Benign!.ThresholdOf(new Budget(BudgetUnit.Flows, 0.05)));
        Dictionary<string, IReadOnlyList<string>> names = new() { [DataSet.TableProfile] = user.Features };
        byte[] written = Written(model);
        Assert.Equal(written, Written(ModelJson.Read(written, "mine", names)));
        Assert.Equal(written, Written(Tune(user, new TuningOptions { Name = "mine" }).Model));
        Assert.Equal(
            s_elsewhere.Positives, Tuner.Tune(model, user, [], new TuningOptions(), _ => { }, _ => { }).Malicious);
    }

    /// <summary>Bins are all that a fit to bins looks at, so the flows themselves give the same weights.</summary>
    [Fact]
    public void The_bins_that_are_kept_give_the_weights_of_the_flows_themselves()
    {
        DataSet user = Network(5, 300, 0.5, positives: 0, captures: 5);
        Model kept = new TuningFit(TuningData.Join(user, s_base.Value, 1), s_base.Value, default).FitAll(0.1).Model;
        DataSetBuilder builder = new(DataSet.TableProfile, user.Features);
        foreach (DataSet data in new[] { user, s_elsewhere })
        {
            foreach (int row in data.AllRows().Where(row => data == user || data.Positive[row]))
            {
                builder.Add([.. data.Columns.Select(column => column[row])], data.Positive[row], "x", row, null);
            }
        }

        Model without = s_base.Value with { Malicious = null };
        Model direct = new TuningFit(TuningData.Join(builder.Build(), without, 1), without, default).FitAll(0.1).Model;
        Assert.Equal(kept.Intercept, direct.Intercept, 1e-12);
        foreach ((ModelFeature one, ModelFeature other) in kept.Features.Zip(direct.Features))
        {
            Assert.All(one.Weights.Zip(other.Weights), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
            Assert.Equal(one.Shares.AsEnumerable(), other.Shares);
        }
    }

    /// <summary>The same of a model of pairs and hashed sizes, which look at the same columns with other edges.</summary>
    [Fact]
    public void Pairs_and_hashed_sizes_are_fitted_again_from_what_is_kept()
    {
        DataSet Sizes(int seed, double positives)
        {
            Random random = new(seed);
            double[][] rows = [.. Enumerable.Range(0, 400).Select(_ => Enumerable.Range(0, 4).Select(_ => random.Next(9) == 0
                ? double.NaN
                : Math.Round((random.NextDouble() - 0.3) * Math.Pow(10, random.Next(5)))).ToArray())];
            return TrainingData.Of(rows, [.. rows.Select(_ => random.NextDouble() < positives)], [.. rows.Select((_, i) => i % 9)]);
        }

        DataSet user = Sizes(1, 0);
        DataSet elsewhere = Sizes(2, 0.5);
        Model model = new()
        {
            Name = "base",
            Profile = DataSet.TableProfile,
            Intercept = 0,
            Features =
            [
                ModelFeature.Bins("feature_0", [-50, -1, 0, 3.5, 300], [0, 0, 0, 0, 0, 0]),
                ModelFeature.Bins("feature_1", [1, 64, 1000], [0, 0, 0, 0]),
                ModelFeature.Pairs("feature_0", "feature_1", [-2, 0.5], [2], [0, 0, 0, 0, 0, 0]),
                ModelFeature.Hash(["feature_2", "feature_1", "feature_3"], [], []),
            ],
        };
        model = model with { Malicious = KeptMalicious.From(model, elsewhere, elsewhere.AllRows()) };
        Model kept = new TuningFit(TuningData.Join(user, model, 1), model, default).FitAll(1).Model;
        DataSetBuilder builder = new(DataSet.TableProfile, user.Features);
        foreach (DataSet data in new[] { user, elsewhere })
        {
            foreach (int row in data.AllRows().Where(row => data == user || data.Positive[row]))
            {
                builder.Add([.. data.Columns.Select(column => column[row])], data.Positive[row], "x", row, null);
            }
        }

        DataSet all = builder.Build();
        Model without = model with { Malicious = null };
        Model direct = new TuningFit(TuningData.Join(all, without, 1), without, default).FitAll(1).Model;
        Assert.Equal(kept.Features[3].Buckets.AsEnumerable(), direct.Features[3].Buckets);
        Assert.Equal(ScoredFlows.Score(kept, all), ScoredFlows.Score(direct, all));
        Assert.True(Ranking.Area(ScoredFlows.Score(kept, all), all.Positive) > 0.6);
        Assert.All(kept.Features.Zip(direct.Features), pair => Assert.Equal(pair.First.MeanShare, pair.Second.MeanShare, 1e-12));
        Assert.All(kept.Features, feature => Assert.NotEqual(0, feature.MeanShare));
    }

    [Fact]
    public void Without_malicious_flows_only_the_thresholds_move_and_that_is_said()
    {
        DataSet user = Network(6, 500, 1, positives: 0, captures: 6);
        List<string> told = [];
        Model without = s_base.Value with { Malicious = null };
        TuningResult result = Tuner.Tune(without, user, [], new TuningOptions(), told.Add, _ => { });
        Assert.Equal(
            "model base carries no malicious flows (train --keep-malicious keeps them): its weights stay, only the thresholds move",
            Assert.Single(told));
        Assert.False(result.IsRefitted);
        Assert.Equal(without.Features, result.Model.Features);
        double[] scores = ScoredFlows.Score(without, user);
        Assert.InRange(scores.Count(score => score >= result.Model.Threshold), 20, 25);

        // The user's own malicious flows are enough to fit.
        Assert.True(Tuner.Tune(
            without, Network(7, 500, 1, positives: 0.3, captures: 6), [], new TuningOptions(), told.Add, _ => { }).IsRefitted);
        Assert.Single(told);
    }

    [Fact]
    public void Too_few_flows_and_unknown_rates_are_refused()
    {
        DataException few = Assert.Throws<DataException>(() => Tune(Network(8, 99, 1, positives: 0, captures: 6), new TuningOptions()));
        Assert.StartsWith("99 benign flows of 1 packets and more are too few", few.Message, StringComparison.Ordinal);
        DataSet user = Network(9, 200, 1, positives: 0, captures: 6);
        Assert.Contains("in a day is not known", Assert.Throws<DataException>(
            () => Tune(user, new TuningOptions { Budget = new Budget(BudgetUnit.AlarmsADay, 3) })).Message, StringComparison.Ordinal);
    }

    private static TuningResult Tune(DataSet user, TuningOptions options) =>
        Tuner.Tune(s_base.Value, user, ["here"], options, _ => { }, _ => { });

    private static Model Train(TrainingOptions options) => Trainer.Train(s_elsewhere, ["there"], options, _ => { }, _ => { }).Model;

    /// <summary>
    /// Flows of a network: malicious ones are high in feature 0 everywhere; benign ones are shifted in feature 1 by what is usual here,
    /// which malicious ones of other networks are, too.
    /// </summary>
    private static DataSet Network(int seed, int count, double shift, double positives, int captures)
    {
        Random random = new(seed);
        double Normal() => Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6;
        bool[] positive = [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() < positives)];
        double[][] rows = [.. positive.Select(isMalicious => new[]
        {
            Normal() + (isMalicious ? 2 : 0), Normal() + (isMalicious ? 1.5 : shift), Math.Exp(Normal()), random.Next(5),
        })];
        return TrainingData.Of(rows, positive, [.. Enumerable.Range(0, count).Select(row => row * captures / count)]);
    }

    private static byte[] Written(Model model)
    {
        using MemoryStream stream = new();
        ModelJson.Write(model, stream);
        return stream.ToArray();
    }
}
