using System.Diagnostics;
using System.Globalization;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Packets;
using FlowMeter.Engine.Scoring;
using FlowMeter.Native;

namespace FlowMeter.Cli.Telemetry;

/// <summary>The counters of a run as Prometheus sees them: names by its conventions, base units, flows and packets counted apart.</summary>
internal static class MetricsPage
{
    // Asked again if the system does not say.
    private static readonly Lazy<DateTime> s_started =
        new(() => Process.GetCurrentProcess().StartTime.ToUniversalTime(), LazyThreadSafetyMode.PublicationOnly);

    private static readonly string s_libpcap = LibPcap.Version ?? "none";

    /// <summary>The page as of now.</summary>
    /// <param name="capture">The counters.</param>
    /// <param name="health">How the capture is.</param>
    /// <param name="maxFlows">Live flows at most.</param>
    public static byte[] Create(CaptureCounts capture, CaptureHealth health, long maxFlows)
    {
        MetricsText text = new();
        RunCounts run = new(capture.Totals);
        text.Counters(Counters.Run.Where(counter => counter.Unit != CounterUnit.Flows), run);
        text.Counters(Counters.Drops, [.. capture.Losses.Select((losses, handle) => (Handle(capture, handle), losses))]);
        text.Counters([Counters.LiveFlows.In<RunCounts>(counts => counts.Flows)], run);
        WriteTable(text, capture.Totals.LiveFlows, maxFlows);
        text.Counters(Counters.Run.Where(counter => counter.Unit == CounterUnit.Flows), run);
        if (capture.Totals.HasVerdicts)
        {
            text.Counters(Counters.Verdicts, capture.Totals);
            text.Counters([Counters.ByHost], capture.Totals);
            WriteDrift(text, capture.Totals.Drift);
        }

        text.Counters(Counters.Capture.Where(counter => counter.Unit == CounterUnit.Flows), capture);
        text.Gauge("flowmeter_sink_queue_blocks", "Blocks of ended flows that wait for the output.", capture.Totals.SinkWaiting);
        if (capture.Broker != null)
        {
            text.Counters(Counters.Broker, capture.Broker);
        }

        if (capture.Hosts != null)
        {
            text.Counters(Counters.Hosts, capture.Hosts);
        }

        if (capture.Routing != null)
        {
            WriteSplit(text, capture, capture.Routing);
        }

        WriteHealth(text, capture, health);
        WriteLatency(text, capture);
        WriteProcess(text);
        return text.ToBytes();
    }

    private static void WriteTable(MetricsText text, long live, long limit)
    {
        text.Gauge("flowmeter_flows_live_limit", "Live flows at most (--max-flows).", limit);
        text.Gauge(
            "flowmeter_table_occupancy_ratio", "Live flows by how many there may be, 0 to 1.", limit == 0 ? 0 : (double)live / limit);
    }

    private static void WriteDrift(MetricsText text, Drift? drift)
    {
        if (drift != null)
        {
            text.Gauge("flowmeter_drift_index", "Population stability index of all features against the training flows.", drift.Overall);
            text.Gauges(
                "flowmeter_drift_feature_index", "Population stability index of each feature against the training flows.", "feature",
                drift.Features);
        }
    }

    private static void WriteSplit(MetricsText text, CaptureCounts capture, FrameRouting routing)
    {
        text.Counters(Counters.Split, routing.Reduction);
        text.Counters([Counters.PacketsNotWritten], capture);
        if (routing.Forwarder is { } forwarder)
        {
            // Single numbers before families.
            text.Counters(Counters.Forward.OrderBy(counter => counter.Label != null), forwarder);
        }
    }

    private static void WriteHealth(MetricsText text, CaptureCounts capture, CaptureHealth health)
    {
        text.Gauges(
            "flowmeter_interface_up", "1 where the interface is up, 0 where it is waited for.", "interface",
            health.Interfaces.Select(state => (state.Name, state.IsUp ? 1.0 : 0)));
        text.Gauges(
            "flowmeter_output_failing", "1 where an output can not be written now, 0 where it can.", "output",
            health.Outputs.Select(output => (output.Name, output.IsFailing ? 1.0 : 0)));
        text.Gauges(
            "flowmeter_last_packet_timestamp_seconds", "When packets were taken last, in seconds since 1970; 0 before the first.", "handle",
            capture.Capture.LastPackets.Select((time, handle) => (Name(capture, handle, handle), time / 1e9)));
    }

    private static void WriteLatency(MetricsText text, CaptureCounts capture)
    {
        IReadOnlyList<WorkerProgress> workers = capture.Capture.Progress;
        text.Histogram(
            "flowmeter_batch_duration_seconds",
            "Time from a batch of packets being there to its being accounted for.",
            "worker",
            workers.Select((worker, number) => (Name(capture, number * capture.Losses.Count / workers.Count, number), worker.Latency)));
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
        text.Gauge(
            "process_start_time_seconds", "When the process started, in seconds since 1970.",
            (s_started.Value - DateTime.UnixEpoch).TotalSeconds);
        text.Gauge("process_resident_memory_bytes", "Memory that the process has in use.", Environment.WorkingSet);
        text.Counter(
            "process_cpu_seconds_total", "Processor time used, all threads together.", Environment.CpuUsage.TotalTime.TotalSeconds);
    }

    private static (string Name, string Value)[] Handle(CaptureCounts capture, int handle) => [("handle", Name(capture, handle, handle))];

    private static string Name(CaptureCounts capture, int handle, int number) =>
        $"{capture.Capture.Interfaces[handle]}/{number.ToString(CultureInfo.InvariantCulture)}";
}
