namespace FlowMeter.Tests.EndToEnd;

/// <summary>The model inside by its name, useless thresholds, flows of one capture, and what Ctrl-C leaves.</summary>
[Trait("Category", "EndToEnd")]
public sealed class ModelInsideTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryTheory]
    [InlineData("flowmeter")]
    [InlineData("extended")]
    public void It_has_a_name_is_the_default_and_can_be_written_out(string profile)
    {
        string judged = FlowMeterBinary.Run("read", Samples.Office, "-q", "--profile", profile).Succeeded().Output;
        Assert.Equal(
            judged, FlowMeterBinary.Run("read", Samples.Office, "-q", "--profile", profile, "--model", "builtin").Succeeded().Output);
        FlowMeterBinary.Run("model", "--profile", profile, "-o", _folder["m.json"]).Succeeded();
        Assert.Equal(judged, FlowMeterBinary.Run("read", Samples.Office, "-q", "--model", _folder["m.json"]).Succeeded().Output);

        // The table that is judged already is judged again, by the model that fits it, to the same bytes.
        Finished scored = FlowMeterBinary.Run("score", _folder.Write("flows.csv", judged)).Succeeded();
        Assert.Equal(judged, scored.Output);
        Assert.Contains($"463 flows judged by default-{profile}", scored.Errors, StringComparison.Ordinal);
        Assert.Contains("score and verdict are replaced", scored.Errors, StringComparison.Ordinal);
        Assert.Empty(FlowMeterBinary.Run("score", _folder["flows.csv"], "-q").Succeeded().Errors);
        Finished evaluated = FlowMeterBinary.Run("evaluate", Samples.Office, "--labels", Samples.OfficeLabels, "--profile", profile)
            .Succeeded();
        Assert.Contains($"default-{profile}: 463 flows, 415 malicious", evaluated.Output, StringComparison.Ordinal);
    }

    [BinaryFact]
    public void Where_it_fits_nothing_that_is_said()
    {
        Assert.Contains(
            "only for extended, flowmeter, full",
            FlowMeterBinary.Run("read", Samples.Office, "--profile", "cic", "--model", "builtin").EndedWith(2).OnlyLine(),
            StringComparison.Ordinal);
        string cic = FlowMeterBinary.Run("read", Samples.Office, "-q", "--profile", "cic").Succeeded().Output;
        Assert.Contains(
            "it is of profile cic; name a model for it with --model",
            FlowMeterBinary.Run("score", _folder.Write("cic.csv", cic)).EndedWith(1).OnlyLine(), StringComparison.Ordinal);
    }

    [BinaryFact]
    public void A_threshold_that_sends_on_most_benign_flows_is_warned_of()
    {
        string table = _folder.Write("t.csv", "a,label\n"
            + string.Concat(Enumerable.Range(0, 400).Select(i => $"{i * 7919 % 101},{(i % 8 == 0 ? "benign" : "malicious")}\n")));
        Finished trained = FlowMeterBinary.Run("train", table, "-q", "-o", _folder["m.json"]).Succeeded();
        const string Warning = "of the benign flows are sent on, judged malicious or undecided: at this threshold the model spares little";
        Assert.Contains(Warning, trained.Errors, StringComparison.Ordinal);
        Assert.Contains("of the malicious flows and sends on", trained.Output, StringComparison.Ordinal);
        Assert.EndsWith($"The model is {_folder["m.json"]}.\n", trained.Output, StringComparison.Ordinal);
        Assert.Contains(
            Warning, FlowMeterBinary.Run("evaluate", table, "--model", _folder["m.json"]).Succeeded().Errors, StringComparison.Ordinal);
        Assert.Contains(
            Warning, FlowMeterBinary.Run("score", table, "--model", _folder["m.json"], "-q").Succeeded().Errors, StringComparison.Ordinal);
    }

    [BinaryFact]
    public void A_capture_of_one_class_does_not_outweigh_all_others()
    {
        string quiet = _folder.Generate(
            "quiet.pcap", "--packets", "4000", "--flows", "60", "--packets-per-flow", "20", "--size", "100", "--seed", "1");
        string scan = _folder.Generate(
            "scan.pcap", "--packets", "6000", "--flows", "3000", "--packets-per-flow", "2", "--size", "900", "--seed", "2");
        string[] arguments = ["train", "--benign", quiet, "--malicious", scan, "--C", "1", "--transform", "log1p", "-o", _folder["m.json"]];
        Finished limited = FlowMeterBinary.Run(arguments).Succeeded();
        Assert.Contains("1,000 flows of a capture are kept, evenly thinned", limited.Errors, StringComparison.Ordinal);
        Assert.Contains($"3,000 in {scan}; --flows-per-capture off keeps all", limited.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "are kept", FlowMeterBinary.Run([.. arguments, "--flows-per-capture", "off"]).Succeeded().Errors, StringComparison.Ordinal);
    }

    [BinaryTheory]
    [InlineData("train", "-", "-o", "m.json", "--report", "m.html")]
    [InlineData("score", "-", "-o", "judged.csv")]
    [InlineData("report", "-", "-o", "page.html")]
    [InlineData("evaluate", "-", "--report", "page.html")]
    public void An_interrupt_leaves_nothing(params string[] arguments)
    {
        Launched process = Launched.Start("sh", ["-c", "cd \"$0\" && exec \"$@\"", _folder.Path, FlowMeterBinary.Path!, .. arguments]);
        string table = FlowMeterBinary.Run("read", Samples.Office, "-q", "--label", "benign").Succeeded().Output;
        process.Input.Write(System.Text.Encoding.UTF8.GetBytes(table));
        process.Input.Flush();
        process.Await(process.CatchesInterrupt, "it caught SIGINT");
        process.Signal("INT");
        Finished finished = process.AwaitEnd().EndedWith(130);
        Assert.DoesNotContain("warning", finished.Errors, StringComparison.Ordinal);
        Assert.Empty(_folder.Names());
    }
}
