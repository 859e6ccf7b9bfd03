using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using FlowMeter.Cli.Summary;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Observe;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Packets;

namespace FlowMeter.Cli.Capture;

/// <summary>What a live capture says of itself while it runs: a line of counters every so often and at SIGUSR1, and one warning for each kind of loss, when it begins.</summary>
internal sealed class CaptureStatistics : IDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    private readonly MeteringTotals _totals;
    private readonly LiveCapture _capture;
    private readonly ResilientOutput _output;
    private readonly FrameRouting? _routing;
    private readonly Action<string> _say;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly HashSet<string> _warned = [];
    private readonly Lock _lock = new();
    private readonly Timer _losses;
    private readonly Timer? _line;
    private readonly PosixSignalRegistration? _signal;
    private long _lastFrames;
    private TimeSpan _lastTime;
    private bool _isDone;

    /// <summary>Begins.</summary>
    /// <param name="totals">The counters.</param>
    /// <param name="capture">What is captured.</param>
    /// <param name="output">Where the table goes; it tells of its failures itself.</param>
    /// <param name="routing">Where its frames go; null for nowhere.</param>
    /// <param name="period">How often to print them; null for never.</param>
    /// <param name="say">Where lines go.</param>
    public CaptureStatistics(MeteringTotals totals, LiveCapture capture, ResilientOutput output, FrameRouting? routing, TimeSpan? period, Action<string> say)
    {
        _totals = totals;
        _capture = capture;
        _output = output;
        _routing = routing;
        _say = say;
        _losses = new Timer(_ => Guard(Warn), null, s_look, s_look);
        _line = period is { } time ? new Timer(_ => Guard(Print), null, time, time) : null;
        _signal = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create((PosixSignal)(OperatingSystem.IsLinux() ? 10 : 30), context =>
        {
            context.Cancel = true;
            Guard(Print);
        });
    }

    /// <summary>Ends, after a last look at the losses.</summary>
    public void Dispose()
    {
        _signal?.Dispose();
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
        CaptureSummary now = CaptureSummary.Of(_totals, _capture, _output, _routing);
        long frames = _totals.Frames.Frames;
        TimeSpan time = _clock.Elapsed;
        double rate = (frames - _lastFrames) / Math.Max((time - _lastTime).TotalSeconds, 1e-3);
        _lastFrames = frames;
        _lastTime = time;
        string lost = string.Join(' ', now.Workers.Select(worker => Text(worker.KernelDrops)));
        _say(string.Create(
            CultureInfo.InvariantCulture,
            $"{time.TotalSeconds:0} s, {frames:#,0} packets ({rate:#,0}/s), {_totals.LiveFlows:#,0} flows live, {_totals.Flows:#,0} ended; dropped by kernel {Text(now.KernelDrops)}{(now.Workers.Length > 1 ? $" (by worker: {lost})" : "")}, by interface {Text(now.InterfaceDrops)}; flows not written {Text(now.SinkOverruns + now.RowsLost)}, evicted {Text(now.Evicted)}{Split(now)}"));
    }

    private string Split(CaptureSummary now) => _routing?.Reduction is { } counted
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"; packets sent on {Text(counted.SuspiciousFrames)}, spared {Text(counted.BenignFrames)} ({counted.FramesSpared * 100:0.0} %), not written {Text(now.PacketsLost)}{(now.Forward is { } forward ? $"; forwarded {Text(forward.Sent)}, not sent {Text(forward.NotSent)}" : "")}")
        : "";

    private void Warn()
    {
        CaptureSummary now = CaptureSummary.Of(_totals, _capture, _output, _routing);
        WarnOnce("kernel", now.KernelDrops, count => $"the kernel dropped {count} packets: the workers were too slow; use more --workers, --pin, a larger --buffer or a --filter");
        WarnOnce("interface", now.InterfaceDrops, count => $"the interface dropped {count} packets before they could be captured; enlarge its ring (ethtool -G {_capture.Interfaces[0]} rx 4096)");
        WarnOnce("sink", now.SinkOverruns, count => $"{count} flows were not written: the output is too slow; write to a faster disk, or leave out small flows with --min-packets");
        if (now.Forward is { } forward)
        {
            WarnOnce("queue", forward.QueueDrops, count => $"{count} packets were not sent to {forward.Interface}: it is too slow; --write-suspicious keeps them");
            WarnOnce("long", forward.TooLong, count => $"{count} packets are longer than {forward.Interface} takes; raise its MTU, or turn off what puts packets together on the captured side (ethtool -K {_capture.Interfaces[0]} gro off lro off)");
        }

        WarnOnce("evicted", now.Evicted, count => $"{count} flows had to leave the full table; raise --max-flows, or lower --idle-timeout");
    }

    private void WarnOnce(string kind, long count, Func<string, string> message)
    {
        if (count > 0 && _warned.Add(kind))
        {
            _say($"warning: {message(Text(count))}.");
        }
    }

    private static string Text(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);
}
