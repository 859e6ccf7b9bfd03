using FlowMeter.Cli.Learn;

namespace FlowMeter.Tests.Cli;

/// <summary>
/// <c>flowmeter tune</c>: what is typed becomes choices, choices become a plan, and what can not be is refused with one line.
/// </summary>
public sealed class TuneCommandTests
{
    private const string Bare = "tune --benign b.pcap -o m.json";

    [Theory]
    [Typed(Bare, "--model ./m.json", "ModelPath", "./m.json")]
    [Typed("tune -o m.json", "--benign a.pcap b.pcap", "Data.Benign", "a.pcap b.pcap")]
    [Typed(Bare, "--malicious a.pcap b.pcap", "Data.Malicious", "a.pcap b.pcap")]
    [Typed(Bare, "--flows-per-capture 2k", "Data.FlowsPerCapture", "2000")]
    [Typed(Bare, "--flows-per-capture off", "Data.FlowsPerCapture", "null")]
    [Typed(Bare, "--budget 20/day", "Budget", "20 false alarms a day")]
    [Typed("tune --benign b.pcap", "--output m.json", "Output", "m.json")]
    [Typed(Bare, "--name mine", "Name", "mine")]
    [Typed(Bare, "--json e.json", "Json", "e.json")]
    [Typed(Bare, "--no-sandbox", "IsSandboxed", "False")]
    [Typed(Bare, "--quiet", "Quiet", "True")]
    [TypedMetering(Bare, "Data.Metering.", judges: false)]
    public void An_option_is_taken(string bare, string words, string member, string value) =>
        CommandLine.AssertTaken(bare, words, member, value);

    [Theory]
    [InlineData("ModelPath", "builtin")]
    [InlineData("Data.Malicious", "")]
    [InlineData("Data.FlowsPerCapture", "10000")]
    [InlineData("Data.Metering.Profile", "null")]
    [InlineData("Budget", "null")]
    [InlineData("Name", "null")]
    public void An_option_that_is_not_given_has_its_default(string member, string value) =>
        Assert.Equal(value, CommandLine.Shown(Bare, member));

    [Theory]
    [InlineData("", "default-flowmeter", 15)]
    [InlineData(" --profile extended", "default-extended", 15)]
    [InlineData(" --min-packets 20", "default-flowmeter", 20)]
    [InlineData(" --min-packets 3", "default-flowmeter", 15)]
    public void The_plan_meters_the_flows_that_the_model_judges(string words, string model, int minPackets)
    {
        TunePlan plan = PlanOf(Bare + words);
        Assert.Equal((model, minPackets), (plan.Model.Name, plan.Model.MinPackets));
        Assert.Equal(minPackets, plan.Metering.Options.Flow.MinPackets);
        Assert.Equal(("m", "5 % of benign flows"), (plan.Options.Name, plan.Options.Budget.ToString()));
    }

    [Fact]
    public void A_decision_point_is_that_of_the_model()
    {
        using EarlyModel model = new();
        TunePlan plan = PlanOf($"{Bare} --model {model.Path} --budget bytes=1% --name mine");
        Assert.Equal(EarlyModel.DecideAfter, plan.Metering.Options.Flow.DecideAfter);
        Assert.Equal(("mine", "1 % of the bytes of benign flows"), (plan.Options.Name, plan.Options.Budget.ToString()));
    }

    [Theory]
    [InlineData("tune --benign b.pcap", "Option '--output' is required. See flowmeter tune --help")]
    [InlineData("tune -o m.json", "Option '--benign' is required. See flowmeter tune --help")]
    [InlineData(Bare + " --profile cic", "--model builtin: there is none for profile cic, only for extended, flowmeter, full; take one of "
        + "these, or name a model that flowmeter train made.")]
    [InlineData(Bare + " --model none", "--model none: there is nothing to tune then; name a model.")]
    [InlineData(Bare + " --budget 5", "--budget 5: is not a share of flows as 5%, of bytes as bytes=5%, or alarms a day as 20/day. See "
        + "flowmeter tune --help")]
    public void What_can_not_be_is_refused_before_anything_is_opened(string line, string message) =>
        CommandLine.AssertRefused(line, message);

    private static TunePlan PlanOf(string line) => TunePlan.From(CommandLine.ChoicesOf<TuneChoices>(line));
}
