using FlowMeter.Cli.Read;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Tests.Cli;

/// <summary>
/// <c>flowmeter read</c>: what is typed becomes choices, choices become a plan, and what can not be is refused with one line.
/// </summary>
public sealed class ReadCommandTests
{
    private const string Bare = "read x.pcap";

    [Theory]
    [Typed(Bare, "--no-sandbox", "IsSandboxed", "False")]
    [Typed(Bare, "--output t.csv", "Output", "t.csv")]
    [Typed(Bare, "--view table", "View", "table")]
    [Typed(Bare, "--color always", "Color", "always")]
    [Typed(Bare, "--to nats://n1/flows", "To", "nats://n1/flows")]
    [Typed(Bare, "--to kafkas://u:p@k1,k2:9093/flows?sasl=scram-sha-512", "To", "kafkas://k1,k2:9093/flows")]
    [Typed(Bare, "--ipfix tcp://[::1]:4740", "Collector", "tcp://[::1]:4740")]
    [Typed(Bare, "--filter tcp", "Filter", "tcp")]
    [Typed(Bare, "--sort", "IsSorted", "True")]
    [Typed(Bare, "--hosts h.csv", "Hosts", "h.csv")]
    [Typed(Bare, "--packets p.csv", "Packets", "p.csv")]
    [Typed(Bare, "--write-suspicious s.pcap", "Suspicious", "s.pcap")]
    [Typed(Bare, "--write-benign b.pcap", "Benign", "b.pcap")]
    [Typed(Bare, "--headers-only", "HeadersOnly", "True")]
    [Typed(Bare, "--page 9477", "Page", "127.0.0.1:9477")]
    [Typed(Bare, "--page-token-file t.txt", "PageTokenFile", "t.txt")]
    [Typed(Bare, "--summary s.json", "Summary", "s.json")]
    [Typed(Bare, "--quiet", "Quiet", "True")]
    [Typed(Bare, "--format jsonl", "Metering.Format", "jsonl")]
    [Typed(Bare, "--ipfix-pen 4711", "Metering.IpfixEnterprise", "4711")]
    [Typed(Bare, "--ipfix-uniflow", "Metering.HasUniflows", "True")]
    [Typed(Bare, "--ecs", "Metering.UsesElasticNames", "True")]
    [TypedMetering(Bare, "Metering.", judges: true)]
    public void An_option_is_taken(string bare, string words, string member, string value) =>
        CommandLine.AssertTaken(bare, words, member, value);

    [Theory]
    [InlineData("Files", "x.pcap")]
    [InlineData("Output", "-")]
    [InlineData("Filter", "null")]
    [InlineData("IsSorted", "False")]
    [InlineData("SecondPassOption", "null")]
    [InlineData("Quiet", "False")]
    [InlineData("Metering.Profile", "null")]
    [InlineData("Metering.ModelPath", "null")]
    [InlineData("Metering.IdleTimeout", "null")]
    [InlineData("Metering.LocalNets", "")]
    [InlineData("Metering.Workers", "null")]
    public void An_option_that_is_not_given_has_its_default(string member, string value) =>
        Assert.Equal(value, CommandLine.Shown(Bare, member));

    [Theory]
    [InlineData(Bare, true, true)]
    [InlineData(Bare, false, false)]
    [InlineData(Bare + " -o -", true, false)]
    [InlineData(Bare + " -o t.csv", true, false)]
    [InlineData(Bare + " --format csv", true, false)]
    [InlineData(Bare + " --format jsonl", true, false)]
    [InlineData(Bare + " --to nats://n1/flows", true, false)]
    [InlineData(Bare + " --ipfix 127.0.0.1:4739", true, false)]
    [InlineData(Bare + " --view csv", true, false)]
    [InlineData(Bare + " --view csv --format csv", true, false)]
    [InlineData(Bare + " --view table", false, true)]
    [InlineData(Bare + " --view table -o t.txt", false, true)]
    public void A_terminal_gets_a_table_for_people_and_all_else_what_it_asks_for(string line, bool isTerminal, bool isView)
    {
        ReadPlan plan = ReadPlan.From(CommandLine.ChoicesOf<ReadChoices>(line), _ => 1000, isTerminal);
        Assert.Equal(isView, plan.IsView);
        Assert.Equal(isView, plan.Metering.Options.KeepsOrder);
        Assert.Equal(isView ? 1 : 0, plan.Metering.Options.Export.Explain);
    }

    [Theory]
    [InlineData("--view table --format csv", "table", "--format csv")]
    [InlineData("--view csv --format jsonl", "csv", "--format jsonl")]
    [InlineData("--view table --to nats://n1/flows", "table", "--to")]
    [InlineData("--view csv --ipfix 127.0.0.1:4739", "csv", "--ipfix")]
    public void A_view_is_one_of_standard_output(string words, string view, string other) =>
        Assert.Equal(
            $"--view {view}: says how the table is shown, and {other} how it is written; leave one out.",
            Assert.Throws<UsageException>(() => PlanOf($"{Bare} {words}")).Message);

    [Fact]
    public void Without_options_the_plan_is_the_profile_with_its_rules()
    {
        ReadPlan plan = PlanOf(Bare);
        MeteringOptions options = plan.Metering.Options;
        Assert.Equal(("flowmeter", "default-flowmeter"), (plan.Metering.Profile.Name, plan.Metering.Model!.Name));
        Assert.Equal(plan.Metering.Profile.Rules, options.Flow.Rules);
        Assert.Equal((1, MeteringMode.Files, 1L), (options.Workers, options.Mode, options.Flow.MinPackets));
        Assert.Null(options.Flow.Tunnels);
        Assert.Null(options.Flow.DecideAfter);
    }

    [Theory]
    [InlineData("--idle-timeout 500ms", 500_000_000, 1_800_000_000_000)]
    [InlineData("--active-timeout off", 120_000_000_000, FlowRules.Never)]
    [InlineData("--idle-timeout 2 --active-timeout 1d", 2_000_000_000, 86_400_000_000_000)]
    [InlineData("--profile cic", 120_000_000_000, 120_000_000_000)]
    [InlineData("--profile deepfence --idle-timeout 1m", 60_000_000_000, FlowRules.Never)]
    public void Timeouts_replace_those_of_the_profile(string words, long idle, long active)
    {
        FlowRules rules = PlanOf($"{Bare} {words}").Metering.Options.Flow.Rules;
        Assert.Equal((idle, active), (rules.IdleTimeout, rules.ActiveTimeout));
    }

    [Fact]
    public void Every_metering_option_reaches_the_plan()
    {
        MeteringOptions options = PlanOf($"{Bare} --profile appflow --min-packets 3 --max-flows 2k --max-history 64MiB --label office"
            + " --community-id --decapsulate --tunnel-port vxlan=99 --workers 2").Metering.Options;
        Assert.Equal((3L, 2000L, 64L << 20), (options.Flow.MinPackets, options.Flow.MaxFlows, options.Flow.MaxHistory));
        Assert.Equal(("office", true, 2), (options.Export.Label, options.Export.HasCommunityId, options.Workers));
        Assert.NotNull(options.Flow.Tunnels);
    }

    [Theory]
    [InlineData((64L << 20) - 1, false)]
    [InlineData(64L << 20, true)]
    public void Large_files_get_a_worker_for_each_core(long bytes, bool many)
    {
        ReadPlan plan = PlanOf("read a.pcap b.pcap", file => file == "a.pcap" ? 1000 : bytes - 1000);
        Assert.Equal(many ? Math.Clamp(Environment.ProcessorCount, 1, 16) : 1, plan.Metering.Options.Workers);
        Assert.Equal(bytes, plan.InputBytes);
        Assert.Equal(3, PlanOf($"{Bare} --workers 3", _ => bytes).Metering.Options.Workers);
    }

    [Fact]
    public void Rows_of_a_pipe_come_out_in_time()
    {
        ReadPlan plan = PlanOf("read a.pcap -", file => file == "-" ? null : 100L << 20);
        Assert.Equal(
            (MeteringMode.Stream, 0L, 1),
            (plan.Metering.Options.Mode, plan.Metering.Options.Flow.SweepFrom, plan.Metering.Options.Workers));
        Assert.Null(plan.InputBytes);
    }

    [Theory]
    [InlineData("", true, 0)]
    [InlineData("--threshold 0.9", false, 0.9)]
    [InlineData("--threshold 0.1,0.9", true, 0.9)]
    public void Thresholds_replace_those_of_the_model(string words, bool isKept, double threshold)
    {
        Model model = PlanOf($"{Bare} {words}").Metering.Model!;
        Assert.Equal(words.Length == 0, model.Threshold != threshold);
        Assert.Equal(words.Contains(',', StringComparison.Ordinal), isKept && model.BenignBelow == 0.1);
        Assert.True(model.IsUntuned);
    }

    [Fact]
    public void A_model_brings_its_profile_and_its_decision_point()
    {
        using EarlyModel model = new();
        ReadPlan plan = PlanOf($"{Bare} --model {model.Path} --decide-after {EarlyModel.DecideAfter} --write-suspicious s.pcap");
        Assert.Equal(
            ("early", "flowmeter", (long?)EarlyModel.DecideAfter),
            (plan.Metering.Model!.Name, plan.Metering.Profile.Name, plan.Metering.Options.Flow.DecideAfter));
        Assert.Equal(
            $"--model {model.Path}: is for profile flowmeter, not cic; leave out --profile or train a model for it.",
            Refusal($"{Bare} --profile cic --model {model.Path}"));
        Assert.Equal(
            "--decide-after 4: model early was trained to judge at packet 5; make one with flowmeter train --decide-after 4 and name it "
                + "with --model.",
            Refusal($"{Bare} --decide-after 4 --model {model.Path}"));
    }

    [Theory]
    [InlineData("--sort", "--sort: when - begins is not known before it is read, since it is a pipe; name files only.")]
    [InlineData("--packets p.csv", "--packets: reads its input twice, and - is a pipe; record it to a file first.")]
    [InlineData("--write-benign b.pcap", "--write-benign: reads its input twice, and - is a pipe; record it to a file first.")]
    [InlineData("-o t.csv --summary t.csv", "--summary t.csv: is the table's file, too; choose another name.")]
    [InlineData("--max-history 1M", "--max-history: profile flowmeter keeps no history of packets; leave it out.")]
    [InlineData(
        "--profile deepfence --decapsulate", "--decapsulate: profile deepfence always meters the outermost header; leave one of them out.")]
    [InlineData(
        "--tunnel-port vxlan=1",
        "--tunnel-port: says where to look for tunnels, and only --decapsulate looks into them; give both or neither.")]
    [InlineData("--profile cic --model builtin", "--model builtin: there is none for profile cic, only for extended, flowmeter, full; take "
        + "one of these, or name a model that flowmeter train made.")]
    [InlineData("--threshold 0.5 --budget 5%", "--threshold and --budget each move the threshold; give one of them.")]
    [InlineData(
        "--explain 3 --model none", "--explain: is about verdicts, and --model none gives none; leave that out, or name a model.")]
    [InlineData(
        "--threshold 1 --profile cic", "--threshold: is about verdicts, and profile cic has no model inside; name one with --model.")]
    [InlineData("--decide-after 5", "--decide-after 5: model default-flowmeter was trained to judge whole flows; make one with flowmeter "
        + "train --decide-after 5 and name it with --model.")]
    [InlineData(
        "--decide-after 5 --model none",
        "--decide-after 5: there is no model to judge by; make one with flowmeter train --decide-after 5 and name it with --model.")]
    [InlineData("--local-net 10.1.1.1/8", "--local-net 10.1.1.1/8: not a network; write it as 192.168.0.0/16 or 2001:db8::/32, with no "
        + "bits set behind the prefix. See flowmeter read --help")]
    [InlineData(
        "--tunnel-port vxlan=0",
        "--tunnel-port vxlan=0: \"0\" is no port from 1 to 65535; write it as vxlan=4789,8472. See flowmeter read --help")]
    [InlineData("--tunnel-port ip=1", "--tunnel-port ip=1: is no kind of tunnel and its ports; write it as vxlan=4789,8472. The kinds are "
        + "vxlan, vxlan-gpe, geneve, gtpu, teredo, ayiya, l2tp, capwap, mpls. See flowmeter read --help")]
    public void What_can_not_be_is_refused_before_a_byte_is_read(string words, string message) =>
        CommandLine.AssertRefused($"read - {words}", message);

    [Theory]
    [InlineData("--model none", "--write-suspicious: goes by verdicts, and --model none gives none; leave that out, or name a model.")]
    [InlineData(
        "--profile cic",
        "--write-suspicious: goes by verdicts, and profile cic has no model inside; name one with --model, or choose another profile.")]
    public void Verdicts_are_needed_to_split(string words, string message) =>
        Assert.Equal(message, Refusal($"{Bare} --write-suspicious s.pcap {words}"));

    [Theory]
    [InlineData("-o x.pcap", "-o x.pcap: is an input file, too; choose another name.")]
    [InlineData("--packets ./x.pcap", "--packets ./x.pcap: is an input file, too; choose another name.")]
    [InlineData(
        "--write-suspicious s.pcap --write-benign s.pcap",
        "--write-benign s.pcap: is the suspicious packets' file, too; choose another name.")]
    public void An_output_replaces_no_input_and_no_other_output(string words, string message) =>
        Assert.Equal(message, Refusal($"{Bare} {words}"));

    [Fact]
    public void A_missing_file_is_a_failure() =>
        CommandLine.AssertRefused("read no-such-file.pcap", "no-such-file.pcap: no such file; check the path.", ExitCode.Failed);

    private static string Refusal(string line) => Assert.Throws<UsageException>(() => PlanOf(line)).Message;

    private static ReadPlan PlanOf(string line, Func<string, long?>? bytesOf = null) =>
        ReadPlan.From(CommandLine.ChoicesOf<ReadChoices>(line), bytesOf ?? (_ => 1000));
}
