using FlowMeter.Native;

namespace FlowMeter.Engine.Capture;

/// <summary>
/// Live interfaces, opened and ready to be metered. With one handle for each worker the kernel shares an interface's frames between them
/// (PACKET_FANOUT); a handle that is alone on its interface may still have several workers, who read copies.
/// </summary>
public sealed class LiveCapture : IDisposable
{
    private readonly LiveInterface[] _interfaces;
    private readonly LiveSource[] _sources;
    private readonly CancellationTokenSource _stop;

    /// <summary>Opens all interfaces. From then on their frames wait in the rings.</summary>
    /// <param name="settings">What to capture.</param>
    /// <param name="clock">The wall clock, which packets are stamped by, too.</param>
    /// <param name="say">Receives a line each time an interface goes down or comes back, or libpcap warns.</param>
    /// <param name="stop">Ends the capture; what is in the rings by then is still metered.</param>
    /// <exception cref="PcapException">An interface can not be captured, or the filter is none.</exception>
    public LiveCapture(CaptureSettings settings, TimeProvider clock, Action<string> say, CancellationToken stop)
        : this(settings, new PcapSystem(), clock, say, stop)
    {
    }

    /// <summary>The same on a given system.</summary>
    internal LiveCapture(CaptureSettings settings, ILiveSystem system, TimeProvider clock, Action<string> say, CancellationToken stop)
    {
        FrameBudget? budget = settings.MaxFrames is { } most ? new FrameBudget(most) : null;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _interfaces =
            [.. settings.Interfaces.Select(name => new LiveInterface(name, settings, system, budget, clock, say, _stop.Token))];
        _sources = [.. _interfaces.SelectMany(device => device.Sources)];
        Losses = [.. _sources.Select(source => source.Losses)];
        try
        {
            foreach (LiveInterface device in _interfaces)
            {
                device.Open();
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What each handle lost: those of the first interface, then those of the next.</summary>
    public IReadOnlyList<LossCounts> Losses { get; }

    /// <summary>The progress of each worker: those of the first handle, then those of the next.</summary>
    public IReadOnlyList<WorkerProgress> Progress => [.. _sources.SelectMany(source => source.Progress)];

    /// <summary>The interface of each handle.</summary>
    public IReadOnlyList<string> Interfaces => [.. _sources.Select(source => source.Interface)];

    /// <summary>Each interface, and whether it was up when it was looked at last, which is about every half second.</summary>
    public IReadOnlyList<(string Name, bool IsUp)> States => [.. _interfaces.Select(device => (device.Name, device.WasUp))];

    /// <summary>When each handle took packets last, by the wall clock, ns since the epoch; 0 before the first.</summary>
    public IReadOnlyList<long> LastPackets => [.. _sources.Select(source => source.LastPackets)];

    /// <summary>The link type of each handle's frames; null where the interface is not open.</summary>
    public IReadOnlyList<LinkType?> LinkTypes => [.. _sources.Select(source => source.IsOpen ? source.LinkType : (LinkType?)null)];

    /// <summary>One for each handle.</summary>
    internal IReadOnlyList<LiveSource> Sources => _sources;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (LiveSource source in _sources)
        {
            source.Dispose();
        }

        _stop.Dispose();
    }

    /// <summary>Ends the capture on all interfaces.</summary>
    internal void Stop() => _stop.Cancel();
}
