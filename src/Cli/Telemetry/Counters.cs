using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Scoring;
using static FlowMeter.Cli.Telemetry.CounterUnit;

namespace FlowMeter.Cli.Telemetry;

/// <summary>
/// Every counter of a run, in lists by who counts it, in the order of the JSON. To add one: count it in the engine, declare it here, and
/// put it into its list; all that shows counters has it then.
/// </summary>
internal static partial class Counters
{
    /// <summary>Frames taken.</summary>
    public static Counter<FrameCounts> Frames { get; } = new(
        "frames", Packets, "Packets taken, metered or skipped.", counts => counts.Frames)
    {
        Metric = "flowmeter_packets_total",
        Statistic = "{0} packets",
    };

    /// <summary>Frames metered.</summary>
    public static Counter<FrameCounts> Metered { get; } = new(
        "metered", Packets, "Packets metered.", counts => counts[DecodeResult.Metered])
    {
        Metric = "flowmeter_packets_metered_total",
    };

    /// <summary>Frames skipped, by reason; with those metered they are all frames.</summary>
    public static IReadOnlyList<Counter<FrameCounts>> Skipped { get; } =
    [
        .. DecodeResultText.Skipped.Select(result => (Result: result, Name: DecodeResultText.Name(result)))
            .Select(reason => new Counter<FrameCounts>(
                reason.Name, Packets, "Packets that no flow could be found for, by reason.", counts => counts[reason.Result])
            {
                Group = "skipped",
                Metric = "flowmeter_packets_skipped_total",
                Label = ("reason", reason.Name),
                Words = reason.Name,
            }),
    ];

    /// <summary>Metered frames that are in no flow.</summary>
    public static Counter<FrameCounts> OutsideProfile { get; } = new(
        "outside_profile", Packets, "Metered packets that the profile leaves out of every flow.", counts => counts.OutsideProfile)
    {
        Metric = "flowmeter_packets_outside_profile_total",
        Line = "left out",
        Words = "packets that profile {profile} does not meter",
    };

    /// <summary>Wire bytes of the metered frames.</summary>
    public static Counter<FrameCounts> MeteredBytes { get; } = new(
        "bytes", Bytes, "Bytes on the wire of the metered packets.", counts => counts.Bytes)
    {
        Metric = "flowmeter_bytes_total",
    };

    /// <summary>Frames that were put together before they were captured.</summary>
    public static Counter<FrameCounts> LongFrames { get; } = new(
        "long_frames", Packets, "Frames that are longer than 1.5 times the MTU of any Ethernet.", counts => counts.LongFrames);

    /// <summary>Flows that came out.</summary>
    public static Counter<FlowCounts> Flows { get; } = new("flows", CounterUnit.Flows, "Flows that ended.", counts => counts.Flows)
    {
        Statistic = "{0} ended",
    };

    /// <summary>Flows that are live.</summary>
    public static Counter<FlowCounts> LiveFlows { get; } = new(
        null, CounterUnit.Flows, "Flows that have begun and not ended.", counts => counts.Live)
    {
        Metric = "flowmeter_flows_live",
        IsGauge = true,
        Statistic = "{0} flows live",
    };

    /// <summary>Flows by end reason.</summary>
    public static IReadOnlyList<Counter<FlowCounts>> EndReasons { get; } =
    [
        .. EndReasonText.All.Select(reason => (Reason: reason, Name: EndReasonText.Name(reason))).Select(end => new Counter<FlowCounts>(
            end.Name, CounterUnit.Flows, "Flows that ended, by reason; resources are those that had to leave the full table.",
            counts => counts[end.Reason])
        {
            Group = "flows_by_end_reason",
            Metric = "flowmeter_flows_ended_total",
            Label = ("reason", end.Name),
            Words = end.Name,
        }),
    ];

    /// <summary>Flows that left a full table before their time.</summary>
    public static Counter<FlowCounts> Evicted { get; } = new(
        "evicted", CounterUnit.Flows, "Flows that left a full table before their time.", counts => counts[FlowEndReason.LackOfResources])
    {
        Line = "evicted",
        Words = "flows that left the full table before their time",
        Statistic = "evicted {0}",
    };

    /// <summary>What got lost before it was seen, by place.</summary>
    public static IReadOnlyList<Counter<LossCounts>> Drops { get; } =
    [
        new("kernel_drops", Packets, "Packets lost before they were seen, by place.", losses => losses.Kernel)
        {
            Metric = "flowmeter_packets_dropped_total",
            Label = ("place", "kernel"),
            Words = "dropped by the kernel",
            Statistic = "dropped by kernel {0}",
        },
        new("interface_drops", Packets, "Packets lost before they were seen, by place.", losses => losses.Interface)
        {
            Metric = "flowmeter_packets_dropped_total",
            Label = ("place", "interface"),
            Words = "by the interface",
            Statistic = "by interface {0}",
        },
    ];

    /// <summary>Flows that were not written, since the output was too slow.</summary>
    public static Counter<CaptureCounts> SinkOverruns { get; } = new(
        "sink_overruns", CounterUnit.Flows, "Flows that ended but were not written, since the output was too slow.",
        capture => capture.Totals.SinkOverruns);

    /// <summary>The same and those that were lost with the output.</summary>
    public static Counter<CaptureCounts> FlowsNotWritten { get; } = new(
        null,
        CounterUnit.Flows,
        "Flows that ended but were not written, since the output was too slow or failed.",
        capture => capture.Totals.SinkOverruns + capture.Output.LostRows)
    {
        Metric = "flowmeter_sink_dropped_flows_total",
        Line = "not written",
        Words = "flows: the output was too slow or failed",
        Statistic = "flows not written {0}",
    };

    /// <summary>Frames of a split capture that were not written.</summary>
    public static Counter<CaptureCounts> PacketsNotWritten { get; } = new(
        "packets_lost",
        Packets,
        "Packets that should have been written to a part and were not, since the output failed.",
        capture => capture.Routing?.LostFrames ?? 0)
    {
        Metric = "flowmeter_split_lost_packets_total",
        Line = "not written",
        Words = "packets: the output failed",
        Statistic = "not written {0}",
    };

    /// <summary>Flows by verdict, where there are verdicts.</summary>
    public static IReadOnlyList<Counter<MeteringTotals>> Verdicts { get; } =
    [
        .. VerdictText.All.Select(verdict => (Verdict: verdict, Name: VerdictText.Name(verdict)))
            .Select(said => new Counter<MeteringTotals>(
                said.Name, CounterUnit.Flows, "Flows judged, by verdict.", totals => totals.ByVerdict(said.Verdict).Flows)
            {
                Group = "verdicts",
                Metric = "flowmeter_verdicts_total",
                Label = ("verdict", said.Name),
                Words = said.Name,
            }),
    ];

    /// <summary>Flows judged by what their source did, where there are verdicts; they are among the malicious ones.</summary>
    public static Counter<MeteringTotals> ByHost { get; } = new(
        "malicious_by_host", CounterUnit.Flows, "Flows judged malicious since their source is; they have too few packets for a score.",
        totals => totals.ByHost)
    {
        Metric = "flowmeter_malicious_by_host_total",
        Line = "by host",
        Words = "of them have too few packets for a score, but their source scans, sweeps or guesses passwords",
    };

    /// <summary>What else is counted of flows.</summary>
    public static IReadOnlyList<Counter<FlowCounts>> OfFlows { get; } =
    [
        new(
            "flows_without_room", CounterUnit.Flows, "Flows that ended because their history could not grow.",
            counts => counts.HistoryOverflows)
        {
            Line = "cut short",
            Words = "flows whose history could not grow; give more with --max-history",
        },
        new(
            "names_lost", CounterUnit.Flows, "Names of flows that were lost, since there was no room for them.", counts => counts.NamesLost)
        {
            Metric = "flowmeter_names_lost_total",
            Line = "names lost",
            Words = "names of flows, for which there was no room",
        },
        new("flows_below_min_packets", CounterUnit.Flows, "Flows left out because they had too few packets.", counts => counts.BelowMinimum)
        {
            Metric = "flowmeter_flows_below_min_packets_total",
            Line = "left out",
            Words = "flows of fewer than {min_packets} packets",
        },
        new(
            "flows_backwards", CounterUnit.Flows, "Flows that profile deepfence leaves out: their last packet is older than their first.",
            counts => counts.Backwards)
        {
            Line = "left out",
            Words = "flows whose last packet is older than their first",
        },
        new("peak_flows", CounterUnit.Flows, "The most flows that were live at a time.", counts => counts.Peak),
        new("out_of_order", Packets, "Packets older than the newest of their flow.", counts => counts.OutOfOrder)
        {
            Metric = "flowmeter_packets_out_of_order_total",
            Line = "out of order",
            Words = "packets older than the newest of their flow",
        },
    ];

    /// <summary>What any run counts.</summary>
    public static IReadOnlyList<Counter<RunCounts>> Run { get; } =
    [
        OfRun(Frames),
        OfRun(Metered),
        .. Skipped.Select(counter => OfRun(counter)),
        OfRun(OutsideProfile),
        Flows.From<RunCounts>(run => run.FlowCount),
        .. EndReasons.Select(counter => OfRun(counter)),
        .. OfFlows.Select(counter => OfRun(counter)),
        new(
            "clock_jumps",
            Events,
            "Times of packets that were wrong by more than a minute, or set back; those in a row counted once.",
            run => run.Totals.ClockJumps)
        {
            Metric = "flowmeter_clock_jumps_total",
            Line = "clock jumps",
            Words = "wrong times, those in a row counted once",
        },
        OfRun(MeteredBytes),
        new(
            "log_lines_lost", Events, "Lines for standard error that were not written, since nobody took them.",
            _ => Terminal.Error.LostLines)
        {
            Metric = "flowmeter_log_lines_lost_total",
            Line = "log lines lost",
            Words = "lines for standard error that nobody took",
        },
    ];

    /// <summary>What a live capture counts beside that.</summary>
    public static IReadOnlyList<Counter<CaptureCounts>> Capture { get; } =
    [
        .. Drops.Select(counter => OfCapture(counter)),
        OfCapture(new(
            "packets_ignored", Packets, "Packets let go before all workers shared an interface; another worker had them, too.",
            losses => losses.BeforeStart)
        {
            Metric = "flowmeter_packets_ignored_total",
        }),
        SinkOverruns,
        new("rows_lost", CounterUnit.Flows, "Rows that could not be written, since the output failed.", capture => capture.Output.LostRows),
        FlowsNotWritten,
        PacketsNotWritten,
        Evicted.In<CaptureCounts>(capture => capture.Flows),
    ];

    /// <summary>What each worker of a live capture counts.</summary>
    public static IReadOnlyList<Counter<WorkerCounts>> Worker { get; } =
    [
        Frames.From<WorkerCounts>(worker => Frames.Read(worker.Frames)),
        Metered.From<WorkerCounts>(worker => Metered.Read(worker.Frames)),
        Flows.From<WorkerCounts>(worker => Flows.Read(worker.Flows)),
        .. Drops.Select(drops => drops.In<WorkerCounts>(worker => worker.Losses)),
        SinkOverruns.From<WorkerCounts>(worker => worker.Capture.Totals.SinkOverrunsOf(worker.Number)),
        Evicted.From<WorkerCounts>(worker => Evicted.Read(worker.Flows)),
    ];

    /// <summary>What was read of an input file.</summary>
    public static Counter<CaptureFile> FileFrames { get; } = new(
        "frames", Packets, "Frames read of the file, before any filter.", file => file.Frames);

    /// <summary>What an input file says was lost before it was written.</summary>
    public static IReadOnlyList<Counter<CaptureFile>> FileDrops { get; } =
    [
        new("interface_drops", Packets, "Frames that its interfaces dropped (isb_ifdrop of pcapng).", file => file.Drops.Interface)
        {
            Words = "dropped by the interface",
        },
        new("system_drops", Packets, "Frames that the system dropped (isb_osdrop).", file => file.Drops.System) { Words = "by the system" },
        new("packet_drops", Packets, "Frames lost before its packets (epb_dropcount).", file => file.Drops.BetweenPackets)
        {
            Words = "between packets",
        },
    ];

    private static Counter<RunCounts> OfRun(Counter<FrameCounts> counter) => counter.From<RunCounts>(run => counter.Read(run.Frames));

    private static Counter<RunCounts> OfRun(Counter<FlowCounts> counter) => counter.In<RunCounts>(run => run.Flows);

    private static Counter<CaptureCounts> OfCapture(Counter<LossCounts> counter) => counter.In<CaptureCounts>(capture => capture.Losses);
}
