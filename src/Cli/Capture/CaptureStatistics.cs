using System.Diagnostics;
using System.Globalization;
using FlowMeter.Cli.Shell;
using FlowMeter.Cli.Summary;
using FlowMeter.Cli.Telemetry;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Packets;

namespace FlowMeter.Cli.Capture;

/// <summary>
/// What a live capture says of itself while it runs: a line of counters every so often and at SIGUSR1, and one warning for each kind of
/// loss, when it begins.
/// </summary>
internal sealed class CaptureStatistics : IDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    private readonly CaptureCounts _counts;
    private readonly Action<string> _say;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly HashSet<string> _warned = [];
    private readonly Lock _lock = new();
    private readonly Timer _losses;
    private readonly Timer? _line;
    private long _lastFrames;
    private TimeSpan _lastTime;
    private bool _isDone;

    /// <summary>Begins.</summary>
    /// <param name="counts">The counters. The output tells of its failures itself.</param>
    /// <param name="period">How often to print them; null for never.</param>
    /// <param name="say">Where lines go.</param>
    public CaptureStatistics(CaptureCounts counts, TimeSpan? period, Action<string> say)
    {
        _counts = counts;
        _say = say;
        _losses = new Timer(_ => Guard(Warn), null, s_look, s_look);
        _line = period is { } time ? new Timer(_ => Guard(Print), null, time, time) : null;
        Signals.Report = () => Guard(Print);
    }

    /// <summary>Ends, after a last look at the losses.</summary>
    public void Dispose()
    {
        Signals.Report = null;
        _line?.Dispose();
        _losses.Dispose();
        Guard(Warn);
        lock (_lock)
        {
            _isDone = true;
        }
    }

    private void Guard(Action action)
    {
        lock (_lock)
        {
            if (!_isDone)
            {
                action();
            }
        }
    }

    private void Print()
    {
        FrameCounts frames = _counts.Totals.Frames;
        TimeSpan time = _clock.Elapsed;
        double rate = (frames.Frames - _lastFrames) / Math.Max((time - _lastTime).TotalSeconds, 1e-3);
        _lastFrames = frames.Frames;
        _lastTime = time;
        IEnumerable<Counter<CaptureCounts>> flows = new[] { Counters.LiveFlows, Counters.Flows }.Select(
            counter => counter.In<CaptureCounts>(counts => counts.Flows));
        IEnumerable<Counter<CaptureCounts>> losses = Counters.Capture.Where(counter => counter.Unit == CounterUnit.Flows);
        _say(string.Create(
            CultureInfo.InvariantCulture,
            $"{time.TotalSeconds:0} s, {CounterText.Statistic(Counters.Frames, frames)} ({rate:#,0}/s), "
                + $"{CounterText.Statistics(flows, _counts)}; {Drops()}; {CounterText.Statistics(losses, _counts)}{Published()}{Split()}"));
    }

    /// <summary>What the handles lost; what the kernel dropped for each worker, too.</summary>
    private string Drops()
    {
        WorkerCounts[] workers = [.. _counts.Workers];
        return string.Join(", ", Counters.Drops.Select(counter =>
        {
            string all = CounterText.Statistic(counter.In<CaptureCounts>(counts => counts.Losses), _counts)!;
            IEnumerable<string> each = workers.Select(worker => CounterText.Number(worker.Losses.Sum(counter.Read)));
            return counter == Counters.Drops[0] && workers.Length > 1 ? $"{all} (by worker: {string.Join(' ', each)})" : all;
        }));
    }

    private string Published() => _counts.Broker == null ? "" : $"; {CounterText.Statistics(Counters.Broker, _counts.Broker)}";

    private string Split()
    {
        if (_counts.Routing is not { } routing)
        {
            return "";
        }

        DataReduction counted = routing.Reduction;
        string forwarded = routing.Forwarder is { } forwarder ? $"; {CounterText.Statistics(Counters.Forward, forwarder)}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"; {CounterText.Statistics(Counters.Split, counted)} ({counted.FramesBypassed * 100:0.0} %), "
                + $"{CounterText.Statistic(Counters.PacketsNotWritten, _counts)}{forwarded}");
    }

    private void Warn()
    {
        LiveCapture capture = _counts.Capture;
        WarnOnce("kernel", capture.Losses.Sum(losses => losses.Kernel), count =>
            $"the kernel dropped {count} packets: the workers were too slow; use more --workers, --pin, a larger --buffer or a --filter");
        WarnOnce("interface", capture.Losses.Sum(losses => losses.Interface), count => $"the interface dropped {count} packets before they "
            + $"could be captured; enlarge its ring (ethtool -G {capture.Interfaces[0]} rx 4096)");
        WarnOnce("sink", _counts.Totals.SinkOverruns, count =>
            $"{count} flows were not written: the output is too slow; write to a faster disk, or leave out small flows with --min-packets");
        if (_counts.Routing?.Forwarder is { } forwarder)
        {
            WarnOnce(
                "queue", forwarder.QueueDrops,
                count => $"{count} packets were not sent to {forwarder.Name}: it is too slow; --write-suspicious keeps them");
            WarnOnce("long", forwarder.TooLong, count => $"{count} packets are longer than {forwarder.Name} takes; raise its MTU, or turn "
                + $"off what puts packets together on the captured side (ethtool -K {capture.Interfaces[0]} gro off lro off)");
        }

        if (RunSummary.DriftWarning(_counts.Totals.Drift) is { } drift && _warned.Add("drift"))
        {
            _say($"warning: {drift}");
        }

        WarnOnce(
            "clock", _counts.Totals.ClockJumps,
            count => "the clock that stamps packets was set, or gave wrong times; flows go on, with the times that packets have");
        WarnOnce(
            "evicted", _counts.Flows.Sum(Counters.Evicted.Read),
            count => $"{count} flows had to leave the full table; raise --max-flows, or lower --idle-timeout");
    }

    private void WarnOnce(string kind, long count, Func<string, string> message)
    {
        if (count > 0 && _warned.Add(kind))
        {
            _say($"warning: {message(CounterText.Number(count))}.");
        }
    }
}
