using FlowMeter.Cli.Collect;
using FlowMeter.Engine.Brokers;
using FlowMeter.Engine.Export;

namespace FlowMeter.Tests.Cli;

/// <summary><c>flowmeter collect</c>: what is typed, and what can not be.</summary>
public sealed class CollectCommandTests
{
    private const string Bare = "collect --from nats://127.0.0.1/flows -o t.csv";

    [Theory]
    [Typed("collect -o t.csv", "--from nats://n1/flows.>", "From", "nats://n1/flows.>")]
    [Typed("collect --from nats://n1/flows", "--output t.csv", "Output", "t.csv")]
    [Typed(Bare, "--rotate 1h,100MB", "Rotation.Every", "01:00:00")]
    [Typed(Bare, "--no-sandbox", "IsSandboxed", "False")]
    [Typed(Bare, "--quiet", "Quiet", "True")]
    public void An_option_is_taken(string bare, string words, string member, string value) =>
        CommandLine.AssertTaken(bare, words, member, value);

    [Fact]
    public void The_same_place_is_the_same_consumer_and_the_ending_is_the_format()
    {
        CollectorOptions csv = CollectPlan.From(CommandLine.ChoicesOf<CollectChoices>(Bare));
        CollectorOptions again = CollectPlan.From(CommandLine.ChoicesOf<CollectChoices>(Bare));
        CollectorOptions lines = CollectPlan.From(
            CommandLine.ChoicesOf<CollectChoices>("collect --from nats://127.0.0.1/flows -o t.jsonl"));
        Assert.Equal(csv.ConsumerName, again.ConsumerName);
        Assert.NotEqual(csv.ConsumerName, lines.ConsumerName);
        Assert.Equal((TableFormat.Csv, TableFormat.JsonLines), (csv.Format, lines.Format));
        CollectorOptions parquet = CollectPlan.From(
            CommandLine.ChoicesOf<CollectChoices>("collect --from nats://127.0.0.1/flows -o t.parquet"));
        Assert.Equal(TableFormat.Parquet, parquet.Format);
    }

    [Theory]
    [InlineData("--from nats://n1/flows -o -", "-o -: is no file, and only what is on the disk is acknowledged; name a file.")]
    [InlineData("--from nats://n1/flows -o t.csv.gz", "-o t.csv.gz: collected tables are not compressed from outside, and not IPFIX; "
        + "give the name another ending, as .parquet.")]
    [InlineData("--from nats://n1/flows -o t.ipfix", "-o t.ipfix: collected tables are not compressed from outside, and not IPFIX; "
        + "give the name another ending, as .parquet.")]
    [InlineData("--from nats://n1 -o t.csv", "--from nats://n1: has no host or no subject; write it as nats://HOST/SUBJECT, with several "
        + "servers as nats://HOST1,HOST2/SUBJECT. See flowmeter collect --help")]
    [InlineData("-o t.csv", "Option '--from' is required. See flowmeter collect --help")]
    public void What_can_not_be_is_refused_before_anything_is_opened(string words, string message) =>
        CommandLine.AssertRefused($"collect {words}", message);
}
