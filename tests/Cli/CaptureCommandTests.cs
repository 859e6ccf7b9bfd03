using FlowMeter.Cli.Capture;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Metering;

namespace FlowMeter.Tests.Cli;

/// <summary>
/// <c>flowmeter capture</c>: what is typed becomes choices, choices become a plan, and what can not be is refused with one line.
/// </summary>
public sealed class CaptureCommandTests
{
    private const string Bare = "capture -i lo";

    [Theory]
    [Typed("capture", "--interface lo -i eth1 -i lo", "Interfaces", "lo eth1")]
    [Typed(Bare, "--no-sandbox", "IsSandboxed", "False")]
    [Typed(Bare, "--output t.csv", "Output", "t.csv")]
    [Typed(Bare, "--to nats://n1/flows", "To", "nats://n1/flows")]
    [Typed(Bare, "--to kafkas://u:p@k1,k2:9093/flows?sasl=scram-sha-512", "To", "kafkas://k1,k2:9093/flows")]
    [Typed(Bare, "--spool /var/spool/flowmeter,1GB", "Spool", "/var/spool/flowmeter,1000000000")]
    [Typed(Bare, "--ipfix collector.example", "Collector", "udp://collector.example:4739")]
    [Typed(Bare, "--rotate 1h --rotate 100MB", "Rotation.Bytes", "100000000")]
    [Typed(Bare, "--rotate 1h,100MB", "Rotation.Every", "01:00:00")]
    [Typed(Bare, "--filter tcp", "Filter", "tcp")]
    [Typed(Bare, "--direction in", "Direction", "Received")]
    [Typed(Bare, "--direction out", "Direction", "Sent")]
    [Typed(Bare, "--snaplen 1k", "SnapLength", "1024")]
    [Typed(Bare, "--buffer 128", "BufferBytes", "134217728")]
    [Typed(Bare, "--no-promiscuous", "IsPromiscuous", "False")]
    [Typed(Bare, "--af-xdp", "IsXdp", "True")]
    [Typed(Bare, "--af-xdp-force", "IsXdpForced", "True")]
    [Typed(Bare, "--pin", "IsPinned", "True")]
    [Typed(Bare, "--duration 1h30m", "Duration", "01:30:00")]
    [Typed(Bare, "--count 10k", "Count", "10000")]
    [Typed(Bare, "--stats-every 500ms", "StatisticsPeriod", "00:00:00.5000000")]
    [Typed(Bare, "--metrics 9105", "Metrics", "127.0.0.1:9105")]
    [Typed(Bare, "--page 9477", "Page", "127.0.0.1:9477")]
    [Typed(Bare, "--page-token-file t.txt", "PageTokenFile", "t.txt")]
    [Typed(Bare, "--user nobody", "User", "nobody")]
    [Typed(Bare, "--hosts h.csv", "Hosts", "h.csv")]
    [Typed(Bare, "--write-suspicious s.pcap", "Suspicious", "s.pcap")]
    [Typed(Bare, "--write-benign b.pcap", "Benign", "b.pcap")]
    [Typed(Bare, "--headers-only", "HeadersOnly", "True")]
    [Typed(Bare, "--forward-to eth9", "ForwardTo", "eth9")]
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
    [InlineData("Output", "-")]
    [InlineData("Rotation.Every", "null")]
    [InlineData("Direction", "Both")]
    [InlineData("SnapLength", "null")]
    [InlineData("BufferBytes", "67108864")]
    [InlineData("IsPromiscuous", "True")]
    [InlineData("Duration", "null")]
    [InlineData("StatisticsPeriod", "null")]
    [InlineData("RoutingOption", "null")]
    public void An_option_that_is_not_given_has_its_default(string member, string value) =>
        Assert.Equal(value, CommandLine.Shown(Bare, member));

    [Theory]
    [InlineData("--duration off", "Duration")]
    [InlineData("--stats-every off", "StatisticsPeriod")]
    public void Off_is_no_time(string words, string member) => Assert.Equal("null", CommandLine.Shown($"{Bare} {words}", member));

    [Fact]
    public void Without_options_one_worker_keeps_headers_and_the_clock_sweeps()
    {
        CapturePlan plan = PlanOf(Bare);
        Assert.Equal((256, 1, 1), (plan.Settings.SnapLength, plan.Settings.HandlesPerInterface, plan.Settings.WorkersPerHandle));
        Assert.Equal(64 << 20, plan.Settings.BufferBytes);
        Assert.Equal((MeteringMode.Live, long.MaxValue), (plan.Metering.Options.Mode, plan.Metering.Options.Flow.SweepFrom));
    }

    [Theory]
    [InlineData("", 256)]
    [InlineData("--profile full", 512)]
    [InlineData("--snaplen 512", 512)]
    [InlineData("--profile deepfence", 262_144)]
    [InlineData("--profile deepfence --snaplen 96", 96)]
    public void Who_gets_packets_wants_them_whole(string words, int bytes) =>
        Assert.Equal(bytes, PlanOf($"{Bare} {words}").Settings.SnapLength);

    [Theory]
    [InlineData("-i a -i b --workers 3", 6, 3, 1)]
    [InlineData("-i any --workers 3", 3, 1, 3)]
    [InlineData("-i a --workers 3 --decapsulate", 3, 1, 3)]
    public void The_kernel_shares_packets_where_it_can(string words, int workers, int handles, int perHandle)
    {
        CapturePlan plan = PlanOf($"capture {words}");
        Assert.Equal((workers, handles, perHandle), (plan.Metering.Options.Workers, OperatingSystem.IsLinux()
            ? plan.Settings.HandlesPerInterface
            : handles, OperatingSystem.IsLinux() ? plan.Settings.WorkersPerHandle : perHandle));
    }

    [Fact]
    public void What_is_captured_reaches_the_settings()
    {
        CapturePlan plan = PlanOf($"{Bare} --filter tcp --direction in --no-promiscuous --count 7 --buffer 2GB");
        Assert.Equal(
            ("tcp", false, 7L, 2_000_000_000),
            (plan.Settings.Filter, plan.Settings.IsPromiscuous, plan.Settings.MaxFrames, plan.Settings.BufferBytes));
        Assert.Equal(["lo"], plan.Settings.Interfaces);
    }

    [Fact]
    public void A_capture_by_XDP_takes_a_worker_for_each_queue()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Equal("--af-xdp: is there on Linux only; leave it out.", Refusal($"{Bare} --af-xdp"));
            return;
        }

        Assert.Equal((true, 1), (PlanOf($"{Bare} --af-xdp").Settings.IsXdp, PlanOf($"{Bare} --af-xdp").Settings.HandlesPerInterface));
        Assert.False(PlanOf(Bare).Settings.IsXdp);
        Assert.Equal(
            "--workers: --af-xdp takes a worker for each receive queue, of which lo has 1; leave it out, or change the queues (ethtool -L "
                + "lo combined 2).",
            Refusal($"{Bare} --af-xdp --workers 2"));
        Assert.Equal("--af-xdp: any is no interface with queues; name interfaces.", Refusal("capture -i any --af-xdp"));
        Assert.Equal("--af-xdp: sees only what is received; leave out --direction out.", Refusal($"{Bare} --af-xdp --direction out"));
    }

    [Fact]
    public void Packets_are_sent_their_way_by_a_model_that_judges_in_time()
    {
        using EarlyModel model = new();
        string routed = $"{Bare} --write-suspicious s.pcap --model {model.Path}";
        Assert.Equal(CapturePlan.MaxSnapLength, PlanOf(routed).Settings.SnapLength);
        Assert.Equal(2, PlanOf($"{routed} --workers 2").Settings.HandlesPerInterface);
        Assert.Equal(
            "--write-suspicious: --min-packets 6 leaves out flows that are judged at packet 5 already; lower it.",
            Refusal($"{routed} --min-packets 6"));
        Assert.Equal(
            "--write-suspicious: the packets with --decapsulate come through one handle, and only one worker can keep them; use --workers "
                + "1.",
            Refusal($"{routed} --decapsulate --workers 2"));
        Assert.Equal(
            "--write-benign: the packets of any come through one handle, and only one worker can keep them; use --workers 1.",
            Refusal($"capture -i any --workers 2 --write-benign b.pcap --model {model.Path}"));
    }

    [Theory]
    [InlineData(
        "-i lo --forward-to lo", "--forward-to lo: is captured, too, and every packet would come back; choose an interface of its own.")]
    [InlineData(
        "-i any --forward-to lo", "--forward-to lo: is captured, too, and every packet would come back; choose an interface of its own.")]
    [InlineData("-i lo --write-suspicious s --model none", "--write-suspicious: there is no model; name one that judges at the N-th packet "
        + "with --model (flowmeter train --decide-after N makes it).")]
    [InlineData("-i lo --write-benign b", "--write-benign: model default-flowmeter judges whole flows, when their packets have gone by; "
        + "name one that judges at the N-th packet with --model (flowmeter train --decide-after N makes it).")]
    [InlineData("-i a -i b -i c --workers 200", "--workers: 200 for each of 3 interfaces are more than 256 in all; use fewer.")]
    [InlineData("-i lo -o t.csv --to nats://n1/flows", "--to: the table is published, or goes to -o t.csv; leave out one of them "
        + "(flowmeter collect makes files of what is published).")]
    [InlineData("-i lo --to nats://n1/flows --rotate 1h", "--rotate: a table that is published has no files; leave it out (flowmeter "
        + "collect has it, too).")]
    [InlineData("-i lo --to nats://n1/flows --format parquet", "--format parquet: is for files, and --to publishes blocks of rows; take "
        + "arrow, jsonl, csv or ipfix.")]
    [InlineData("-i lo --spool /tmp,1GB", "--spool: keeps what --to publishes; give both or neither.")]
    [InlineData("-i lo --to nats://n1/flows.*", "--to nats://n1/flows.*: messages have one subject, without * and >. See flowmeter capture "
        + "--help")]
    [InlineData("-i lo --to kafka://k1/a/b", "--to kafka://k1/a/b: a/b is no topic; topics are letters, digits, periods, _ and -, as "
        + "flows. See flowmeter capture --help")]
    [InlineData("-i lo --to nats://n1/flows --spool /tmp", "--spool /tmp: is not a folder and a size of 1MiB or more, as "
        + "/var/spool/flowmeter,1GB. See flowmeter capture --help")]
    [InlineData("-i lo -o t.csv --ipfix c", "--ipfix: the table goes to the collector, or goes to -o t.csv; leave out one of them.")]
    [InlineData("-i lo --to nats://n1/flows --ipfix c", "--ipfix: the table goes to the collector, or is published with --to "
        + "nats://n1/flows; leave out one of them.")]
    [InlineData("-i lo --ipfix c --format csv", "--ipfix: the collector takes ipfix, and --format says csv; leave out one of them.")]
    [InlineData("-i lo --ipfix-uniflow", "--ipfix-uniflow: is for IPFIX, and the table is csv; add --format ipfix, or leave it out.")]
    [InlineData("-i lo --ipfix c --rotate 1h", "--rotate: a table that goes to a collector has no files; leave it out.")]
    [InlineData("-i lo --ipfix tcp://c:0", "--ipfix tcp://c:0: is not a collector; write udp://HOST:PORT, tcp://HOST:PORT or "
        + "tls://HOST:PORT, an IPv6 address as in tcp://[2001:db8::1]:4739. See flowmeter capture --help")]
    [InlineData("-i lo --ipfix tcp://c?ca=a", "--ipfix tcp://c?ca=a: has settings, which are for TLS; write tls://c?ca=a, or leave them "
        + "out. See flowmeter capture --help")]
    [InlineData("-i lo --ipfix tls://c?user=a", "--ipfix tls://c?user=a: user=a is no setting; those are ca, cert, key, each once and "
        + "with a value, as ?ca=ca.pem&cert=sensor.pem. See flowmeter capture --help")]
    [InlineData("-i lo -o t.csv --summary t.csv", "--summary t.csv: is the table's file, too; choose another name.")]
    [InlineData(
        "-i lo --rotate 1x",
        "--rotate: 1x: is neither a time (60s, 5m, 1h, 1d) nor a size (500kB, 100MB, 1GiB). See flowmeter capture --help")]
    [InlineData(
        "-i lo --rotate 1h --rotate 5m",
        "--rotate: 5m: a time is given twice; one time and one size may be combined, as in 1h,100MB. See flowmeter capture --help")]
    [InlineData("-i lo --direction up", "--direction up: is not in, out or both. See flowmeter capture --help")]
    [InlineData("-i lo --metrics 99999", "--metrics 99999: is not an address to listen on; write 9105 for this machine alone, or an "
        + "address as in 192.0.2.1:9105 or [2001:db8::1]:9105. See flowmeter capture --help")]
    [InlineData(
        "-i lo --snaplen 1M", "--snaplen 1M: is not a size from 64B to 262144B, as 64M, 64MB or 1GiB. See flowmeter capture --help")]
    [InlineData(
        "-i lo --duration 0", "--duration 0: is no time; write off for never, else a time as 90s or 1h30m. See flowmeter capture --help")]
    [InlineData("", "Option '--interface' is required. See flowmeter capture --help")]
    public void What_can_not_be_is_refused_before_anything_is_opened(string words, string message) =>
        CommandLine.AssertRefused($"capture {words}", message);

    [Theory]
    [InlineData("nats", "", "arrow")]
    [InlineData("nats", "--format csv", "csv")]
    [InlineData("kafka", "", "arrow")]
    [InlineData("kafkas", "--format jsonl", "jsonl")]
    public void What_is_published_fits_who_takes_it_unless_a_format_is_named(string scheme, string words, string format) =>
        Assert.Equal(format, PlanOf($"{Bare} --to {scheme}://n1/flows {words}").Metering.Options.Export.Encoding.Format.Name);

    private static string Refusal(string line) => Assert.Throws<UsageException>(() => PlanOf(line)).Message;

    private static CapturePlan PlanOf(string line) => CapturePlan.From(CommandLine.ChoicesOf<CaptureChoices>(line));
}
