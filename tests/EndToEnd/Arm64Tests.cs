using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>The binary for ARM beside the one for x64: the same rows, models and captures, to the byte.</summary>
[Trait("Category", "EndToEnd")]
public sealed class Arm64Tests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryFact(Need.Arm64)]
    public void It_says_what_it_is() =>
        Assert.Contains(
            "(linux-arm64, native, 128-bit vectors)", ForeignBinary.Arm64.Run("--version").Succeeded().Output, StringComparison.Ordinal);

    [BinaryTheory(Need.Arm64)]
    [InlineData("flowmeter")]
    [InlineData("extended")]
    [InlineData("cic")]
    [InlineData("appflow")]
    [InlineData("deepfence")]
    [InlineData("full")]
    public void Every_profile_gives_the_same_bytes(string profile) =>
        RunsAlike("read", Samples.Office, "--quiet", "--profile", profile);

    [BinaryTheory(Need.Arm64 | Need.SharedFolder)]
    [InlineData("appflow/telegram.pcap", "appflow")]
    [InlineData("appflow/netflix.pcap", "extended")]
    [InlineData("deepfence/alexa-app.pcap", "deepfence")]
    [InlineData("deepfence/1kxun.pcap", "full")]
    public void Golden_captures_give_the_same_bytes(string capture, string profile) =>
        RunsAlike("read", Path.Combine(SharedFolder.Path!, "golden", capture), "--quiet", "--profile", profile);

    /// <summary>Of many flows the order is another in each run, on each machine: a worker's rows are written by two threads.</summary>
    [BinaryFact(Need.Arm64)]
    public void A_generated_capture_and_its_rows_are_the_same()
    {
        FlowMeterBinary.Run("generate", _folder["x64.pcap"], "--packets", "30000", "--flows", "9000").Succeeded();
        ForeignBinary.Arm64.Run("generate", _folder["arm64.pcap"], "--packets", "30000", "--flows", "9000").Succeeded();
        Assert.Equal(File.ReadAllBytes(_folder["x64.pcap"]), File.ReadAllBytes(_folder["arm64.pcap"]));

        string[] read = ["read", _folder["x64.pcap"], "--quiet", "--workers", "2"];
        Assert.Equal(FlowMeterBinary.Run(read).Table().Set(), ForeignBinary.Arm64.Run(read).Table().Set());
    }

    [BinaryFact(Need.Arm64)]
    public void Training_and_scoring_give_the_same_bytes()
    {
        string[] train = ["train", Samples.Office, "--labels", Samples.OfficeLabels, "--quiet", "-o", _folder["model.json"]];
        FlowMeterBinary.Run(train).Succeeded();
        byte[] model = File.ReadAllBytes(_folder["model.json"]);
        ForeignBinary.Arm64.Run(train).Succeeded();
        Assert.Equal(model, File.ReadAllBytes(_folder["model.json"]));

        FlowMeterBinary.Run("read", Samples.Office, "--quiet", "-o", _folder["flows.csv"]).Succeeded();
        RunsAlike("score", _folder["flows.csv"], "--model", _folder["model.json"]);
    }

    private static void RunsAlike(params string[] arguments)
    {
        string expected = FlowMeterBinary.Run(arguments).Succeeded().Output;
        Assert.NotEmpty(expected);
        Assert.Equal(expected, ForeignBinary.Arm64.Run(arguments).Succeeded().Output);
    }
}
