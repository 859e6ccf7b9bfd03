using FlowMeter.Cli.Learn;

namespace FlowMeter.Tests.Cli;

/// <summary>
/// <c>flowmeter train</c>: what is typed becomes choices, choices become a plan, and what can not be is refused with one line.
/// </summary>
public sealed class TrainCommandTests
{
    private const string Bare = "train t.csv -o m.json";
    private const string Captures = "train -o m.json --benign b.pcap";

    [Theory]
    [Typed("train -o m.json --malicious m.pcap", "--benign a.pcap b.pcap", "Data.Benign", "a.pcap b.pcap")]
    [Typed("train -o m.json --benign b.pcap", "--malicious a.pcap --malicious b.pcap", "Data.Malicious", "a.pcap b.pcap")]
    [Typed(Bare, "--labels l.tsv", "Data.Labels", "l.tsv")]
    [Typed(Bare, "--label-column Label", "Data.LabelColumn", "Label")]
    [Typed(Bare, "--positive !BENIGN --positive bad", "Data.Positive", "!BENIGN bad")]
    [Typed(Bare, "--flows-per-capture 2k", "Data.FlowsPerCapture", "2000")]
    [Typed(Captures, "--flows-per-capture off", "Data.FlowsPerCapture", "null")]
    [Typed("train t.csv", "--output m.json", "Output", "m.json")]
    [Typed(Bare, "--name best", "Options.Name", "best")]
    [Typed(Bare, "--force-feature TTL ToS", "Forced", "TTL ToS")]
    [Typed(Bare, "--decide-after 8", "Options.DecideAfter", "8")]
    [Typed(Bare, "--transform bins:8 log1p bins:8", "Options.Transforms", "bins:8 log1p")]
    [Typed(Bare, "--transform bytes=log1p bytes=identity", "Options.TransformOf", "bytes=identity")]
    [Typed(Bare, "--feature-groups sizes+gaps auto", "Options.Groups", "sizes+gaps auto")]
    [Typed(Bare, "--pairs 60 0 60", "Options.Pairs", "60 0")]
    [Typed(Bare, "--hash", "Options.HashesSizes", "True")]
    [Typed(Bare, "--penalty l1 l2 l1", "Options.Penalties", "L1 L2")]
    [Typed(Bare, "--class-weight none", "Options.ClassWeights", "none")]
    [Typed(Bare, "--C 0.5 2e1", "Options.Cs", "0.5 20")]
    [Typed(Bare, "--folds 10", "Options.Folds", "10")]
    [Typed(Bare, "--split time", "Options.SplitBy", "Time")]
    [Typed(Bare, "--split source", "Options.SplitBy", "Source")]
    [Typed(Bare, "--groups g.tsv", "Groups", "g.tsv")]
    [Typed(Bare, "--group-column lab", "GroupColumn", "lab")]
    [Typed(Bare, "--hold-out 30%", "Options.HoldOut", "0.3")]
    [Typed(Bare, "--target-recall 99%", "Options.Threshold", "recall of 0.99 or more")]
    [Typed(Bare, "--target-fpr 1%", "Options.Threshold", "false positives of 0.01 or less")]
    [Typed(Bare, "--budget 20/day", "Options.Budget", "20 false alarms a day")]
    [Typed(Bare, "--target-fnr 6%", "Options.TargetFalseNegativeRate", "0.06")]
    [Typed(Bare, "--keep-malicious", "Options.KeepsMalicious", "True")]
    [Typed(Bare, "--prevalence 0.5%", "Options.Prevalence", "0.005")]
    [Typed(Bare, "--seed 7", "Options.Seed", "7")]
    [Typed(Bare, "--json e.json", "Json", "e.json")]
    [Typed(Bare, "--report r.html", "Report", "r.html")]
    [Typed(Bare, "--no-sandbox", "IsSandboxed", "False")]
    [Typed(Bare, "--quiet", "Quiet", "True")]
    [TypedMetering(Bare, "Data.Metering.", judges: false)]
    public void An_option_is_taken(string bare, string words, string member, string value) =>
        CommandLine.AssertTaken(bare, words, member, value);

    [Theory]
    [InlineData("Data.LabelColumn", "label")]
    [InlineData("Data.Positive", "")]
    [InlineData("Data.FlowsPerCapture", "null")]
    [InlineData("Data.Metering.ModelPath", "none")]
    [InlineData("Options.Name", "m")]
    [InlineData("Options.Transforms", "identity log1p bins:8 bins:16 bins:32")]
    [InlineData("Options.Groups", "all")]
    [InlineData("Options.Penalties", "L2")]
    [InlineData("Options.Pairs", "0")]
    [InlineData("Options.HashesSizes", "False")]
    [InlineData("Options.ClassWeights", "balanced")]
    [InlineData("Options.Cs", "0.01 0.1 1 10")]
    [InlineData("Options.Folds", "null")]
    [InlineData("Groups", "null")]
    [InlineData("GroupColumn", "null")]
    [InlineData("Options.SplitBy", "null")]
    [InlineData("Options.HoldOut", "0.2")]
    [InlineData("Options.Threshold", "best F1")]
    [InlineData("Options.Seed", "1")]
    public void An_option_that_is_not_given_has_its_default(string member, string value) =>
        Assert.Equal(value, CommandLine.Shown(Bare, member));

    [Theory]
    [InlineData(Captures, "1000")]
    [InlineData("train -o m.json c.pcap --labels l.tsv", "null")]
    public void Captures_of_one_class_are_thinned(string line, string flows) =>
        Assert.Equal(flows, CommandLine.Shown(line, "Data.FlowsPerCapture"));

    [Theory]
    [InlineData(Captures + " --decide-after 8 --min-packets 3", 8, 3)]
    [InlineData(Captures + " --profile deepfence", null, 15)]
    [InlineData(Bare + " --min-packets 3", null, 1)]
    public void The_plan_meters_as_the_model_will_judge(string line, int? decideAfter, int minPackets)
    {
        TrainPlan plan = PlanOf(line);
        Assert.Equal((decideAfter, decideAfter), (plan.Options.DecideAfter, (int?)plan.Metering.Options.Flow.DecideAfter));
        Assert.Equal(minPackets, plan.Options.MinPackets);
        Assert.Equal((1, null), (plan.Metering.Options.Workers, plan.Metering.Model));
    }

    [Fact]
    public void All_values_of_all_options_make_the_grid() =>
        Assert.Equal(12, PlanOf($"{Bare} --transform log1p bins:8 --penalty l1 l2 --C 1 2 3").Options.Grid().Count);

    [Theory]
    [InlineData("train -o m.json", "no flows: name flow tables, or captures with --benign and --malicious, or captures with --labels.")]
    [InlineData("train --benign b.pcap --labels l.tsv -o m.json", "--labels: name the captures that it labels.")]
    [InlineData(
        "train t.csv --benign b.pcap -o m.json",
        "t.csv: tables and captures do not mix; meter the captures to tables first, or give --labels if it is a capture.")]
    [InlineData("train t.csv", "Option '--output' is required. See flowmeter train --help")]
    [InlineData(Bare + " --decide-after 4", "--decide-after: a table's features are what they are; give captures, or leave it out.")]
    [InlineData(
        Captures + " --force-feature a", "--force-feature: captures give the features of their profile; give a table, or leave it out.")]
    [InlineData(Captures + " --decide-after 4 --profile appflow", "--decide-after: profile appflow keeps lists of packets, not sums, so "
        + "there is no flow as of its N-th packet; take another --profile.")]
    [InlineData(
        Bare + " --target-recall 0.5 --target-fpr 0.2",
        "--target-recall, --target-fpr and --budget each choose the threshold; give one of them.")]
    [InlineData(
        Bare + " --budget 5% --target-fpr 0.2",
        "--target-recall, --target-fpr and --budget each choose the threshold; give one of them.")]
    [InlineData(
        Bare + " --split source",
        "--split source: nobody says which source a flow is from; name them with --groups or --group-column.")]
    [InlineData(Captures + " --group-column lab", "--group-column: captures have no columns; name their sources with --groups.")]
    [InlineData(Bare + " --groups g.tsv --group-column lab", "--groups and --group-column each name the sources; give one of them.")]
    [InlineData(Bare + " --pairs x", "--pairs x: is not a whole number from 0 to 1000.")]
    [InlineData(Bare + " --penalty l3", "--penalty l3: is not l1 or l2.")]
    [InlineData(Bare + " --C 0", "--C 0: is not a number above 0.")]
    [InlineData(Bare + " --class-weight 1", "--class-weight 1: is not none, balanced, or two numbers above 0 as in 1:5.")]
    [InlineData(Bare + " --transform bins:1", "--transform bins:1: is not identity, log1p, auto, or bins:N with N from 2 to 256.")]
    [InlineData(Bare + " --transform x=z", "--transform x=z: is not identity, log1p, or bins:N with N from 2 to 256.")]
    [InlineData(Bare + " --transform x=auto", "--transform x=auto: is not identity, log1p, or bins:N with N from 2 to 256.")]
    [InlineData(
        Bare + " --feature-groups sizes+z",
        "--feature-groups sizes+z: is not all, auto, or of sizes, gaps, counts, rates, payload, flags, hosts joined by +.")]
    [InlineData(Bare + " --split day", "--split day: is not source, capture, time or flow. See flowmeter train --help")]
    [InlineData(Bare + " --folds 1", "--folds 1: is not a whole number from 2 to 1000. See flowmeter train --help")]
    [InlineData(Bare + " --hold-out 95%", "--hold-out 95%: is not a share from 0 to 0.9, as 0.2 or 20%. See flowmeter train --help")]
    public void What_can_not_be_is_refused_before_anything_is_opened(string line, string message) =>
        CommandLine.AssertRefused(line, message);

    private static TrainPlan PlanOf(string line) => TrainPlan.From(CommandLine.ChoicesOf<TrainChoices>(line));
}
