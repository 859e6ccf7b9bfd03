using System.Globalization;
using System.Net;
using FlowMeter.Engine.Observe;

namespace FlowMeter.Cli.Telemetry;

/// <summary>Tells others how a capture is: Prometheus, where <c>--metrics</c> asks for it, and systemd, where that started the process.</summary>
internal sealed class CaptureTelemetry : IDisposable
{
    // A batch takes milliseconds. A disk that hangs may stop a worker for a while without anything being wrong with the process.
    private static readonly TimeSpan s_longestBatch = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_statusPeriod = TimeSpan.FromSeconds(10);

    private readonly TelemetrySources _sources;
    private readonly IReadOnlyList<WorkerProgress> _progress;
    private readonly ServiceNotifier _service;
    private readonly MetricsServer? _server;
    private Timer? _status;

    /// <summary>Begins to serve the metrics.</summary>
    /// <param name="sources">What is told.</param>
    /// <param name="metrics">Where to serve it for Prometheus; null if nowhere.</param>
    /// <exception cref="MetricsException">Nothing can listen there.</exception>
    public CaptureTelemetry(TelemetrySources sources, IPEndPoint? metrics)
    {
        _sources = sources;
        _progress = sources.Capture.Progress;
        _service = new ServiceNotifier(IsAlive, Environment.GetEnvironmentVariable);
        _server = metrics == null ? null : new MetricsServer(metrics, Page, IsAlive);
    }

    /// <summary>All is open, and packets come in.</summary>
    public void Ready()
    {
        _service.Ready(Doing);
        _status = _service.IsWatched ? new Timer(_ => _service.Status(Status), null, s_statusPeriod, s_statusPeriod) : null;
    }

    /// <summary>Told to stop.</summary>
    public void Stopping() => _service.Stopping();

    /// <inheritdoc/>
    public void Dispose()
    {
        _status?.Dispose();
        _server?.Dispose();
        _service.Dispose();
    }

    private string Doing => $"capturing {string.Join(", ", _sources.Capture.Interfaces.Distinct())} with {_sources.Totals.Workers} workers";

    private string Status => string.Create(
        CultureInfo.InvariantCulture,
        $"{Doing}: {_sources.Totals.Frames.Frames:#,0} packets, {_sources.Capture.Losses.Sum(losses => losses.Kernel + losses.Interface):#,0} dropped; {_sources.Totals.LiveFlows:#,0} flows live, {LostFlows:#,0} not written");

    private long LostFlows => _sources.Totals.SinkOverruns + _sources.Output.LostRows;

    private bool IsAlive() => !_progress.Any(worker => worker.IsStuck(s_longestBatch));

    private byte[] Page() => MetricsPage.Of(
        _sources.Totals,
        new TableCounters(_sources.Totals.LiveFlows, _sources.FlowLimit),
        new SinkCounters(_sources.Totals.SinkWaiting, LostFlows),
        [.. _sources.Capture.Losses.Select((losses, handle) => new HandleCounters(_sources.Capture.Interfaces[handle], losses.Kernel, losses.Interface))],
        _progress,
        _sources.Routing);
}
