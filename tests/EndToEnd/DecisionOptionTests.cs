using FlowMeter.Tests.Oracle;

namespace FlowMeter.Tests.EndToEnd;

/// <summary><c>--decide-after</c>: which models it takes, and what a table then says.</summary>
[Trait("Category", "EndToEnd")]
public sealed class DecisionOptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryFact]
    public void A_model_judges_where_it_was_trained_to_also_without_being_told()
    {
        string model = Model("flowmeter", "\"decide_after\": 6,");
        CsvTable table = FlowMeterBinary.Run(
            "read", Samples.Office, "--model", model, "--decide-after", "6", "--packets", _folder["p.csv"], "--summary", _folder["s.json"])
            .Table();
        for (int row = 0; row < table.Rows.Count; row++)
        {
            double packets = Math.Min(table.Number(row, "packets"), 6);
            Assert.Equal(1 / (1 + Math.Exp(5 - packets)), table.Number(row, "score"), 1e-9);
        }

        Assert.Equal(table.Set(), FlowMeterBinary.Run("read", Samples.Office, "--model", model).Table().Set());
        Summary summary = Summary.Read(_folder["s.json"]);
        Assert.Equal(6, summary["decide_after"].GetInt32());
        Assert.Equal(0, summary["data_reduction"].GetProperty("packets").GetDouble());
        HashSet<string> scores = [.. table.Texts("score")];
        Assert.Subset(scores, CsvTable.ReadFile(_folder["p.csv"]).Texts("score").Where(score => score.Length > 0).ToHashSet());
    }

    [BinaryTheory]
    [InlineData("flowmeter", "", "7", "model by packets was trained to judge whole flows; make one with flowmeter train --decide-after 7")]
    [InlineData(
        "flowmeter", "\"decide_after\": 6,", "7",
        "model by packets was trained to judge at packet 6; make one with flowmeter train --decide-after 7")]
    [InlineData("appflow", "\"decide_after\": 6,", "6", "profile appflow keeps lists of packets")]
    [InlineData("appflow", "\"decide_after\": 6,", "", "profile appflow keeps lists of packets")]
    public void Another_model_is_refused(string profile, string decision, string decideAfter, string problem)
    {
        string[] option = decideAfter.Length == 0 ? [] : ["--decide-after", decideAfter];
        Finished finished = FlowMeterBinary.Run(["read", Samples.Office, "--model", Model(profile, decision), .. option]);
        Assert.Contains(problem, finished.EndedWith(2).OnlyLine(), StringComparison.Ordinal);
    }

    [BinaryTheory]
    [InlineData("none", "there is no model to judge by")]
    [InlineData("", "was trained to judge whole flows")]
    public void So_are_none_and_the_one_inside(string model, string problem)
    {
        string[] option = model.Length == 0 ? [] : ["--model", model];
        Finished finished = FlowMeterBinary.Run(["read", Samples.Office, "--decide-after", "7", .. option]);
        Assert.Contains(problem, finished.EndedWith(2).OnlyLine(), StringComparison.Ordinal);
    }

    private string Model(string profile, string decision)
    {
        string feature = profile == "flowmeter" ? "packets" : Engine.Features.Profile.Find(profile)!.FeatureNames[0];
        return _folder.Write("m.json", $$"""
            { "schema": "flowmeter-model/1", "name": "by packets", "profile": "{{profile}}", "intercept": -5, {{decision}}
              "features": [ { "name": "{{feature}}", "transform": "identity", "centre": 0, "scale": 1, "weight": 1 } ] }
            """);
    }
}
