using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Scoring;
using FlowMeter.Tests.Scoring;

namespace FlowMeter.Tests.Fuzz;

/// <summary>
/// A model from a stranger: refused, or it is written and read back as the same, scores whatever a flow may be, and explains it.
/// </summary>
internal static class ModelTarget
{
    private static readonly Dictionary<string, IReadOnlyList<string>> s_profiles =
        new(Profile.All.Select(profile => KeyValuePair.Create(profile.Name, profile.FeatureNames)))
        {
            ["table"] = ["x", "y", "bytes", "a \"quoted\", name"],
        };

    public static void Run(byte[] bytes)
    {
        Model model;
        try
        {
            model = ModelJson.Read(bytes, "model", s_profiles);
        }
        catch (ModelException)
        {
            return;
        }

        byte[] written = Written(model);
        Assert.Equal(written, Written(ModelJson.Read(written, "model", s_profiles)));
        Score(model);
        _ = DriftGroups.From(model, s_profiles[model.Profile]);
        _ = model.Benign?.ThresholdOf(new Budget(BudgetUnit.AlarmsADay, 3));
    }

    private static byte[] Written(Model model)
    {
        using MemoryStream json = new();
        ModelJson.Write(model, json);
        return json.ToArray();
    }

    private static void Score(Model model)
    {
        const int Explained = 4;
        using RowScorer scorer = new(model, Explained);
        VerdictRule rule = new(model);
        byte[] text = new byte[scorer.MaxExplanation];
        double[] row = new double[model.Columns.Count];
        double[] values = [.. TestModels.OddValues, 1, 6, 17, 1500, 1e6, 1e18];
        for (int flow = 0; flow < values.Length; flow++)
        {
            for (int column = 0; column < row.Length; column++)
            {
                row[column] = values[(flow + (column * 7)) % values.Length];
            }

            scorer.Add(row);
        }

        ReadOnlySpan<double> scores = scorer.Score();
        for (int flow = 0; flow < scores.Length; flow++)
        {
            Assert.True(scores[flow] is >= 0 and <= 1 or double.NaN, $"a probability of {scores[flow]}");
            Verdict verdict = rule.Decide(scores[flow], 100);
            Assert.InRange(scorer.Explain(flow, verdict, text), 0, text.Length);
        }
    }
}
