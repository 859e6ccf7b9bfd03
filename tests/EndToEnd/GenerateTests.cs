namespace FlowMeter.Tests.EndToEnd;

[Trait("Category", "EndToEnd")]
public sealed class GenerateTests : IDisposable
{
    private static readonly string[] s_options =
        ["--packets", "5000", "--flows", "300", "--size", "imix", "--distribution", "zipf", "--ipv6", "0.5"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryFact]
    public void The_same_seed_gives_the_same_bytes_and_another_one_others()
    {
        byte[] first = File.ReadAllBytes(_folder.Generate("1", [.. s_options, "--seed", "7"]));
        Assert.Equal(first, File.ReadAllBytes(_folder.Generate("2", [.. s_options, "--seed", "7"])));
        Assert.NotEqual(first, File.ReadAllBytes(_folder.Generate("3", [.. s_options, "--seed", "8"])));
    }

    [BinaryFact]
    public void The_capture_has_the_packets_and_flows_that_were_asked_for()
    {
        string capture = _folder.Generate("1", "--packets", "5000", "--flows", "300");
        FlowMeterBinary.Run("read", capture, "--summary", _folder["s.json"]).Succeeded();
        Summary summary = Summary.Read(_folder["s.json"]);
        Assert.Equal(5000, summary.Frames);
        Assert.Equal(5000, summary["metered"].GetInt64());
        Assert.Equal(300, summary.Flows);
    }

    [BinaryFact]
    public void A_small_capture_needs_no_further_option() =>
        Assert.Equal(24 + (1000 * (16 + 64)), new FileInfo(_folder.Generate("1", "--packets", "1000")).Length);

    [BinaryFact]
    public void Ctrl_C_leaves_nothing_behind()
    {
        Launched process = FlowMeterBinary.Start("generate", _folder["1"], "--packets", "100000000");
        process.Await(() => File.Exists(_folder["1.partial"]), "it began");
        process.Signal("INT");
        Assert.Empty(process.AwaitEnd().EndedWith(130).Errors);
        Assert.Empty(_folder.Names());
    }

    [BinaryTheory]
    [InlineData("--packets=ten")]
    [InlineData("--size=big")]
    [InlineData("--size=20")]
    [InlineData("--ipv6=1.5")]
    [InlineData("--distribution=normal")]
    [InlineData("--seed=-1")]
    public void A_wrong_option_is_one_line_and_makes_no_file(string option)
    {
        Assert.NotEmpty(FlowMeterBinary.Run("generate", _folder["1"], option).EndedWith(2).OnlyLine());
        Assert.Empty(_folder.Names());
    }
}
