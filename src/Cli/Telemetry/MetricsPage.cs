using System.Diagnostics;
using System.Globalization;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Observe;
using FlowMeter.Engine.Packets;
using FlowMeter.Engine.Scoring;
using FlowMeter.Native;

namespace FlowMeter.Cli.Telemetry;

/// <summary>The counters of a run as Prometheus sees them: names by its conventions, base units, flows and packets counted apart.</summary>
internal static class MetricsPage
{
    private static readonly DateTime s_started = Process.GetCurrentProcess().StartTime.ToUniversalTime();
    private static readonly string s_libpcap = LibPcap.Version ?? "none";

    /// <summary>The page as of now.</summary>
    public static byte[] Of(MeteringTotals totals, TableCounters table, SinkCounters sink, IReadOnlyList<HandleCounters> handles, IReadOnlyList<WorkerProgress> workers, FrameRouting? routing = null)
    {
        MetricsText text = new();
        WritePackets(text, totals);
        text.Counter("flowmeter_packets_dropped_total", "Packets lost before they were seen, by place.", Handles(handles));
        WriteFlows(text, totals, table);
        text.Counter("flowmeter_sink_dropped_flows_total", "Flows that ended but were not written, since the output was too slow or failed.", sink.LostFlows);
        text.Gauge("flowmeter_sink_queue_blocks", "Blocks of ended flows that wait for the output.", sink.Waiting);
        if (routing != null)
        {
            WriteSplit(text, routing);
        }

        text.Histogram(
            "flowmeter_batch_duration_seconds",
            "Time from a batch of packets being there to its being accounted for.",
            "worker",
            workers.Select((worker, number) => ($"{handles[number * handles.Count / workers.Count].Interface}/{number.ToString(CultureInfo.InvariantCulture)}", worker.Latency)));
        WriteProcess(text);
        return text.ToBytes();
    }

    private static void WritePackets(MetricsText text, MeteringTotals totals)
    {
        FrameCounts frames = totals.Frames;
        text.Counter("flowmeter_packets_total", "Packets taken, metered or skipped.", frames.Frames);
        text.Counter("flowmeter_packets_metered_total", "Packets metered.", frames[FrameFate.Metered]);
        text.Counter("flowmeter_packets_skipped_total", "Packets that no flow could be found for, by reason.", "reason",
        [
            ("non_ip", frames[FrameFate.NonIp]),
            ("truncated", frames[FrameFate.Truncated]),
            ("malformed", frames[FrameFate.Malformed]),
            ("encrypted", frames[FrameFate.Encrypted]),
            ("unsupported_linktype", frames[FrameFate.UnsupportedLinkType]),
        ]);
        text.Counter("flowmeter_packets_outside_profile_total", "Metered packets that the profile leaves out of every flow.", frames.OutsideProfile);
        text.Counter("flowmeter_packets_out_of_order_total", "Packets older than the newest of their flow.", totals.OutOfOrder);
        text.Counter("flowmeter_clock_jumps_total", "Times of packets that were wrong by more than a minute, or set back; those in a row counted once.", totals.ClockJumps);
        text.Counter("flowmeter_bytes_total", "Bytes on the wire of the metered packets.", frames.Bytes);
    }

    private static void WriteFlows(MetricsText text, MeteringTotals totals, TableCounters table)
    {
        text.Gauge("flowmeter_flows_live", "Flows that have begun and not ended.", table.Live);
        text.Gauge("flowmeter_flows_live_limit", "Live flows at most (--max-flows).", table.Limit);
        text.Gauge("flowmeter_table_occupancy_ratio", "Live flows by how many there may be, 0 to 1.", table.Limit == 0 ? 0 : (double)table.Live / table.Limit);
        text.Counter("flowmeter_flows_ended_total", "Flows that ended, by reason; resources are those that had to leave the full table.", "reason",
        [
            ("idle", totals.FlowsByReason(FlowEndReason.IdleTimeout)),
            ("active", totals.FlowsByReason(FlowEndReason.ActiveTimeout)),
            ("end", totals.FlowsByReason(FlowEndReason.EndOfFlowDetected)),
            ("forced", totals.FlowsByReason(FlowEndReason.ForcedEnd)),
            ("resources", totals.FlowsByReason(FlowEndReason.LackOfResources)),
        ]);
        text.Counter("flowmeter_flows_below_min_packets_total", "Flows left out because they had too few packets.", totals.BelowMinimum);
        if (totals.HasVerdicts)
        {
            text.Counter(
                "flowmeter_verdicts_total",
                "Flows judged, by verdict.",
                "verdict",
                Enum.GetValues<Verdict>().Select(verdict => (verdict.ToString().ToLowerInvariant(), (double)totals.ByVerdict(verdict).Flows)));
        }
    }

    private static void WriteSplit(MetricsText text, FrameRouting routing)
    {
        DataReduction counted = routing.Reduction;
        text.Counter("flowmeter_split_packets_total", "Packets of both parts of the capture: suspicious ones, sent on, and benign ones, spared.", "part",
            [("suspicious", counted.SuspiciousFrames), ("benign", counted.BenignFrames)]);
        text.Counter("flowmeter_split_bytes_total", "Bytes on the wire of the packets of both parts.", "part",
            [("suspicious", counted.SuspiciousBytes), ("benign", counted.BenignBytes)]);
        text.Counter("flowmeter_split_lost_packets_total", "Packets that should have been written to a part and were not, since the output failed.", routing.LostFrames);
        if (routing.Forwarder is { } forwarder)
        {
            text.Counter("flowmeter_forwarded_packets_total", "Suspicious packets sent to another interface.", forwarder.Sent);
            text.Counter("flowmeter_forwarded_cut_packets_total", "Those of them that were captured without their ends.", forwarder.Cut);
            text.Counter("flowmeter_forward_dropped_packets_total", "Suspicious packets that were not sent, by reason.", "reason",
                [("queue", forwarder.QueueDrops), ("send", forwarder.SendDrops), ("length", forwarder.TooLong)]);
        }
    }

    private static void WriteProcess(MetricsText text)
    {
        text.Gauge(
            "flowmeter_build_info",
            "1; the labels say which program this is.",
            1,
            ("version", ProgramVersion.Number),
            ("libpcap", s_libpcap),
            ("vector_bits", (Scorer.Width * 64).ToString(CultureInfo.InvariantCulture)));
        text.Gauge("process_start_time_seconds", "When the process started, in seconds since 1970.", (s_started - DateTime.UnixEpoch).TotalSeconds);
        text.Gauge("process_resident_memory_bytes", "Memory that the process has in use.", Environment.WorkingSet);
        text.Counter("process_cpu_seconds_total", "Processor time used, all threads together.", Environment.CpuUsage.TotalTime.TotalSeconds);
    }

    private static IEnumerable<((string Name, string Value)[] Labels, double Number)> Handles(IReadOnlyList<HandleCounters> handles)
    {
        for (int i = 0; i < handles.Count; i++)
        {
            string name = $"{handles[i].Interface}/{i.ToString(CultureInfo.InvariantCulture)}";
            yield return ([("handle", name), ("place", "kernel")], handles[i].KernelDrops);
            yield return ([("handle", name), ("place", "interface")], handles[i].InterfaceDrops);
        }
    }
}

/// <summary>The flow tables of all workers together: flows in them, and how many there may be.</summary>
internal sealed record TableCounters(long Live, long Limit);

/// <summary>The way to the output: blocks that wait, and flows that got lost on it.</summary>
internal sealed record SinkCounters(long Waiting, long LostFlows);

/// <summary>One capture handle: its interface, and what got lost before it.</summary>
internal sealed record HandleCounters(string Interface, long KernelDrops, long InterfaceDrops);
