using System.Globalization;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Observe;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Packets;

namespace FlowMeter.Cli.Telemetry;

/// <summary>Tells others how a capture is: Prometheus, where <c>--metrics</c> asks for it, and systemd, where that started the process.</summary>
internal sealed class CaptureTelemetry : IDisposable
{
    // A batch takes milliseconds. A disk that hangs may stop a worker for a while without anything being wrong with the process.
    private static readonly TimeSpan s_longestBatch = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_statusPeriod = TimeSpan.FromSeconds(10);

    private readonly CaptureChoices _choices;
    private readonly MeteringTotals _totals;
    private readonly long _maximumFlows;
    private readonly LiveCapture _capture;
    private readonly ResilientOutput _output;
    private readonly FrameRouting? _routing;
    private readonly IReadOnlyList<WorkerProgress> _progress;
    private readonly ServiceNotifier _service;
    private readonly MetricsServer? _server;
    private Timer? _status;

    /// <summary>Begins to serve the metrics.</summary>
    /// <exception cref="MetricsException">Nothing can listen where it was asked for.</exception>
    public CaptureTelemetry(CaptureChoices choices, MeteringTotals totals, long maximumFlows, LiveCapture capture, ResilientOutput output, FrameRouting? routing)
    {
        _choices = choices;
        _totals = totals;
        _maximumFlows = maximumFlows;
        _capture = capture;
        _output = output;
        _routing = routing;
        _progress = capture.Progress;
        _service = new ServiceNotifier(IsAlive, Environment.GetEnvironmentVariable);
        _server = choices.Metrics == null ? null : new MetricsServer(choices.Metrics, Page, IsAlive);
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

    private string Doing => $"capturing {string.Join(", ", _choices.Interfaces)} with {_totals.Workers} workers";

    private string Status => string.Create(
        CultureInfo.InvariantCulture,
        $"{Doing}: {_totals.Frames.Frames:#,0} packets, {_capture.Losses.Sum(losses => losses.Kernel + losses.Interface):#,0} dropped; {_totals.LiveFlows:#,0} flows live, {_totals.SinkOverruns + _output.LostRows:#,0} not written");

    private bool IsAlive() => !_progress.Any(worker => worker.IsStuck(s_longestBatch));

    private byte[] Page() => MetricsPage.Of(
        _totals,
        new TableCounters(_totals.LiveFlows, _maximumFlows),
        new SinkCounters(_totals.SinkWaiting, _totals.SinkOverruns + _output.LostRows),
        [.. _capture.Losses.Select((losses, handle) => new HandleCounters(_capture.Interfaces[handle], losses.Kernel, losses.Interface))],
        _progress,
        _routing);
}
