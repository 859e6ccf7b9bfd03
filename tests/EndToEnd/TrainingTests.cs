using System.Text.Json;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>Train, evaluate, score: from labels to verdicts with the binary alone.</summary>
[Trait("Category", "EndToEnd")]
public sealed class TrainingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryFact]
    public void The_sample_capture_is_learnt_judged_and_scored()
    {
        string model = _folder["m.json"];
        Finished trained = FlowMeterBinary.Run(
            "train", Samples.Office, "--labels", Samples.OfficeLabels, "--transform", "bins:8", "--json", _folder["e.json"], "-q", "-o",
            model).Succeeded();
        Assert.Contains("held out", trained.Output, StringComparison.Ordinal);
        Assert.Empty(trained.Errors);
        using JsonDocument evaluation = JsonDocument.Parse(File.ReadAllText(_folder["e.json"]));
        Assert.Equal("roc_area", evaluation.RootElement.GetProperty("figures")[8].GetProperty("name").GetString());
        Assert.True(evaluation.RootElement.GetProperty("figures")[8].GetProperty("value").GetDouble() > 0.99);

        Finished evaluated = FlowMeterBinary.Run(
            "evaluate", "--model", model, Samples.Office, "--labels", Samples.OfficeLabels, "--prevalence", "0.005").Succeeded();
        Assert.Contains("463 flows, 415 malicious", evaluated.Output, StringComparison.Ordinal);
        Assert.Contains("the same at the prevalence", evaluated.Output, StringComparison.Ordinal);

        // Scoring a table afterwards gives the rows that reading with the model gives, byte for byte.
        string plain = _folder["plain.csv"];
        FlowMeterBinary.Run("read", Samples.Office, "-q", "--model", "none", "-o", plain).Succeeded();
        CsvTable judged = FlowMeterBinary.Run("read", Samples.Office, "-q", "--model", model).Table();
        CsvTable scored = FlowMeterBinary.Run("score", plain, "--model", model).Table();
        Assert.Equal(judged.Header, scored.Header);
        Assert.Equal(judged.Set(), scored.Set());
    }

    [BinaryFact]
    public void Captures_of_one_class_each_need_no_labels()
    {
        string quiet = _folder.Generate(
            "quiet.pcap", "--packets", "4000", "--flows", "60", "--packets-per-flow", "20", "--size", "100", "--seed", "1");
        string loud = _folder.Generate(
            "loud.pcap", "--packets", "4000", "--flows", "60", "--packets-per-flow", "20", "--size", "900", "--seed", "2");
        Finished trained = FlowMeterBinary.Run(
            "train", "--benign", quiet, "--malicious", loud, "--decide-after", "10", "-o", _folder["m.json"]).Succeeded();
        Assert.Contains("folds by flow", trained.Errors, StringComparison.Ordinal);
        Assert.Contains("2 captures, 2 groups: no two share a flow", trained.Errors, StringComparison.Ordinal);
        Assert.Contains(
            "warning: every capture is of one class: the model may learn the network, not the attack", trained.Errors,
            StringComparison.Ordinal);
        using JsonDocument model = JsonDocument.Parse(File.ReadAllText(_folder["m.json"]));
        Assert.Equal(10, model.RootElement.GetProperty("decide_after").GetInt32());
        Finished evaluated = FlowMeterBinary.Run("evaluate", "--model", _folder["m.json"], "--benign", quiet, "--malicious", loud)
            .Succeeded();
        Assert.Contains("ROC area                              1.0000", evaluated.Output, StringComparison.Ordinal);
    }

    [BinaryFact]
    public void Copies_are_one_group_in_stderr_text_JSON_and_report_and_are_never_parted()
    {
        List<string> benign = [];
        List<string> malicious = [];
        for (int i = 0; i < 3; i++)
        {
            benign.Add(_folder.WriteCapture($"quiet{i}.pcap", [.. RandomSizes(i, 60)]));
            malicious.Add(_folder.WriteCapture($"loud{i}.pcap", [.. RandomSizes(9 + i, 900)]));
        }

        File.Copy(malicious[0], _folder["copy.pcap"]);
        string[] data = ["--benign", .. benign, "--malicious", .. malicious, _folder["copy.pcap"], "--min-packets", "15"];
        Finished trained = FlowMeterBinary.Run(
            ["train", .. data, "--split", "capture", "--folds", "3", "--hold-out", "0", "--transform", "bins:4", "bins:8", "--json",
            _folder["e.json"], "--report", _folder["r.html"], "-o", _folder["m.json"]]).Succeeded();
        Assert.Contains("7 captures, 6 groups: captures that share a flow are one", trained.Errors, StringComparison.Ordinal);
        Assert.Contains("7 captures, 6 groups; none holds both classes", trained.Output, StringComparison.Ordinal);
        Assert.Contains("protocol: nested", trained.Output, StringComparison.Ordinal);
        using JsonDocument evaluation = JsonDocument.Parse(File.ReadAllText(_folder["e.json"]));
        JsonElement root = evaluation.RootElement;
        Assert.Equal((6, "groups of captures"), (root.GetProperty("groups").GetInt32(), root.GetProperty("resampled").GetString()));
        Assert.StartsWith("nested", root.GetProperty("protocol").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, root.GetProperty("within").GetProperty("captures").GetInt32());
        Assert.Contains("of one class", root.GetProperty("warnings")[0].GetString(), StringComparison.Ordinal);
        string page = File.ReadAllText(_folder["r.html"]);
        Assert.Contains(" that share no flow; none holds both classes", page, StringComparison.Ordinal);
        Assert.Contains("Every capture is of one class: the model may learn the network, not the attack", page, StringComparison.Ordinal);
        Assert.Contains("Protocol: nested", page, StringComparison.Ordinal);

        string groups = _folder.Write("groups.csv", string.Concat(
            [.. benign.Select((file, i) => $"{file},lab{i}\n"), .. malicious.Select((file, i) => $"{file},lab{i}\n"), "copy.pcap,lab1\n"]));
        Finished bySource = FlowMeterBinary.Run(
            ["train", .. data, "--groups", groups, "--split", "source", "--hold-out", "0", "--transform", "bins:4", "-q", "-o",
            _folder["s.json"]]).Succeeded();
        Assert.Contains("sources that share flows are one: lab0 + lab1", bySource.Errors, StringComparison.Ordinal);
        Assert.Contains("cross-validation, 2 folds by source", bySource.Output, StringComparison.Ordinal);

        Finished lacking = FlowMeterBinary.Run(
            ["train", "--benign", .. benign, "--malicious", malicious[0], _folder["copy.pcap"], "--split", "capture", "-q", "-o",
            _folder["t.json"]]).EndedWith(1);
        Assert.Contains(
            "of 4 groups of captures that share flows, 1 have malicious flows and 3 benign ones", lacking.Errors, StringComparison.Ordinal);
    }

    [BinaryFact]
    public void Anyones_table_trains_and_its_text_ports_and_constants_are_named()
    {
        string table = _folder.Write("t.csv", Table());
        Finished trained = FlowMeterBinary.Run(
            "train", table, "--label-column", "class", "--positive", "!ok", "--transform", "identity", "-o", _folder["m.json"]).Succeeded();
        Assert.Contains("text, left out: service (line 2 has 'dns')", trained.Errors, StringComparison.Ordinal);
        Assert.Contains("left out (--force-feature takes one in): Src Port, TTL", trained.Errors, StringComparison.Ordinal);
        Assert.Contains("the same in every flow, left out: zero", trained.Errors, StringComparison.Ordinal);
        Assert.Contains("copies of other columns, left out: again (of size)", trained.Errors, StringComparison.Ordinal);
        Assert.Contains("missing or infinite in some flows, used with bins only: odd", trained.Errors, StringComparison.Ordinal);
        string[] before = File.ReadAllLines(table);
        string[] scored = FlowMeterBinary.Run("score", table, "--model", _folder["m.json"]).Succeeded().Output.TrimEnd('\n').Split('\n');
        Assert.Equal(before.Length, scored.Length);
        Assert.All(before.Zip(scored), pair => Assert.StartsWith(pair.First + ",", pair.Second, StringComparison.Ordinal));
        Finished forced = FlowMeterBinary
            .Run("train", table, "--label-column", "class", "--positive", "!ok", "--force-feature", "TTL", "-q", "-o", _folder["f.json"])
            .Succeeded();
        Assert.Contains("Src Port", forced.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("TTL:", forced.Errors.Replace("TTL, identifiers", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("\"TTL\"", File.ReadAllText(_folder["f.json"]), StringComparison.Ordinal);
    }

    [BinaryFact]
    public void The_same_seed_gives_the_same_bytes()
    {
        string table = _folder.Write("t.csv", Table());
        string[] arguments =
            ["train", table, "--label-column", "class", "--positive", "!ok", "--penalty", "l1", "l2", "-q", "--name", "m", "-o"];
        FlowMeterBinary.Run([.. arguments, _folder["a.json"]]).Succeeded();
        FlowMeterBinary.Run([.. arguments, _folder["b.json"]]).Succeeded();
        Assert.Equal(File.ReadAllBytes(_folder["a.json"]), File.ReadAllBytes(_folder["b.json"]));
    }

    [BinaryTheory]
    [InlineData("a,label\n1,benign\n2,benign\n", "all rows are benign: column 'label' has 'benign' (2); say with --positive")]
    [InlineData("", "is empty")]
    [InlineData("a,label\n", "no labelled rows")]
    [InlineData("a,b\n1,2\n", "there is no column 'label'")]
    [InlineData("a,label\n1,benign\n2\n", "line 3: 1 fields, but the header has 2")]
    [InlineData("a,label\n\"1,benign\n", "line 2: a quote is never closed")]
    [InlineData("a,label,label\n1,benign,malicious\n", "line 2: column 'label' is there twice and says 'benign' and 'malicious'")]
    [InlineData("a,label\n1,benign\n2,malicious\nb,kind\n3,benign\n", "line 4: is no row but names")]
    [InlineData("a,label\n5,benign\n5,malicious\n5,malicious\n5,benign\n", "no column is left to train with")]
    public void A_table_that_teaches_nothing_is_told_why(string text, string problem)
    {
        Finished finished = FlowMeterBinary.Run(
            "train", _folder.Write("t.csv", text), "--hold-out", "0", "--folds", "2", "-q", "-o", _folder["m.json"]).EndedWith(1);
        Assert.Contains(problem, finished.Errors, StringComparison.Ordinal);
        Assert.Equal(["t.csv"], _folder.Names());
    }

    [BinaryTheory]
    [InlineData("no flows", "train", "-o", "m.json")]
    [InlineData("give one of them", "train", "t.csv", "-o", "m.json", "--target-recall", "0.9", "--target-fpr", "0.1")]
    [InlineData("--transform bins:1", "train", "t.csv", "-o", "m.json", "--transform", "bins:1")]
    [InlineData("--C 0: is not a number above 0", "train", "t.csv", "-o", "m.json", "--C", "0")]
    [InlineData("--class-weight 1:0", "train", "t.csv", "-o", "m.json", "--class-weight", "1:0")]
    [InlineData("--feature-groups colour", "train", "t.csv", "-o", "m.json", "--feature-groups", "colour")]
    [InlineData("do not mix", "train", "t.csv", "--benign", "x.pcap", "-o", "m.json")]
    public void Wrong_usage_is_told_in_one_line(string problem, params string[] arguments) =>
        Assert.Contains(problem, FlowMeterBinary.Run(arguments).EndedWith(2).OnlyLine(), StringComparison.Ordinal);

    [BinaryFact]
    public void A_table_without_a_feature_of_the_model_or_with_text_in_it_is_refused()
    {
        FlowMeterBinary.Run(
            "train", _folder.Write("t.csv", Table()), "--label-column", "class", "--positive", "!ok", "--transform", "identity", "-q", "-o",
            _folder["m.json"]).Succeeded();
        string line = FlowMeterBinary.Run("score", _folder.Write("u.csv", "size2\n1\n"), "--model", _folder["m.json"]).EndedWith(1)
            .OnlyLine();
        Assert.Contains("size", line, StringComparison.Ordinal);
        string text = FlowMeterBinary.Run(
            "score", _folder.Write("v.csv", Table().Replace("\nok,", "\nok,x", StringComparison.Ordinal)), "--model", _folder["m.json"],
            "-o", _folder["w.csv"]).EndedWith(1).OnlyLine();
        Assert.Contains("expected a number, since the model reads it", text, StringComparison.Ordinal);
    }

    /// <summary>Thirty flows of 20 packets, side by side, of random sizes from so many bytes on.</summary>
    private static IEnumerable<Frame> RandomSizes(int seed, int from)
    {
        Random random = new(seed);
        return Enumerable.Range(0, 600).Select(i => Samples.Udp(i % 30, i * 0.01, from + random.Next(100)));
    }

    /// <summary>
    /// A table of anybody's: class, size (which tells them apart, mostly), text, a port, TTL, a constant, a copy, a column with infinities.
    /// </summary>
    private static string Table()
    {
        List<string> lines = ["class,size,service,Src Port,TTL,zero,again,odd,other"];
        Random random = new(3);
        for (int row = 0; row < 240; row++)
        {
            bool bad = random.Next(3) == 0;
            int size = random.Next(100) + (bad ? 70 : 0);
            lines.Add($"{(bad ? row % 2 == 0 ? "scan" : "flood" : "ok")},{size},dns,{1000 + row},{(bad ? 60 : 120) + (row % 3)},0,{size},"
                + $"{(row % 7 == 0 ? "Infinity" : "3")},{row % 11}");
        }

        return string.Join('\n', lines) + "\n";
    }
}
