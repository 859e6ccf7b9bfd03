using FlowMeter.Engine.Features;
using FlowMeter.Engine.Scoring;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.EndToEnd;

[Trait("Category", "EndToEnd")]
public sealed class ModelTests : IDisposable
{
    private const string ByPackets = """
        { "schema": "flowmeter-model/1", "name": "by packets", "profile": "flowmeter", "intercept": -5, "least_packets": 2,
          "features": [ { "name": "packets", "transform": "identity", "centre": 0, "scale": 1, "weight": 1 } ] }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryFact]
    public void A_model_adds_the_score_and_the_verdict_that_it_defines()
    {
        CsvTable table = FlowMeterBinary.Run("read", Samples.Office, "--model", _folder.Write("m.json", ByPackets)).Table();
        Assert.Equal(["score", "verdict"], table.Header[^2..]);
        for (int row = 0; row < table.Rows.Count; row++)
        {
            double packets = table.Number(row, "packets");
            Assert.Equal(1 / (1 + Math.Exp(5 - packets)), table.Number(row, "score"), 1e-9);
            Assert.Equal(packets < 2 ? "undecided" : packets < 5 ? "benign" : "malicious", table.Text(row, "verdict"));
        }
    }

    [BinaryTheory]
    [InlineData("flowmeter", true)]
    [InlineData("extended", true)]
    [InlineData("full", true)]
    [InlineData("cic", false)]
    [InlineData("appflow", false)]
    [InlineData("deepfence", false)]
    public void Without_a_model_the_one_inside_judges_where_the_profile_has_one(string profile, bool isJudged)
    {
        CsvTable table = FlowMeterBinary.Run("read", Samples.Office, "--profile", profile).Table();
        Assert.Equal(isJudged, table.Header.Contains("verdict"));
        Assert.False(
            FlowMeterBinary.Run("read", Samples.Office, "--profile", profile, "--model", "none").Table().Header.Contains("verdict"));
        Model? model = DefaultModel.Load(profile, Profile.Find(profile)!.FeatureNames);
        for (int row = 0; isJudged && row < table.Rows.Count; row++)
        {
            double score = table.Number(row, "score");
            bool isByHost = table.Header.Contains("verdict_by") && table.Text(row, "verdict_by") == "host";
            string expected = table.Number(row, "packets") < 15 ? isByHost ? "malicious" : "undecided"
                : score >= model!.Threshold ? "malicious"
                : score < model.BenignBelow ? "benign"
                : "undecided";
            Assert.Equal(expected, table.Text(row, "verdict"));
        }
    }

    [BinaryFact]
    public void The_summary_counts_verdicts_and_the_traffic_that_needs_no_deeper_look()
    {
        CsvTable table = FlowMeterBinary.Run(
            "read", Samples.Office, "--model", _folder.Write("m.json", ByPackets), "--summary", _folder["s.json"]).Table();
        Summary summary = Summary.Read(_folder["s.json"]);
        foreach (string verdict in new[] { "benign", "malicious", "undecided" })
        {
            Assert.Equal(table.Texts("verdict").Count(text => text == verdict), summary["verdicts"].GetProperty(verdict).GetInt64());
        }

        double benign = Enumerable.Range(0, table.Rows.Count).Where(row => table.Text(row, "verdict") == "benign").Sum(
            row => table.Number(row, "bytes"));
        Assert.Equal(benign / table.Sum("bytes"), summary["data_reduction"].GetProperty("bytes").GetDouble(), 1e-9);
        Assert.InRange(summary["data_reduction"].GetProperty("packets").GetDouble(), 0.01, 0.99);
    }

    [BinaryTheory(Need.SharedFolder)]
    [InlineData("1kxun")]
    [InlineData("alexa-app")]
    public void A_Deepfence_folder_gives_the_scores_of_the_Go_program(string name)
    {
        string golden = Path.Combine(SharedFolder.Path!, "golden", "deepfence");
        CsvTable expected = CsvTable.ReadFile(Path.Combine(golden, name + ".csv"));
        CsvTable actual = FlowMeterBinary.Run("read", Path.Combine(golden, name + ".pcap"), "--model", Path.Combine(golden, "model"))
            .Table();
        Dictionary<string, (double Score, string Verdict)> scores = Enumerable.Range(0, actual.Rows.Count)
            .ToDictionary(row => actual.Text(row, "fiveTuple"), row => (actual.Number(row, "score"), actual.Text(row, "verdict")));
        Assert.Equal(expected.Rows.Count, scores.Count);
        for (int row = 0; row < expected.Rows.Count; row++)
        {
            (double score, string verdict) = scores[expected.Text(row, "fiveTuple")];
            Assert.Equal(expected.Number(row, "score"), score, 1e-5);
            Assert.Equal(expected.Text(row, "verdict"), verdict);
        }
    }

    [BinaryFact]
    public void A_model_that_is_no_JSON_is_named_with_the_line() =>
        Assert.StartsWith($"flowmeter: {_folder["m.json"]}: line 2: not JSON", Failure("m.json", "{\n oops"), StringComparison.Ordinal);

    [BinaryFact]
    public void A_model_for_an_unknown_profile_is_told_which_there_are()
    {
        string line = Failure(
            "m.json", ByPackets.Replace("\"profile\": \"flowmeter\"", "\"profile\": \"netflow\"", StringComparison.Ordinal));
        Assert.Contains("netflow", line, StringComparison.Ordinal);
        Assert.Contains("flowmeter, extended, full, cic, appflow, deepfence", line, StringComparison.Ordinal);
    }

    [BinaryFact]
    public void A_model_with_an_unknown_feature_is_told_its_place()
    {
        string line = Failure("m.json", ByPackets.Replace("\"name\": \"packets\"", "\"name\": \"packet\"", StringComparison.Ordinal));
        Assert.Contains("features[0].name", line, StringComparison.Ordinal);
    }

    [BinaryFact]
    public void A_missing_model_is_named() => Assert.Contains(
        $"{_folder["none.json"]}: no such file",
        FlowMeterBinary.Run("read", Samples.Office, "--model", _folder["none.json"]).EndedWith(1).OnlyLine(), StringComparison.Ordinal);

    [BinaryFact]
    public void A_Deepfence_folder_without_one_of_its_files_names_that_file()
    {
        _folder.Write("weights.txt", string.Concat(Enumerable.Repeat("1\n", 39)));
        string line = FlowMeterBinary.Run("read", Samples.Office, "--model", _folder.Path).EndedWith(1).OnlyLine();
        Assert.Contains($"{_folder["intercept.txt"]}: no such file", line, StringComparison.Ordinal);
    }

    [BinaryFact]
    public void A_model_of_another_profile_than_the_one_asked_for_is_wrong_usage()
    {
        string model = _folder.Write("m.json", ByPackets);
        string line = FlowMeterBinary.Run("read", Samples.Office, "--model", model, "--profile", "deepfence").EndedWith(2).OnlyLine();
        Assert.Contains($"{model}: is for profile flowmeter, not deepfence", line, StringComparison.Ordinal);
    }

    /// <summary>The one line about a wrong model; nothing is written.</summary>
    private string Failure(string name, string model)
    {
        Finished finished = FlowMeterBinary.Run("read", Samples.Office, "--model", _folder.Write(name, model), "-o", _folder["flows.csv"])
            .EndedWith(1);
        Assert.Equal([name], _folder.Names());
        return finished.OnlyLine();
    }
}
