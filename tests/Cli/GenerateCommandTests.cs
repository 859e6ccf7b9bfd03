namespace FlowMeter.Tests.Cli;

/// <summary><c>flowmeter generate</c>: what is typed, and what can not be.</summary>
public sealed class GenerateCommandTests
{
    private const string Bare = "generate o.pcap";

    [Theory]
    [Typed(Bare, "--packets 10k", "Traffic.Packets", "10000")]
    [Typed(Bare, "--flows 2k", "Traffic.ConcurrentFlows", "2000")]
    [Typed(Bare, "--packets-per-flow 8", "Traffic.PacketsPerFlow", "8")]
    [Typed(Bare, "--size 1kB", "Traffic.FrameSize", "1000")]
    [Typed(Bare, "--size imix", "Traffic.Imix", "True")]
    [Typed(Bare, "--ipv6 20%", "Traffic.IPv6Share", "0.2")]
    [Typed(Bare, "--distribution zipf", "Traffic.Distribution", "Zipf")]
    [Typed(Bare, "--pps 2M", "Traffic.PacketsPerSecond", "2000000")]
    [Typed(Bare, "--seed 3", "Traffic.Seed", "3")]
    public void An_option_is_taken(string bare, string words, string member, string value) =>
        CommandLine.AssertTaken(bare, words, member, value);

    [Theory]
    [InlineData(Bare, "Output", "o.pcap")]
    [InlineData(Bare, "Traffic.Packets", "1000000")]
    [InlineData(Bare, "Traffic.ConcurrentFlows", "100000")]
    [InlineData(Bare + " --packets 10", "Traffic.ConcurrentFlows", "10")]
    [InlineData(Bare, "Traffic.PacketsPerFlow", "0")]
    [InlineData(Bare, "Traffic.FrameSize", "64")]
    [InlineData(Bare, "Traffic.Imix", "False")]
    [InlineData(Bare, "Traffic.IPv6Share", "0")]
    [InlineData(Bare, "Traffic.Distribution", "Uniform")]
    [InlineData(Bare, "Traffic.PacketsPerSecond", "1000000")]
    [InlineData(Bare, "Traffic.Seed", "1")]
    public void An_option_that_is_not_given_has_its_default(string line, string member, string value) =>
        Assert.Equal(value, CommandLine.Shown(line, member));

    [Theory]
    [InlineData("generate", "OUT is missing: The pcap file to write; - for standard output. See flowmeter generate --help")]
    [InlineData(Bare + " --size x", "--size x: is neither a number of bytes, as 512 or 1kB, nor imix.")]
    [InlineData(Bare + " --size 10", "--size 10: must be 60 to 65535.")]
    [InlineData(
        Bare + " --flows 100 --packets 10",
        "--flows 100: must not exceed the number of packets.")]
    [InlineData(Bare + " --distribution x", "--distribution x: is not uniform or zipf. See flowmeter generate --help")]
    [InlineData(Bare + " --ipv6 2", "--ipv6 2: is not a share from 0 to 1, as 0.2 or 20%. See flowmeter generate --help")]
    public void What_can_not_be_is_refused(string line, string message) => CommandLine.AssertRefused(line, message);
}
