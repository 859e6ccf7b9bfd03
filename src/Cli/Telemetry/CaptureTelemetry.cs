using System.Net.Sockets;

namespace FlowMeter.Cli.Telemetry;

/// <summary>
/// Tells others how a capture is: Prometheus, where <c>--metrics</c> asks for it, and systemd, where that started the process.
/// </summary>
internal sealed class CaptureTelemetry : IDisposable
{
    private static readonly TimeSpan s_statusPeriod = TimeSpan.FromSeconds(10);

    private readonly CaptureCounts _counts;
    private readonly CaptureHealth _health;
    private readonly long _maxFlows;
    private readonly ServiceNotifier _service;
    private readonly MetricsServer? _server;
    private Timer? _status;

    /// <summary>Begins to serve the metrics.</summary>
    /// <param name="counts">What is told.</param>
    /// <param name="health">How the capture is.</param>
    /// <param name="maxFlows">Live flows at most.</param>
    /// <param name="metrics">What listens for Prometheus; null: nothing.</param>
    public CaptureTelemetry(CaptureCounts counts, CaptureHealth health, long maxFlows, Socket? metrics)
    {
        _counts = counts;
        _health = health;
        _maxFlows = maxFlows;
        _service = new ServiceNotifier(() => health.IsAlive, Environment.GetEnvironmentVariable);
        _server = metrics == null ? null : new MetricsServer(metrics, Page, () => health.IsAlive, () => health.Problems);
    }

    /// <summary>All is open, and packets come in.</summary>
    public void Ready()
    {
        _service.Ready(Doing);
        _status = _service.IsWatched ? new Timer(_ => _service.Status(Status), null, s_statusPeriod, s_statusPeriod) : null;
    }

    /// <summary>The capture is being stopped.</summary>
    public void Stopping() => _service.Stopping();

    /// <inheritdoc/>
    public void Dispose()
    {
        _status?.Dispose();
        _server?.Dispose();
        _service.Dispose();
    }

    /// <summary>What the capture does.</summary>
    public string Doing => $"capturing {string.Join(", ", _counts.Capture.Interfaces.Distinct())} with {_counts.Totals.Workers} workers";

    private string Status
    {
        get
        {
            string packets = CounterText.Statistic(Counters.Frames, _counts.Totals.Frames)!;
            string dropped = CounterText.Number(Counters.Drops.Sum(drops => _counts.Losses.Sum(drops.Read)));
            string live = CounterText.Statistic(Counters.LiveFlows.In<CaptureCounts>(counts => counts.Flows), _counts)!;
            return $"{Doing}: {packets}, {dropped} dropped; {live}, {CounterText.Number(Counters.FlowsNotWritten.Read(_counts))} not "
                + "written";
        }
    }

    private byte[] Page() => MetricsPage.Create(_counts, _health, _maxFlows);
}
