using FlowMeter.Cli.Learn;
using FlowMeter.Cli.Shell;

namespace FlowMeter.Tests.Cli;

/// <summary>
/// <c>flowmeter evaluate</c>: what is typed becomes choices, choices become a plan, and what can not be is refused with one line.
/// </summary>
public sealed class EvaluateCommandTests
{
    private const string Bare = "evaluate t.csv";
    private const string Captures = "evaluate --benign b.pcap";

    [Theory]
    [Typed(Bare, "--model m.json", "ModelPath", "m.json")]
    [Typed("evaluate --malicious m.pcap", "--benign a.pcap b.pcap", "Data.Benign", "a.pcap b.pcap")]
    [Typed(Captures, "--malicious m.pcap", "Data.Malicious", "m.pcap")]
    [Typed(Bare, "--labels l.tsv", "Data.Labels", "l.tsv")]
    [Typed(Bare, "--label-column Label", "Data.LabelColumn", "Label")]
    [Typed(Bare, "--positive bad", "Data.Positive", "bad")]
    [Typed(Captures, "--flows-per-capture 10", "Data.FlowsPerCapture", "10")]
    [Typed(Bare, "--target-recall 0.9", "Threshold", "recall of 0.9 or more")]
    [Typed(Bare, "--target-fpr 0.1%", "Threshold", "false positives of 0.001 or less")]
    [Typed(Bare, "--best-f1", "Threshold", "best F1")]
    [Typed(Bare, "--prevalence 0.005", "Prevalence", "0.005")]
    [Typed(Bare, "--seed 9", "Seed", "9")]
    [Typed(Bare, "--json e.json", "Json", "e.json")]
    [Typed(Bare, "--report r.html", "Report", "r.html")]
    [Typed(Bare, "--no-sandbox", "IsSandboxed", "False")]
    [Typed(Bare, "-q", "Quiet", "True")]
    [TypedMetering(Bare, "Data.Metering.", judges: false)]
    public void An_option_is_taken(string bare, string words, string member, string value) =>
        CommandLine.AssertTaken(bare, words, member, value);

    [Theory]
    [InlineData("ModelPath", "builtin")]
    [InlineData("Data.Files", "t.csv")]
    [InlineData("Data.LabelColumn", "label")]
    [InlineData("Threshold", "null")]
    [InlineData("Seed", "1")]
    [InlineData("Json", "null")]
    public void An_option_that_is_not_given_has_its_default(string member, string value) =>
        Assert.Equal(value, CommandLine.Shown(Bare, member));

    [Fact]
    public void Captures_are_not_thinned() => Assert.Equal("null", CommandLine.Shown(Captures, "Data.FlowsPerCapture"));

    [Fact]
    public void Captures_are_metered_for_the_model()
    {
        using EarlyModel model = new();
        EvaluatePlan plan = PlanOf($"{Captures} --model {model.Path} --idle-timeout 5s")!;
        Assert.Equal(
            ("early", (long?)EarlyModel.DecideAfter, 5_000_000_000L),
            (plan.Model.Name, plan.Metering.Options.Flow.DecideAfter, plan.Metering.Options.Flow.Rules.IdleTimeout));
        Assert.Equal("default-extended", PlanOf($"{Captures} --profile extended")!.Model.Name);
    }

    [Fact]
    public void Tables_have_their_model_chosen_by_their_columns() => Assert.Null(PlanOf(Bare));

    [Theory]
    [InlineData("evaluate", "no flows: name flow tables, or captures with --benign and --malicious, or captures with --labels.")]
    [InlineData(
        "evaluate --labels l.tsv", "no flows: name flow tables, or captures with --benign and --malicious, or captures with --labels.")]
    [InlineData(
        "evaluate t.csv --malicious m.pcap",
        "t.csv: tables and captures do not mix; meter the captures to tables first, or give --labels if it is a capture.")]
    [InlineData(
        Bare + " --target-recall 0.5 --best-f1",
        "--target-recall, --target-fpr and --best-f1 each choose the threshold; give one of them.")]
    [InlineData(Bare + " --target-fpr 2", "--target-fpr 2: is not a share from 0 to 1, as 0.2 or 20%. See flowmeter evaluate --help")]
    [InlineData(Captures + " --model none", "--model none: there is nothing to judge then; name a model.")]
    [InlineData(Captures + " --profile cic", "--model builtin: there is none for profile cic, only for extended, flowmeter, full; take one "
        + "of "
            + "these, or name a model that flowmeter train made.")]
    public void What_can_not_be_is_refused_before_anything_is_opened(string line, string message) =>
        CommandLine.AssertRefused(line, message);

    [Fact]
    public void A_missing_model_is_a_failure() =>
        CommandLine.AssertRefused(
            $"{Captures} --model no-such.json",
            "no-such.json: no such file; name a model that flowmeter train made, or a folder of Deepfence parameters.", ExitCode.Failed);

    private static EvaluatePlan? PlanOf(string line) => EvaluatePlan.From(CommandLine.ChoicesOf<EvaluateChoices>(line));
}
